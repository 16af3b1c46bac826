package web

import (
	"net/http"
	"net/url"
	"strconv"

	"github.com/otel-culprit/culprit/internal/issue"
)

// statuses are the fates of a log record's trace ID, best first, with the words of the legend.
var statuses = []struct{ name, label string }{
	{"present", "came with one"},
	{"recovered", "recovered"},
	{"generated", "generated"},
	{"missing", "missing"},
	{"invalid", "invalid"},
}

type servicesView struct {
	layout
	Services []serviceView
	Map      serviceMap
	LostAny  bool
	Statuses []option
	Redacted uint64 // values, over all services
	Endpoint string
}

// serviceView is one service as the page shows it.
type serviceView struct {
	issue.ServiceStats
	Hue      int
	Href     string // its issues
	Open     int
	Worst    string // state of its most urgent open issues, "" = none
	Cover    coverage
	Rate     string
	RateHigh bool
	Lost     string // share of calls whose context is lost; "" = no call seen
	LostFrom []share
	LostBad  bool
	Types    []share // redactions by detector
	Removed  uint64
	Logs     uint64
	Spans    uint64
}

// coverage is the bar of the trace IDs.
type coverage struct {
	Known   bool
	Percent string
	Grade   string // good, fair, poor
	Label   string
	Parts   []coveragePart
}

type coveragePart struct {
	Status string
	X, W   float64 // in percent
}

func (s *server) services(w http.ResponseWriter, r *http.Request) {
	stats, err := s.source.Services(r.Context())
	if err != nil {
		s.fail(w, r, err)
		return
	}
	v := servicesView{layout: s.layout(r, "services", "Services"), Endpoint: s.endpoint(r)}
	names := make([]string, len(stats))
	for i, st := range stats {
		names[i] = st.Service
	}
	colours := newPalette(names, false)
	var edges []edge
	for _, st := range stats {
		v.Services = append(v.Services, newService(st, colours))
		for caller, n := range st.Calls {
			edges = append(edges, edge{From: caller, To: st.Service, Calls: n, Lost: st.Roots[caller]})
		}
		for caller, n := range st.Roots {
			if _, called := st.Calls[caller]; !called {
				edges = append(edges, edge{From: caller, To: st.Service, Calls: n, Lost: n})
			}
			v.LostAny = v.LostAny || n > 0
		}
		for _, n := range st.Redacted {
			v.Redacted += n
		}
	}
	v.Map = newServiceMap(edges, colours)
	for _, st := range statuses {
		v.Statuses = append(v.Statuses, option{st.name, st.label})
	}
	s.render(w, http.StatusOK, "services", v)
}

func newService(st issue.ServiceStats, colours *palette) serviceView {
	v := serviceView{ServiceStats: st, Hue: colours.Hue(st.Service), Href: "/?service=" + url.QueryEscape(st.Service)}
	for _, state := range []issue.State{issue.Ongoing, issue.New, issue.Regressed, issue.Escalating} {
		if n := st.Issues[state]; n > 0 {
			v.Open += n
			v.Worst = string(state)
		}
	}
	v.Logs, v.Spans = st.Records["logs"], st.Records["traces"]
	v.Cover = newCoverage(st)
	if seen := v.Logs + v.Spans; seen > 0 {
		v.Rate, v.RateHigh = percent(st.Errors, seen), st.ErrorRate >= 0.05
	}
	var calls, lost uint64
	for _, n := range st.Calls {
		calls += n
	}
	for _, n := range st.Roots {
		lost += n
	}
	if calls > 0 || lost > 0 {
		v.Lost, v.LostBad = percent(lost, max(calls, lost)), st.LostContext >= 0.01
		v.LostFrom = shares(st.Roots, 3)
	}
	v.Types = shares(st.Redacted, 6)
	for _, n := range st.Redacted {
		v.Removed += n
	}
	return v
}

func newCoverage(st issue.ServiceStats) coverage {
	var total uint64
	for _, n := range st.TraceIDs {
		total += n
	}
	if total == 0 {
		return coverage{}
	}
	c := coverage{Known: true, Grade: "poor"}
	good := st.TraceIDs["present"] + st.TraceIDs["recovered"]
	switch share := float64(good) / float64(total); {
	case share >= 0.98:
		c.Grade = "good"
	case share >= 0.8:
		c.Grade = "fair"
	}
	c.Percent = percent(good, total)
	x := 0.0
	for _, status := range statuses {
		n := st.TraceIDs[status.name]
		if n == 0 {
			continue
		}
		w := float64(n) / float64(total) * 100
		c.Parts = append(c.Parts, coveragePart{status.name, x, w})
		if c.Label != "" {
			c.Label += ", "
		}
		c.Label += status.label + " " + percent(n, total)
		x += w
	}
	return c
}

// Count is the number of services in words.
func (v servicesView) Count() string { return strconv.Itoa(len(v.Services)) }
