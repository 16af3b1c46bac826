package web

import (
	"fmt"
	"math"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/internal/issue"
)

func TestServicesPage(t *testing.T) {
	_, h := shop(0)
	doc, body := page(t, h, "/services")
	all := text(doc)
	for _, part := range []string{
		"12 in the last 24 hours", "legacy-shop 702k logs · 31k spans", "74%", "25% from legacy-shop", "credit card 2,913", "97%",
	} {
		assert.Contains(t, all, part)
	}
	assert.Contains(t, body, "legacy-shop calls billing: 31,000 calls, 97% lost the trace context (30,100)")
	assert.Contains(t, body, `aria-label="came with one 4.4%, recovered 70%, generated 5.7%, missing 19%, invalid 1.7%"`)
}

func TestCoverage(t *testing.T) {
	f := func(ids map[string]uint64, percent, grade string) {
		t.Helper()
		c := newCoverage(issue.ServiceStats{TraceIDs: ids})
		assert.Equal(t, percent, c.Percent)
		assert.Equal(t, grade, c.Grade)
		var w float64
		for _, p := range c.Parts {
			assert.InDelta(t, w, p.X, 1e-9, "the parts stand side by side")
			w += p.W
		}
		if c.Known {
			assert.InDelta(t, 100, w, 1e-9)
		}
	}
	f(nil, "", "")
	f(map[string]uint64{"missing": 0}, "", "")
	f(map[string]uint64{"present": 10}, "100%", "good")
	f(map[string]uint64{"present": 90, "missing": 10}, "90%", "fair")
	f(map[string]uint64{"recovered": 50, "generated": 40, "invalid": 10}, "50%", "poor")
	f(map[string]uint64{"missing": 5}, "0%", "poor")
}

func TestMapLeadsFromCallersToCallees(t *testing.T) {
	m := newServiceMap([]edge{
		{From: "web", To: "gateway", Calls: 9},
		{From: "gateway", To: "pay", Calls: 8, Lost: 4},
		{From: "gateway", To: "stock", Calls: 7},
		{From: "pay", To: "stock", Calls: 6},
		{From: "web", To: "stock", Calls: 2},
		{From: "stock", To: "gateway", Calls: 1}, // closes a cycle
		{From: "", To: "pay", Calls: 3, Lost: 3},
		{From: "pay", To: "pay", Calls: 2},
	}, newPalette(nil, true))
	at := map[string]mapNode{}
	for _, n := range m.Nodes {
		at[n.Service] = n
	}
	require.Len(t, m.Nodes, 4, "no box for unknown callers, nor for the ways of long lines")
	assert.Less(t, at["web"].X, at["gateway"].X)
	assert.Less(t, at["gateway"].X, at["pay"].X)
	assert.Less(t, at["pay"].X, at["stock"].X)
	require.Len(t, m.Edges, 6)
	last := m.Edges[len(m.Edges)-1]
	assert.Equal(t, "pay", last.To, "lost context is drawn above the rest")
	assert.Equal(t, "50%", last.Share)
}

// Boxes of a random-looking graph neither overlap nor leave the drawing.
func TestMapHasRoomForEveryBox(t *testing.T) {
	var edges []edge
	for i := range 120 {
		edges = append(edges, edge{From: fmt.Sprint("s", i*7%60), To: fmt.Sprint("s", i*13%60), Calls: uint64(i + 1), Lost: uint64(i % 3)})
	}
	m := newServiceMap(edges, newPalette(nil, true))
	assert.LessOrEqual(t, len(m.Nodes), maxNodes)
	assert.Positive(t, m.Left)
	for i, a := range m.Nodes {
		assert.GreaterOrEqual(t, a.Y, 0.0)
		assert.LessOrEqual(t, a.X+nodeWidth, m.Width)
		assert.LessOrEqual(t, a.Y+nodeHeight, m.Height)
		for _, b := range m.Nodes[i+1:] {
			assert.False(t, math.Abs(a.X-b.X) < nodeWidth && math.Abs(a.Y-b.Y) < nodeHeight, "%s and %s overlap", a.Service, b.Service)
		}
	}
	assert.Empty(t, newServiceMap(nil, newPalette(nil, true)).Nodes)
}
