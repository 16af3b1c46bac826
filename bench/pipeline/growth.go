package main

import (
	"cmp"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// growth is a series of loads, each larger in one respect than the one before.
type growth struct {
	file   string
	title  string
	axis   string
	points []int
	kinds  []kind
	before func(n int) int // errors that are sent before anything is measured
	logs   bool            // logs alone
}

// kind is a line of the plot: what is sent to collectors of all sizes.
type kind struct {
	name  string
	shape func(l *load, n int) // makes a load of the point's size
}

const (
	maxPayload = 4 << 20  // bytes of a batch, about
	maxRound   = 24 << 20 // bytes that a collector gets in a round, about
)

// settle is how long a collector is left alone after each round: what it writes a moment later is part of the cost.
const settle = time.Second

var growths = []growth{
	{
		file: "growth-services.svg", title: "CPU per byte, by services", axis: "services", points: []int{10, 100, 1000, 10_000},
		kinds: []kind{{"all three processors", func(l *load, n int) { l.services, l.share, l.bugs = n, 64, 10_000/n }}},
		// Each service has told of all its bugs before.
		before: func(int) int { return 100_000 },
	},
	{
		file: "growth-issues.svg", title: "CPU per byte of errors with 30 frames, by issues that are known", axis: "issues",
		points: []int{1, 10, 100, 1000, 10_000, 100_000, 1_000_000},
		kinds: []kind{
			{"all three, an error of any known issue", func(l *load, n int) {
				l.services, l.errors, l.bugs = 1, 1, n
				l.pick = func(r *rand.Rand) int { return r.IntN(n) }
			}},
			{"all three, each error a new issue", func(l *load, n int) {
				l.services, l.errors, l.bugs = 1, 1, n
				next := n
				l.pick = func(*rand.Rand) int { next++; return next }
			}},
		},
		before: func(n int) int { return n },
		logs:   true,
	},
	{
		file: "growth-size.svg", title: "CPU per byte, by size of a log's body", axis: "bytes", points: []int{100, 1000, 10_000, 100_000},
		kinds: []kind{{"all three processors", func(l *load, n int) { l.size, l.records = n, min(batchRecords, max(16, maxPayload/n)) }}},
		logs:  true,
	},
}

// sized is what is measured at one point of the axis.
type sized struct {
	n       int
	child   *child
	loads   []*load  // by kind
	costs   [][]cost // by kind
	nothing [][]cost // of the same batches without processors, by kind
	size    []float64
	heap    uint64 // bytes, at the end
}

// grow measures every growth, up to points of the size most, and writes one plot each.
func grow(which string, rounds, most int, dir, profiles string) error {
	for i := range growths {
		g := &growths[i]
		if which != "all" && g.file != "growth-"+which+".svg" {
			continue
		}
		g.points = slices.DeleteFunc(g.points, func(n int) bool { return n > most })
		list, err := g.measure(rounds, profiles)
		if err != nil {
			return err
		}
		g.print(list)
		if err := os.WriteFile(filepath.Join(dir, g.file), []byte(g.plot(list).svg()), 0o644); err != nil {
			return err
		}
	}
	return nil
}

// measure has a collector of each size and one without processors take turns: whatever else the machine does meets all of
// them alike.
func (g *growth) measure(rounds int, profiles string) (list []*sized, err error) {
	nothing, err := start(variant{name: "nothing"}, plain)
	if err != nil {
		return nil, err
	}
	defer nothing.stop()
	for _, n := range g.points {
		p, err := g.prepare(n)
		if err != nil {
			return nil, err
		}
		defer p.child.stop()
		list = append(list, p)
	}
	for round := range rounds + 1 {
		for _, p := range list {
			if round == 1 && profiles != "" {
				if _, err := p.child.ask(fmt.Sprintf("profile %s/%s-%d.pprof", profiles, g.axis, p.n)); err != nil {
					return nil, err
				}
			}
			for k, l := range p.loads {
				sent := g.batches(l, 1)
				sent = append(sent, g.batches(l, max(7, min(63, maxRound/len(sent[0].payload))))...)
				base, err := nothing.measure(sent, settle)
				if err != nil {
					return nil, err
				}
				got, err := p.child.measure(sent, settle)
				if err != nil {
					return nil, err
				}
				if round > 0 { // the first one warms up
					p.nothing[k], p.costs[k] = append(p.nothing[k], base), append(p.costs[k], got)
					p.size[k] = sizeOf(sent)
				}
			}
		}
	}
	for _, p := range list {
		end, err := p.child.ask("heap")
		if err != nil {
			return nil, err
		}
		p.heap = end.Heap
	}
	return list, nil
}

// prepare starts the collector of a point and makes it know what it is to know.
func (g *growth) prepare(n int) (*sized, error) {
	many := all()
	many.cap = 1_000_000_000
	many.registry = "{max_issues: 10000000}"
	c, err := start(many, plain)
	if err != nil {
		return nil, err
	}
	p := &sized{
		n: n, child: c, costs: make([][]cost, len(g.kinds)), nothing: make([][]cost, len(g.kinds)), size: make([]float64, len(g.kinds)),
	}
	for i, k := range g.kinds {
		l := newLoad(uint64(n + i))
		k.shape(l, n)
		p.loads = append(p.loads, l)
	}
	if g.before == nil {
		return p, nil
	}
	l := newLoad(uint64(n + len(g.kinds)))
	g.kinds[0].shape(l, n)
	l.errors, l.pick = 1, nil // each bug in turn
	for left := g.before(n); left > 0; left -= 32 * l.records {
		if err := c.send(g.batches(l, min(32, 1+left/l.records))); err != nil {
			c.stop()
			return nil, err
		}
	}
	return p, nil
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

// sizeOf returns the bytes of a record.
func sizeOf(list []batch) float64 {
	size, records := 0, 0
	for _, b := range list {
		size += len(b.payload)
		records += b.records
	}
	return float64(size) / float64(records)
}

func perByte(c cost) float64 { return c.cpuPerByte }

// added is what the processors add to the pass-through of the same round.
func (p *sized) added(k int) float64 {
	costs := slices.Clone(p.costs[k])
	for i := range costs {
		costs[i].cpuPerByte -= p.nothing[k][i].cpuPerByte
	}
	return median(costs, perByte)
}

func (g *growth) print(list []*sized) {
	fmt.Printf("\n| %s | sent | bytes/record | nothing, ns/byte | with processors | added | of the least | heap after, MiB |\n|---:|---|---:|---:|---:|---:|---:|---:|\n", g.axis)
	smallest := func(a, b cost) int { return cmp.Compare(a.cpuPerByte, b.cpuPerByte) }
	for _, p := range list {
		for k := range g.kinds {
			least := slices.MinFunc(p.costs[k], smallest).cpuPerByte - slices.MinFunc(p.nothing[k], smallest).cpuPerByte
			fmt.Printf("| %d | %s | %.0f | %.2f | %.2f | %.2f | %.2f | %d |\n", p.n, g.kinds[k].name, p.size[k],
				median(p.nothing[k], perByte), median(p.costs[k], perByte), p.added(k), least, p.heap>>20)
		}
	}
}

func (g *growth) plot(list []*sized) *plot {
	out := &plot{title: g.title, x: g.axis, y: "ns / byte", lines: []line{{name: "otlp -> otlp with nothing"}}}
	for _, p := range list {
		out.lines[0].points = append(out.lines[0].points, point{float64(p.n), median(p.nothing[0], perByte)})
	}
	for k := range g.kinds {
		l := line{name: g.kinds[k].name}
		for _, p := range list {
			l.points = append(l.points, point{float64(p.n), median(p.costs[k], perByte)})
		}
		out.lines = append(out.lines, l)
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
