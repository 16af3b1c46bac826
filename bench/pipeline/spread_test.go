package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestSpread(t *testing.T) {
	values := []float64{5, 1, 4, 2, 3, 9, 7, 6, 8}
	of := func(i int) float64 { return values[i] }
	require.Equal(t, spread{3, 5, 7}, spreadOf(nil, len(values), of))
	require.Equal(t, spread{1, 2, 4}, spreadOf([]int{1, 2, 3}, 0, of))
	require.Equal(t, "4.00 (4.00 to 4.00)", spreadOf([]int{2}, 0, of).String())
}

// TestQuietRounds: what all variants cost decides, not the first one.
func TestQuietRounds(t *testing.T) {
	costs := func(list ...float64) *child {
		c := &child{}
		for _, v := range list {
			c.costs = append(c.costs, cost{cpu: v})
		}
		return c
	}
	require.Equal(t, []int{3, 1}, quietRounds([]*child{costs(1, 3, 5, 2), costs(9, 4, 5, 3)}))
}
