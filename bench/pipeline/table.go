package main

import (
	"fmt"
	"path/filepath"
	"slices"
	"strings"
)

// slowShare is the part of the batches that a slow variant gets.
const slowShare = 8

// table measures all variants, with the cheapest exporter and with the usual one, and prints markdown.
func table(only string, rounds, batches int, profiles string) error {
	list, exporters := variants(), []settings{plain, usual}
	if only != "" {
		names := strings.Split("nothing,"+only, ",")
		list = slices.DeleteFunc(list, func(v variant) bool { return !slices.Contains(names, v.name) })
		exporters = exporters[:1]
	}
	for _, s := range exporters {
		children, err := startAll(list, s)
		if err != nil {
			return err
		}
		err = takeTurns(children, rounds, batches, profiles)
		for _, c := range children {
			c.stop()
		}
		if err != nil {
			return err
		}
		printTable(children, s)
	}
	return nil
}

func startAll(list []variant, s settings) ([]*child, error) {
	var children []*child
	for _, v := range list {
		c, err := start(v, s)
		if err != nil {
			return children, err
		}
		children = append(children, c)
	}
	return children, nil
}

// takeTurns sends the batches of each round through every collector. The first round warms up.
func takeTurns(children []*child, rounds, batches int, profiles string) error {
	for round := range rounds + 1 {
		sent := newLoad(uint64(round + 1)).batches(batches)
		for _, c := range children {
			part := sent
			if c.slow {
				part = sent[:max(2, batches/slowShare)]
			}
			got, err := c.measure(part, 0)
			if err != nil {
				return err
			}
			if round > 0 {
				c.costs = append(c.costs, got)
			} else if profiles != "" {
				file := filepath.Join(profiles, strings.ReplaceAll(c.name, " ", "_")+".pprof")
				if _, err := c.ask("profile " + file); err != nil {
					return err
				}
			}
		}
	}
	return nil
}

func median(costs []cost, of func(cost) float64) float64 {
	values := make([]float64, len(costs))
	for i := range costs {
		values[i] = of(costs[i])
	}
	slices.Sort(values)
	return values[len(values)/2]
}

func cpu(c cost) float64 { return c.cpu }

// median of what a variant costs beyond the pass-through of the same round.
func added(c, nothing *child) float64 {
	values := make([]cost, len(c.costs))
	for i := range values {
		values[i].cpu = c.costs[i].cpu - nothing.costs[i].cpu
	}
	return median(values, cpu)
}

// least is what a variant costs in its best round: on a busy machine nearer to the truth than the median.
func least(c *child) float64 {
	best := c.costs[0].cpu
	for i := range c.costs {
		best = min(best, c.costs[i].cpu)
	}
	return best
}

func printTable(children []*child, s settings) {
	nothing := children[0]
	base := median(nothing.costs, cpu)
	fmt.Printf("\n%s:\n\n| pipeline | CPU ns/record | least | added | added / pass-through | of the least | GC share of CPU | allocations/record | bytes/record |\n|---|---:|---:|---:|---:|---:|---:|---:|---:|\n", s.name)
	for _, c := range children {
		more := added(c, nothing)
		fmt.Printf("| %s | %.0f | %.0f | %.0f | %.2f | %.2f | %.0f %% | %.1f | %.0f |\n", c.name, median(c.costs, cpu), least(c), more, more/base, (least(c)-least(nothing))/least(nothing),
			100*median(c.costs, func(c cost) float64 { return c.gc / c.cpu }),
			median(c.costs, func(c cost) float64 { return c.objects }), median(c.costs, func(c cost) float64 { return c.bytes }))
	}
	if len(children) < 3 || !children[len(children)-1].slow {
		return
	}
	three, up := children[len(children)-2], children[len(children)-1]
	fmt.Printf("\n%s costs %.1f times what %s cost (of the least: %.1f).\n", up.name, added(up, nothing)/added(three, nothing), three.name,
		(least(up)-least(nothing))/(least(three)-least(nothing)))
}
