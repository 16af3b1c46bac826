package web

import (
	"cmp"
	"html/template"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/otel-culprit/culprit/internal/issue"
)

// open are the states that ask for somebody's attention.
var open = []issue.State{issue.New, issue.Ongoing, issue.Regressed, issue.Escalating}

// tab is one view of the list.
type tab struct {
	name, label string
	states      []issue.State // nil = all
}

var tabs = []tab{
	{"open", "Open", open},
	{"new", "New", []issue.State{issue.New}},
	{"regressed", "Regressed", []issue.State{issue.Regressed}},
	{"escalating", "Escalating", []issue.State{issue.Escalating}},
	{"muted", "Muted", []issue.State{issue.Muted}},
	{"resolved", "Resolved", []issue.State{issue.Resolved}},
	{"all", "All", nil},
}

var sorts = []option{
	{string(issue.ByLastSeen), "Last seen"},
	{string(issue.ByFirstSeen), "First seen"},
	{string(issue.ByCount), "Most events"},
	{string(issue.ByUsers), "Most users"},
}

// maxTrail bounds how many pages back the address of a page remembers.
const maxTrail = 20

type option struct{ Value, Label string }

// params are what the address of the list says.
type params struct {
	State, Text, Service, Sort, Period string
	After                              string
	Trail                              []string // cursors of the pages before, oldest first; "" is the first page
	Number                             int      // of the page, 1-based
}

func readParams(q url.Values) params {
	p := params{
		State: q.Get("state"), Text: strings.TrimSpace(q.Get("q")), Service: q.Get("service"),
		Sort: q.Get("sort"), Period: readPeriod(q), After: q.Get("after"), Number: 1,
	}
	if !slices.ContainsFunc(tabs, func(t tab) bool { return t.name == p.State }) {
		p.State = "open"
	}
	if !slices.ContainsFunc(sorts, func(o option) bool { return o.Value == p.Sort }) {
		p.Sort = string(issue.ByLastSeen)
	}
	if p.After != "" {
		p.Trail = strings.Split(q.Get("trail"), "~")
		if n, err := strconv.Atoi(q.Get("p")); err == nil && n > 1 {
			p.Number = min(n, 1_000_000)
		} else {
			p.Number = 2
		}
	}
	return p
}

// href is the address of the list with these parameters; defaults are left out.
func (p params) href() string {
	q := url.Values{}
	set := func(k, v, standard string) {
		if v != standard {
			q.Set(k, v)
		}
	}
	set("state", p.State, "open")
	set("q", p.Text, "")
	set("service", p.Service, "")
	set("sort", p.Sort, string(issue.ByLastSeen))
	set("period", p.Period, "")
	if p.After != "" {
		q.Set("after", p.After)
		q.Set("p", strconv.Itoa(p.Number))
		set("trail", strings.Join(p.Trail, "~"), "")
	}
	if len(q) == 0 {
		return "/"
	}
	return "/?" + q.Encode()
}

// first is the same view from its first page.
func (p params) first() params {
	p.After, p.Trail, p.Number = "", nil, 1
	return p
}

func (p params) with(change func(*params)) string {
	p = p.first()
	change(&p)
	return p.href()
}

type tabView struct {
	Name, Label, Href, Tone string
	Count                   int
	Current                 bool
}

// rowView is an issue in the list.
type rowView struct {
	issue.Issue
	Title [2]string
	Spark template.HTML
	Hue   int
	More  int // affected services besides the origin
}

type listView struct {
	layout
	params
	Tabs       []tabView
	Rows       []rowView
	Services   []string
	Sorts      []option
	Total      int
	From, To   int
	Previous   string
	Next       string
	Known      int // issues whatever the filters say; 0 = an empty registry
	Filtered   bool
	Clear      string // addresses without the search, and with it in all states
	Everywhere string
	Shown      string // the period of the graphs
	Day, Weeks string // addresses of the two periods
	Endpoint   string
}

func (s *server) list(w http.ResponseWriter, r *http.Request) {
	p := readParams(r.URL.Query())
	query := issue.Query{Service: p.Service, Text: p.Text, Sort: issue.Sort(p.Sort), Limit: issue.DefaultLimit, After: p.After}
	for _, t := range tabs {
		if t.name == p.State {
			query.States = t.states
		}
	}
	page, err := s.source.List(r.Context(), query)
	if err != nil {
		s.fail(w, r, err)
		return
	}
	v := listView{
		layout: s.layout(r, "list", "Issues"), params: p, Sorts: sorts, Total: page.Total,
		Filtered: p.Text != "" || p.Service != "", Endpoint: s.endpoint(r),
	}
	v.Services = s.serviceNames(r, p.Service)
	for _, t := range tabs {
		tv := tabView{Name: t.name, Label: t.label, Current: t.name == p.State}
		for state, n := range page.States {
			if t.states == nil || slices.Contains(t.states, state) {
				tv.Count += n
			}
		}
		if tv.Count > 0 && (t.name == "new" || t.name == "regressed" || t.name == "escalating") {
			tv.Tone = t.name
		}
		tv.Href = p.with(func(p *params) { p.State = t.name })
		v.Tabs = append(v.Tabs, tv)
		if t.states == nil {
			v.Known = tv.Count
		}
	}
	colours := newPalette(v.Services, false)
	v.Shown = cmp.Or(p.Period, periodFor(v.Now, page.Issues...))
	for _, i := range page.Issues {
		row := rowView{Issue: i, Title: titleParts(i.Title), Hue: colours.Hue(i.Service), More: len(i.Services)}
		if _, ok := i.Services[i.Service]; ok {
			row.More--
		}
		label := "two weeks"
		if v.Shown == periodDay {
			label = "24 hours"
		}
		row.Spark = spark(buckets(i.Hours, i.LastHour, v.Now, v.Shown), label)
		v.Rows = append(v.Rows, row)
	}
	v.pages(page)
	v.Clear = p.with(func(p *params) { p.Text, p.Service = "", "" })
	v.Everywhere = p.with(func(p *params) { p.State = "all" })
	v.Day = p.with(func(p *params) { p.Period = periodDay })
	v.Weeks = p.with(func(p *params) { p.Period = periodTwoWeeks })
	s.render(w, http.StatusOK, "list", v)
}

// pages fills in where the page stands and its neighbours.
func (v *listView) pages(page issue.Page) {
	v.From = (v.Number-1)*issue.DefaultLimit + 1
	v.To = v.From + len(page.Issues) - 1
	if page.Next != "" {
		next := v.params
		next.Trail = append(slices.Clone(next.Trail), next.After)
		if over := len(next.Trail) - maxTrail; over > 0 {
			next.Trail = next.Trail[over:]
		}
		next.After, next.Number = page.Next, v.Number+1
		v.Next = next.href()
	}
	if v.After != "" {
		last := v.params
		last.After, last.Number = "", 1
		if n := len(last.Trail); n > 0 {
			last.After, last.Number = last.Trail[n-1], v.Number-1
			last.Trail = last.Trail[:n-1]
		}
		v.Previous = last.href()
	}
}

// serviceNames are the choices of the service filter. A list of services that cannot be had leaves
// the filter with the chosen one alone.
func (s *server) serviceNames(r *http.Request, chosen string) []string {
	var names []string
	stats, err := s.source.Services(r.Context())
	if err == nil {
		for _, st := range stats {
			names = append(names, st.Service)
		}
	}
	if chosen != "" && !slices.Contains(names, chosen) {
		names = append(names, chosen)
	}
	slices.Sort(names)
	return names
}
