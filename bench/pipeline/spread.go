package main

import (
	"cmp"
	"fmt"
	"slices"
)

// spread tells what values are and how far they lie apart.
type spread struct{ low, median, high float64 } // quartiles

// spreadOf evaluates rounds: those that are listed, or the first n.
func spreadOf(rounds []int, n int, of func(round int) float64) spread {
	var values []float64
	for _, i := range rounds {
		values = append(values, of(i))
	}
	for i := range n {
		values = append(values, of(i))
	}
	slices.Sort(values)
	at := func(quarter int) float64 { return values[min(quarter*len(values)/4, len(values)-1)] }
	return spread{at(1), at(2), at(3)}
}

func (s spread) String() string { return fmt.Sprintf("%.2f (%.2f to %.2f)", s.median, s.low, s.high) }

// quietRounds returns the half of the rounds in which all variants together cost least. All decide: rounds chosen by one variant's
// cost would be those in which that one was lucky.
func quietRounds(children []*child) []int {
	rounds := make([]int, len(children[0].costs))
	total := make([]float64, len(rounds))
	for i := range rounds {
		rounds[i] = i
		for _, c := range children {
			total[i] += c.costs[i].cpu
		}
	}
	slices.SortFunc(rounds, func(a, b int) int { return cmp.Compare(total[a], total[b]) })
	return rounds[:(len(rounds)+1)/2]
}

// add adds a share of another cost.
func (c *cost) add(o cost, share float64) {
	c.cpu += o.cpu * share
	c.wall += o.wall * share
	c.gc += o.gc * share
	c.objects += o.objects * share
	c.bytes += o.bytes * share
	c.cpuPerByte += o.cpuPerByte * share
}
