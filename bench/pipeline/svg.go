package main

import (
	"fmt"
	"html"
	"math"
	"strings"
)

// plot is a chart with a logarithmic x axis and a y axis that begins at zero.
type plot struct {
	title, x, y string
	lines       []line
}

type line struct {
	name   string
	points []point
}

type point struct{ x, y float64 }

// The chart's size, in pixels.
const (
	width, height            = 720, 380
	left, right, top, bottom = 64, 24, 76, 56
)

var colours = []string{"#6b7280", "#b91c1c", "#1d4ed8"}

func (p *plot) svg() string {
	minX, maxX, maxY := math.Inf(1), math.Inf(-1), 0.0
	for _, l := range p.lines {
		for _, q := range l.points {
			minX, maxX, maxY = min(minX, q.x), max(maxX, q.x), max(maxY, q.y)
		}
	}
	step := niceStep(maxY)
	maxY = step * math.Ceil(maxY/step*1.05)
	x := func(v float64) float64 {
		return left + (width-left-right)*math.Log(v/minX)/max(math.Log(maxX/minX), 1e-9)
	}
	y := func(v float64) float64 { return height - bottom - (height-top-bottom)*v/maxY }

	var b strings.Builder
	fmt.Fprintf(&b, `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %d %d" width="%d" height="%d" font-family="system-ui, sans-serif" font-size="12" role="img" aria-label=%q>`+"\n", width, height, width, height, html.EscapeString(p.title))
	fmt.Fprintf(&b, `<rect width="%d" height="%d" fill="#ffffff"/><text x="%d" y="24" font-size="15" fill="#111827">%s</text>`+"\n", width, height, left, html.EscapeString(p.title))
	for v := 0.0; v <= maxY*1.001; v += step {
		fmt.Fprintf(&b, `<path d="M%d %.1fH%d" stroke="#e5e7eb"/><text x="%d" y="%.1f" text-anchor="end" fill="#374151">%.3g</text>`+"\n", left, y(v), width-right, left-8, y(v)+4, v)
	}
	for _, q := range p.lines[0].points {
		fmt.Fprintf(&b, `<text x="%.1f" y="%d" text-anchor="middle" fill="#374151">%s</text>`+"\n", x(q.x), height-bottom+18, readable(q.x))
	}
	fmt.Fprintf(&b, `<text x="%d" y="%d" text-anchor="middle" fill="#374151">%s</text>`+"\n", (left+width-right)/2, height-12, html.EscapeString(p.x))
	fmt.Fprintf(&b, `<text transform="translate(16 %d) rotate(-90)" text-anchor="middle" fill="#374151">%s</text>`+"\n", (top+height-bottom)/2, html.EscapeString(p.y))
	for i, l := range p.lines {
		colour := colours[i%len(colours)]
		var path []string
		for _, q := range l.points {
			path = append(path, fmt.Sprintf("%.1f %.1f", x(q.x), y(q.y)))
			fmt.Fprintf(&b, `<circle cx="%.1f" cy="%.1f" r="3.5" fill="%s"/>`, x(q.x), y(q.y), colour)
		}
		fmt.Fprintf(&b, `<path d="M%s" fill="none" stroke="%s" stroke-width="2"/>`, strings.Join(path, "L"), colour)
		fmt.Fprintf(&b, `<text x="%d" y="%d" text-anchor="end" fill="%s">%s</text>`+"\n", width-right, 24+16*i, colour, html.EscapeString(l.name))
	}
	b.WriteString("</svg>\n")
	return b.String()
}

// niceStep divides an axis into about five steps of 1, 2 or 5 times a power of ten.
func niceStep(top float64) float64 {
	if top <= 0 {
		return 1
	}
	unit := math.Pow(10, math.Floor(math.Log10(top/5)))
	for _, n := range []float64{1, 2, 5} {
		if n*unit >= top/5 {
			return n * unit
		}
	}
	return 10 * unit
}
