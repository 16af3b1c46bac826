package web

import (
	"cmp"
	"slices"
	"time"

	"github.com/otel-culprit/culprit/internal/issue"
)

// crumbView is one entry of the timeline.
type crumbView struct {
	issue.Breadcrumb
	Offset string // distance from the error
	Hue    int
	Switch bool // the service differs from the entry before
	Error  bool // this is the error itself
	Other  bool // an error or fatal record, but not this one
	Data   []pair
}

// timeline is what happened in the trace before the error, across all services.
type timeline struct {
	Crumbs []crumbView
	Lanes  []lane
	Width  int
	Height int
	Span   string
}

// lane is one service's line in the drawing above the list.
type lane struct {
	Service string
	Hue     int
	Y       float64
	Dots    []dot
	From    float64 // x of its first and last dot
	To      float64
}

type dot struct {
	X     float64
	Level string
	Error bool
	Label string
}

const (
	laneHeight = 22
	laneWidth  = 760
)

// newTimeline sorts an event's breadcrumbs, puts the error at their end and lays the lanes out.
func newTimeline(e *issue.Event, colours *palette) timeline {
	var t timeline
	crumbs := slices.Clone(e.Breadcrumbs)
	if len(crumbs) == 0 {
		return t
	}
	slices.SortStableFunc(crumbs, func(a, b issue.Breadcrumb) int { return a.Time.Compare(b.Time) })
	message := e.Message
	if len(e.Exceptions) > 0 {
		message = e.Exceptions[0].Type
		if e.Exceptions[0].Message != "" {
			message += ": " + e.Exceptions[0].Message
		}
	}
	last := issue.Breadcrumb{Time: e.Time, Service: e.Service, Category: "error", Level: e.Level, Message: message, SpanID: e.SpanID}
	at, _ := slices.BinarySearchFunc(crumbs, e.Time, func(c issue.Breadcrumb, want time.Time) int {
		return cmp.Or(c.Time.Compare(want), -1) // after all entries of the same instant
	})
	crumbs = slices.Insert(crumbs, at, last)

	first, end := crumbs[0].Time, crumbs[len(crumbs)-1].Time
	whole := max(end.Sub(first), time.Millisecond)
	t.Span = span(whole)
	if t.Span == "" {
		t.Span = offset(whole)[1:]
	}
	lanes := map[string]int{}
	for i, c := range crumbs {
		v := crumbView{Breadcrumb: c, Offset: offset(c.Time.Sub(e.Time)), Hue: colours.Hue(c.Service), Error: i == at, Data: pairs(c.Data)}
		v.Switch = i == 0 || crumbs[i-1].Service != c.Service
		v.Other = i != at && (c.Level == "error" || c.Level == "fatal")
		t.Crumbs = append(t.Crumbs, v)

		n, ok := lanes[c.Service]
		if !ok {
			n = len(t.Lanes)
			lanes[c.Service] = n
			t.Lanes = append(t.Lanes, lane{Service: c.Service, Hue: v.Hue, Y: float64(n)*laneHeight + laneHeight/2, From: laneWidth})
		}
		x := 8 + float64(c.Time.Sub(first))/float64(whole)*(laneWidth-16)
		l := &t.Lanes[n]
		l.From, l.To = min(l.From, x), max(l.To, x)
		l.Dots = append(l.Dots, dot{X: x, Level: c.Level, Error: v.Error, Label: v.Offset + " " + c.Service + ": " + c.Message})
	}
	t.Width, t.Height = laneWidth, len(t.Lanes)*laneHeight
	return t
}
