package main

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
)

// growth is a series of loads, each larger in one respect than the one before.
type growth struct {
	file   string
	title  string
	axis   string
	points []int
	shape  func(l *load, n int) // makes a load of the point's size
	before func(n int) int      // errors that are sent before anything is measured
	logs   bool                 // logs alone
}

const maxPayload = 4 << 20 // bytes of a batch, about

var growths = []growth{
	{
		file: "growth-services.svg", title: "CPU per byte, by services", axis: "services", points: []int{10, 100, 1000, 10_000},
		shape:  func(l *load, n int) { l.services, l.share, l.bugs = n, 64, 10_000/n },
		before: func(int) int { return 100_000 },
	},
	{
		file: "growth-issues.svg", title: "CPU per byte of errors with 30 frames, by distinct issues", axis: "issues",
		points: []int{1, 10, 100, 1000, 10_000, 100_000, 1_000_000},
		shape:  func(l *load, n int) { l.services, l.bugs, l.errors = 1, n, 1 },
		before: func(n int) int { return n },
		logs:   true,
	},
	{
		file: "growth-size.svg", title: "CPU per byte, by size of a log's body", axis: "bytes", points: []int{100, 1000, 10_000, 100_000},
		shape: func(l *load, n int) { l.size, l.records = n, min(batchRecords, max(16, maxPayload/n)) },
		logs:  true,
	},
}

// grow measures every growth and writes one plot each.
func grow(which string, rounds int, dir string) error {
	for _, g := range growths {
		if which != "all" && g.file != "growth-"+which+".svg" {
			continue
		}
		plot := plot{title: g.title, x: g.axis, y: "ns / byte", lines: []line{{name: "otlp -> otlp with nothing"}, {name: "with all three processors"}}}
		fmt.Printf("\n| %s | bytes/record | nothing, ns/byte | all three, ns/byte | added, ns/byte | heap after, MiB |\n|---:|---:|---:|---:|---:|---:|\n", g.axis)
		for _, n := range g.points {
			p, err := g.measure(n, rounds)
			if err != nil {
				return err
			}
			fmt.Printf("| %d | %.0f | %.2f | %.2f | %.2f | %.0f |\n", n, p.size, p.nothing, p.all, p.all-p.nothing, p.heap)
			for i, y := range []float64{p.nothing, p.all} {
				plot.lines[i].points = append(plot.lines[i].points, point{float64(n), y})
			}
		}
		if err := os.WriteFile(filepath.Join(dir, g.file), []byte(plot.svg()), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// outcome of a point: medians, in nanoseconds by byte of OTLP.
type outcome struct{ nothing, all, size, heap float64 }

func (g *growth) measure(n, rounds int) (outcome, error) {
	many := all()
	many.cap = 1_000_000_000
	children, err := startAll([]variant{{name: "nothing"}, many}, plain)
	if err != nil {
		return outcome{}, err
	}
	defer func() {
		for _, c := range children {
			c.stop()
		}
	}()
	l := newLoad(uint64(n))
	g.shape(l, n)
	if g.before != nil {
		share := l.errors
		l.errors = 1
		for left := g.before(n); left > 0; left -= 32 * l.records {
			if err := children[1].send(g.batches(l, min(32, 1+left/l.records))); err != nil {
				return outcome{}, err
			}
		}
		l.errors = share
	}
	size := 0.0
	for round := range rounds + 1 {
		sent := g.batches(l, max(8, min(64, 32<<20/(l.records*max(l.size, 500)))))
		bytes, records := 0, 0
		for _, b := range sent {
			bytes += len(b.payload)
			records += b.records
		}
		size = float64(bytes) / float64(records)
		for _, c := range children {
			got, err := c.measure(sent)
			if err != nil {
				return outcome{}, err
			}
			if round > 0 {
				c.costs = append(c.costs, got)
			}
		}
	}
	u, err := children[1].ask("heap")
	perByte := func(c cost) float64 { return c.cpuPerByte }
	return outcome{median(children[0].costs, perByte), median(children[1].costs, perByte), size, float64(u.Heap) / (1 << 20)}, err
}

func (g *growth) batches(l *load, n int) []batch {
	if !g.logs {
		return l.batches(n)
	}
	out := make([]batch, n)
	for i := range out {
		out[i] = l.logs()
	}
	return out
}

// readable writes a number of an axis.
func readable(n float64) string {
	for _, unit := range []struct {
		size float64
		name string
	}{{1e6, "M"}, {1e3, "k"}} {
		if n >= unit.size {
			return strings.TrimSuffix(fmt.Sprintf("%.1f", n/unit.size), ".0") + unit.name
		}
	}
	return fmt.Sprint(n)
}
