package web

import (
	"cmp"
	"fmt"
	"math"
	"slices"
)

// The measures of the map's drawing, in the units of its view box.
const (
	nodeWidth  = 152.0
	nodeHeight = 46.0
	mapWidth   = 1150.0 // what fits without scrolling
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
	columns, routes := arrange(kept)
	m.place(columns, kept, routes, colours)
	return m
}

// place turns columns of boxes and of ways through them into coordinates.
func (m *serviceMap) place(columns [][]string, edges []edge, routes [][]string, colours *palette) {
	gap := max(56, min(140, (mapWidth-nodeWidth*float64(len(columns)))/float64(max(len(columns)-1, 1))))
	heights := make([]float64, len(columns))
	for x, column := range columns {
		for _, id := range column {
			heights[x] += heightOf(id) + rowGap
		}
		m.Height = max(m.Height, heights[x]-rowGap)
	}
	m.Height += 8
	m.Width = float64(len(columns))*(nodeWidth+gap) - gap + 4
	at := map[string]mapNode{}
	for x, column := range columns {
		y := (m.Height - (heights[x] - rowGap)) / 2
		for _, id := range column {
			n := mapNode{Service: id, X: 2 + float64(x)*(nodeWidth+gap), Y: y}
			if !isWay(id) {
				n.Label, n.Hue = clip(id, 16), colours.Hue(id)
				m.Nodes = append(m.Nodes, n)
			}
			at[id] = n
			y += heightOf(id) + rowGap
		}
	}
	for i, e := range edges {
		var way []mapNode
		for _, id := range routes[i] {
			way = append(way, at[id])
		}
		m.Edges = append(m.Edges, draw(e, way))
	}
	// Lines with lost context are drawn last, above the others.
	slices.SortStableFunc(m.Edges, func(a, b mapEdge) int { return cmp.Compare(min(a.Lost, 1), min(b.Lost, 1)) })
}

// Ways are places in a column through which a long line passes; their IDs cannot be services' names.
func way(edge, column int) string { return fmt.Sprintf("\x00%d/%d", edge, column) }
func isWay(id string) bool        { return id[0] == 0 }

func heightOf(id string) float64 {
	if isWay(id) {
		return 4
	}
	return nodeHeight
}

// arrange gives every service a column (one right of its rightmost caller), leads every line through
// each column on its way, and orders the columns so that lines cross little.
func arrange(edges []edge) (columns [][]string, routes [][]string) {
	var order []string
	callees, callers := map[string][]string{}, map[string][]string{}
	backward := make([]bool, len(edges))
	for i, e := range edges {
		for _, n := range []string{e.From, e.To} {
			if _, ok := callees[n]; !ok {
				callees[n] = nil
				order = append(order, n)
			}
		}
		if backward[i] = reaches(callees, e.To, e.From); !backward[i] { // else it would close a cycle
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
	add := func(c int, id string) {
		for len(columns) <= c {
			columns = append(columns, nil)
		}
		columns[c] = append(columns[c], id)
	}
	for _, n := range order {
		add(place(n), n)
	}
	left, right := map[string][]string{}, map[string][]string{}
	for i, e := range edges {
		route := []string{e.From}
		if !backward[i] {
			for c := column[e.From] + 1; c < column[e.To]; c++ {
				add(c, way(i, c))
				route = append(route, way(i, c))
			}
		}
		route = append(route, e.To)
		routes = append(routes, route)
		for k := 1; k < len(route) && !backward[i]; k++ {
			right[route[k-1]] = append(right[route[k-1]], route[k])
			left[route[k]] = append(left[route[k]], route[k-1])
		}
	}
	untangle(columns, left, right)
	return columns, routes
}

// untangle orders each column by the middle of its neighbours, to and fro.
func untangle(columns [][]string, left, right map[string][]string) {
	position := map[string]float64{}
	remember := func(c []string) {
		for i, n := range c {
			position[n] = (float64(i) + 0.5) / float64(len(c))
		}
	}
	for _, c := range columns {
		remember(c)
	}
	for round := range 8 {
		for i := range columns {
			next, c := left, columns[i]
			if round%2 == 1 {
				next, c = right, columns[len(columns)-1-i]
			}
			slices.SortStableFunc(c, func(a, b string) int {
				return cmp.Compare(middle(next[a], position, position[a]), middle(next[b], position, position[b]))
			})
			remember(c)
		}
	}
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

// draw lays one line from the right side of the caller to the left side of the callee, through the
// places on its way; a line back to an earlier column goes around below.
func draw(e edge, way []mapNode) mapEdge {
	from, to := way[0], way[len(way)-1]
	x, y := from.X+nodeWidth, from.Y+nodeHeight/2
	x2, y2 := to.X-6, to.Y+nodeHeight/2
	d := mapEdge{edge: e}
	path := fmt.Sprintf("M%s %s", f1(x), f1(y))
	curve := func(cx1, cy1, cx2, cy2, toX, toY float64) {
		path += fmt.Sprintf("C%s %s %s %s %s %s", f1(cx1), f1(cy1), f1(cx2), f1(cy2), f1(toX), f1(toY))
		d.LabelX, d.LabelY = (x+toX)/2, (y+toY)/2
		x, y = toX, toY
	}
	if x2 <= x {
		low := math.Max(from.Y, to.Y) + nodeHeight + rowGap/2
		curve(x+60, low, x2-60, low, x2, y2)
		d.LabelY = low
	} else {
		for _, w := range way[1 : len(way)-1] {
			bend := (w.X - x) / 2
			curve(x+bend, y, w.X-bend, w.Y+2, w.X, w.Y+2)
			path += "H" + f1(w.X+nodeWidth)
			x = w.X + nodeWidth
		}
		bend := (x2 - x) / 2
		curve(x+bend, y, x2-bend, y2, x2, y2)
	}
	d.Path = path
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
