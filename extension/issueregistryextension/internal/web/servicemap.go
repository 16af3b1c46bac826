package web

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// The measures of the map's drawing, in the units of its view box.
const (
	nodeWidth  = 168.0
	nodeHeight = 46.0
	columnGap  = 104.0
	rowGap     = 22.0
	// maxNodes bounds the map: more boxes than this are a carpet, not a map.
	maxNodes = 40
)

// edge is a caller and the service it calls.
type edge struct {
	From, To string
	Calls    uint64
	Lost     uint64 // calls after which the callee started a trace of its own
}

// mapNode is one box of the drawing.
type mapNode struct {
	Service string
	Label   string // shortened to the box's width
	X, Y    float64
	Hue     int
	Lost    bool // callers that are not known lose context on the way here
}

// mapEdge is one line of the drawing.
type mapEdge struct {
	edge
	Path   string
	LabelX float64
	LabelY float64
	Share  string // of calls whose context is lost; "" = none
	Title  string
}

// serviceMap is who calls whom, laid out in columns from callers to callees.
type serviceMap struct {
	Nodes         []mapNode
	Edges         []mapEdge
	Width, Height float64
	Left          int // services that found no place
}

// newServiceMap lays a call graph out. Callers stand left of whom they call; a cycle is broken where
// it is closed by the rarest call.
func newServiceMap(edges []edge, colours *palette) serviceMap {
	var m serviceMap
	edges = slices.Clone(edges)
	slices.SortFunc(edges, func(a, b edge) int {
		return cmp.Or(cmp.Compare(b.Calls, a.Calls), cmp.Compare(a.From, b.From), cmp.Compare(a.To, b.To))
	})
	names := map[string]bool{}
	kept := edges[:0]
	left := map[string]bool{}
	for _, e := range edges {
		if e.From == "" || e.From == e.To {
			continue
		}
		need := 0
		for _, n := range []string{e.From, e.To} {
			if !names[n] {
				need++
			}
		}
		if len(names)+need > maxNodes {
			for _, n := range []string{e.From, e.To} {
				if !names[n] {
					left[n] = true
				}
			}
			continue
		}
		names[e.From], names[e.To] = true, true
		kept = append(kept, e)
	}
	m.Left = len(left)
	if len(kept) == 0 {
		return m
	}
	columns := arrange(kept)
	rows := 0
	for _, c := range columns {
		rows = max(rows, len(c))
	}
	m.Height = float64(rows)*(nodeHeight+rowGap) - rowGap + 32
	m.Width = float64(len(columns))*(nodeWidth+columnGap) - columnGap + 4
	at := map[string]mapNode{}
	for x, column := range columns {
		top := (m.Height - (float64(len(column))*(nodeHeight+rowGap) - rowGap)) / 2
		for y, name := range column {
			n := mapNode{
				Service: name, Label: clip(name, 19), Hue: colours.Hue(name),
				X: 2 + float64(x)*(nodeWidth+columnGap), Y: top + float64(y)*(nodeHeight+rowGap),
			}
			at[name] = n
			m.Nodes = append(m.Nodes, n)
		}
	}
	for _, e := range kept {
		m.Edges = append(m.Edges, draw(e, at[e.From], at[e.To]))
	}
	// Lines with lost context are drawn last, above the others.
	slices.SortStableFunc(m.Edges, func(a, b mapEdge) int { return cmp.Compare(min(a.Lost, 1), min(b.Lost, 1)) })
	return m
}

// arrange gives every service a column (one right of its rightmost caller) and orders each column
// so that lines cross little.
func arrange(edges []edge) [][]string {
	var order []string
	callees, callers := map[string][]string{}, map[string][]string{}
	for _, e := range edges {
		for _, n := range []string{e.From, e.To} {
			if _, ok := callees[n]; !ok {
				callees[n] = nil
				order = append(order, n)
			}
		}
		if !reaches(callees, e.To, e.From) { // the edge would close a cycle
			callees[e.From] = append(callees[e.From], e.To)
			callers[e.To] = append(callers[e.To], e.From)
		}
	}
	slices.Sort(order)
	column := map[string]int{}
	var place func(string) int
	place = func(n string) int {
		if c, ok := column[n]; ok {
			return c
		}
		c := 0
		for _, caller := range callers[n] {
			c = max(c, place(caller)+1)
		}
		column[n] = c
		return c
	}
	var columns [][]string
	for _, n := range order {
		c := place(n)
		for len(columns) <= c {
			columns = append(columns, nil)
		}
		columns[c] = append(columns[c], n)
	}
	position := map[string]float64{}
	remember := func(c []string) {
		for i, n := range c {
			position[n] = (float64(i) + 0.5) / float64(len(c))
		}
	}
	for _, c := range columns {
		remember(c)
	}
	for round := range 6 {
		for i := range columns {
			next, c := callers, columns[i]
			if round%2 == 1 {
				next, c = callees, columns[len(columns)-1-i]
			}
			slices.SortStableFunc(c, func(a, b string) int {
				return cmp.Compare(middle(next[a], position, position[a]), middle(next[b], position, position[b]))
			})
			remember(c)
		}
	}
	return columns
}

func reaches(callees map[string][]string, from, to string) bool {
	seen := map[string]bool{}
	todo := []string{from}
	for len(todo) > 0 {
		n := todo[len(todo)-1]
		todo = todo[:len(todo)-1]
		if n == to {
			return true
		}
		if !seen[n] {
			seen[n] = true
			todo = append(todo, callees[n]...)
		}
	}
	return false
}

func middle(names []string, position map[string]float64, own float64) float64 {
	if len(names) == 0 {
		return own
	}
	var sum float64
	for _, n := range names {
		sum += position[n]
	}
	return sum / float64(len(names))
}

// draw lays one line from the right side of the caller to the left side of the callee; a line back
// to an earlier column goes around below.
func draw(e edge, from, to mapNode) mapEdge {
	x1, y1 := from.X+nodeWidth, from.Y+nodeHeight/2
	x2, y2 := to.X, to.Y+nodeHeight/2
	d := mapEdge{edge: e, LabelX: (x1 + x2) / 2, LabelY: (y1 + y2) / 2}
	switch {
	case x2 > x1:
		bend := (x2 - x1) / 2
		d.Path = fmt.Sprintf("M%.1f %.1fC%.1f %.1f %.1f %.1f %.1f %.1f", x1, y1, x1+bend, y1, x2-bend, y2, x2-6, y2)
	default:
		low := math.Max(from.Y, to.Y) + nodeHeight + rowGap/2
		d.Path = fmt.Sprintf("M%.1f %.1fC%.1f %.1f %.1f %.1f %.1f %.1f", x1, y1, x1+60, low, x2-60, low, x2-6, y2)
		d.LabelY = low
	}
	d.Title = fmt.Sprintf("%s calls %s: %s", e.From, e.To, plural(e.Calls, "call"))
	if e.Lost > 0 {
		d.Share = percent(e.Lost, max(e.Calls, e.Lost))
		d.Title += fmt.Sprintf(", %s lost the trace context (%s)", d.Share, exact(e.Lost))
	}
	return d
}

// clip shortens a label in its middle, where names of services differ least.
func clip(s string, n int) string {
	r := []rune(s)
	if len(r) <= n {
		return s
	}
	head := (n - 1) / 2
	return string(r[:head]) + "\u2026" + string(r[len(r)-(n-1-head):])
}
