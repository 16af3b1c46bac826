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

// A round is long enough for several garbage collections of each collector, and goes in steps: what happens on the machine falls on
// all alike.
const (
	stepBatches = 2 * slowShare // of a step; a slow variant gets one of logs and one of traces
	warmRounds  = 2             // until what is remembered is full
)

// takeTurns sends the batches of each round through every collector, step by step. Each step begins with another collector.
func takeTurns(children []*child, rounds, batches int, profiles string) error {
	steps := max(1, batches/stepBatches)
	for round := range warmRounds + rounds {
		costs := make([]cost, len(children))
		for step := range steps {
			sent := newLoad(uint64(round*steps + step + 1)).batches(stepBatches)
			for i := range children {
				i = (i + step) % len(children)
				part := sent
				if children[i].slow {
					part = sent[:stepBatches/slowShare]
				}
				got, err := children[i].measure(part, 0)
				if err != nil {
					return err
				}
				costs[i].add(got, 1/float64(steps))
			}
		}
		for i, c := range children {
			if round >= warmRounds {
				c.costs = append(c.costs, costs[i])
			}
			if round == warmRounds-1 && profiles != "" {
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

// added is the median of what a variant costs beyond the pass-through of the same round.
func added(c, nothing *child) float64 {
	return spreadOf(nil, len(c.costs), func(i int) float64 { return c.costs[i].cpu - nothing.costs[i].cpu }).median
}

func printTable(children []*child, s settings) {
	nothing := children[0]
	quiet := quietRounds(children)
	fmt.Printf("\n%s:\n\n| pipeline | CPU ns/record | added | added / pass-through (quartiles) | quiet half | GC share of CPU | allocations/record | bytes/record |\n|---|---:|---:|---:|---:|---:|---:|---:|\n", s.name)
	for _, c := range children {
		ratio := func(i int) float64 { return c.costs[i].cpu/nothing.costs[i].cpu - 1 }
		more := []string{"", "", ""}
		if c != nothing {
			more = []string{
				fmt.Sprintf("%.0f", added(c, nothing)), spreadOf(nil, len(c.costs), ratio).String(), fmt.Sprintf("%.2f", spreadOf(quiet, 0, ratio).median),
			}
		}
		fmt.Printf("| %s | %.0f | %s | %.0f %% | %.1f | %.0f |\n", c.name, median(c.costs, cpu), strings.Join(more, " | "),
			100*median(c.costs, func(c cost) float64 { return c.gc / c.cpu }),
			median(c.costs, func(c cost) float64 { return c.objects }), median(c.costs, func(c cost) float64 { return c.bytes }))
	}
	if len(children) < 3 || !children[len(children)-1].slow {
		return
	}
	three, up := children[len(children)-2], children[len(children)-1]
	times := func(i int) float64 {
		base := nothing.costs[i].cpu
		return (up.costs[i].cpu - base) / (three.costs[i].cpu - base)
	}
	fmt.Printf("\n%s costs %s times what %s cost; in the quiet half %.1f.\n", up.name, spreadOf(nil, len(up.costs), times), three.name, spreadOf(quiet, 0, times).median)
}
