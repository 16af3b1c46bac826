package api

import (
	"cmp"
	"maps"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/otel-culprit/culprit/internal/grouping"
	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/stacktrace"
)

// The shapes of the answers; openapi.json describes them.

type listAnswer struct {
	Issues []issueAnswer       `json:"issues"`
	Next   string              `json:"next"`
	Total  int                 `json:"total"`
	States map[issue.State]int `json:"states"`
}

type issueAnswer struct {
	ID        string      `json:"id"`
	Title     string      `json:"title"`
	Culprit   string      `json:"culprit"`
	Service   string      `json:"service"`
	State     issue.State `json:"state"`
	Level     string      `json:"level"`
	Owner     string      `json:"owner,omitempty"`
	Count     uint64      `json:"count"`
	Users     uint64      `json:"users"`
	FirstSeen time.Time   `json:"first_seen"`
	LastSeen  time.Time   `json:"last_seen"`
	URL       string      `json:"url"`
	Hours     []uint32    `json:"hours,omitempty"`
}

type detailAnswer struct {
	issueAnswer
	LastHour     time.Time               `json:"last_hour"`
	Basis        grouping.Basis          `json:"basis"`
	Fingerprint  []grouping.Part         `json:"fingerprint"`
	Exceptions   []exceptionAnswer       `json:"exceptions"`
	Breadcrumbs  []issue.Breadcrumb      `json:"breadcrumbs"`
	Tags         map[string][]tagAnswer  `json:"tags"`
	Releases     []issue.Release         `json:"releases"`
	Services     map[string]uint64       `json:"services"`
	Environments map[string]uint64       `json:"environments"`
	History      []issue.Change          `json:"history"`
	Resolution   *issue.Resolution       `json:"resolution,omitempty"`
	Mute         *issue.Mute             `json:"mute,omitempty"`
	Aliases      []string                `json:"aliases"`
	Tickets      map[string]issue.Ticket `json:"tickets"`
	TraceIDs     []string                `json:"trace_ids"`
	Event        *eventAnswer            `json:"event"` // the latest
}

type tagAnswer struct {
	Value string `json:"value"` // "" = all others
	Count uint64 `json:"count"`
}

type eventsAnswer struct {
	Events []eventAnswer `json:"events"`
}

type eventAnswer struct {
	*issue.Event
	Exceptions []exceptionAnswer `json:"exceptions"` // in place of Event.Exceptions
	Links      map[string]string `json:"links"`
}

type exceptionAnswer struct {
	Type     string              `json:"type"`
	Message  string              `json:"message"`
	Module   string              `json:"module,omitempty"`
	Relation stacktrace.Relation `json:"relation,omitempty"` // to parent: cause, context, suppressed, member
	Parent   int                 `json:"parent"`             // index into exceptions; -1 = outermost
	Frames   []frameAnswer       `json:"frames"`             // crash site first
}

type frameAnswer struct {
	Function string `json:"function"`
	Module   string `json:"module,omitempty"`
	File     string `json:"file,omitempty"`
	Line     int    `json:"line,omitempty"`
	Column   int    `json:"column,omitempty"`
	InApp    bool   `json:"in_app"`
}

func brief(i *issue.Issue, links issue.Links) issueAnswer {
	return issueAnswer{
		ID: i.ID, Title: i.Title, Culprit: i.Culprit, Service: i.Service, State: i.State, Level: i.Level, Owner: i.Owner, Count: i.Count,
		Users: i.Users, FirstSeen: i.FirstSeen, LastSeen: i.LastSeen, URL: links.IssueURL(i.ID, i.Service), Hours: i.Hours,
	}
}

func detail(i *issue.Issue, links issue.Links) detailAnswer {
	d := detailAnswer{
		issueAnswer: brief(i, links), LastHour: time.Unix(i.LastHour*3600, 0).UTC(), Basis: i.Basis, Fingerprint: full(i.Fingerprint),
		Exceptions: []exceptionAnswer{}, Breadcrumbs: []issue.Breadcrumb{}, Tags: tags(i.Tags), Releases: full(i.Releases),
		Services: filled(i.Services), Environments: filled(i.Environments), History: full(i.History), Resolution: i.Resolution, Mute: i.Mute,
		Aliases: full(i.Aliases), Tickets: filled(i.Tickets), TraceIDs: []string{},
	}
	for n := len(i.Events) - 1; n >= 0; n-- {
		e := i.Events[n]
		if e.TraceID != "" && !slices.Contains(d.TraceIDs, e.TraceID) {
			d.TraceIDs = append(d.TraceIDs, e.TraceID)
		}
		if len(d.Exceptions) == 0 {
			d.Exceptions = exceptions(e.Exceptions)
		}
		if len(d.Breadcrumbs) == 0 {
			d.Breadcrumbs = full(e.Breadcrumbs)
		}
		if d.Event == nil {
			latest := event(e, i.ID, links)
			d.Event = &latest
		}
	}
	return d
}

// full and filled make empty what would be null.
func full[T any](s []T) []T {
	if s == nil {
		return []T{}
	}
	return s
}

func filled[V any](m map[string]V) map[string]V {
	if m == nil {
		return map[string]V{}
	}
	return m
}

func tags(m map[string]issue.Counts) map[string][]tagAnswer {
	out := make(map[string][]tagAnswer, len(m))
	for key, values := range m {
		list := make([]tagAnswer, 0, len(values))
		for _, v := range slices.Sorted(maps.Keys(values)) {
			list = append(list, tagAnswer{v, values[v]})
		}
		slices.SortStableFunc(list, func(a, b tagAnswer) int { return cmp.Compare(b.Count, a.Count) })
		out[key] = list
	}
	return out
}

func event(e *issue.Event, id string, links issue.Links) eventAnswer {
	a := eventAnswer{Event: e, Exceptions: exceptions(e.Exceptions), Links: map[string]string{}}
	fill := strings.NewReplacer("{trace_id}", url.QueryEscape(e.TraceID), "{span_id}", url.QueryEscape(e.SpanID),
		"{issue_id}", url.QueryEscape(id), "{service}", url.QueryEscape(e.Service))
	for name, template := range map[string]string{"trace": links.Trace, "logs": links.Logs} {
		if template != "" && (e.TraceID != "" || !strings.Contains(template, "{trace_id}")) {
			a.Links[name] = fill.Replace(template)
		}
	}
	return a
}

func exceptions(list []stacktrace.Exception) []exceptionAnswer {
	out := make([]exceptionAnswer, len(list))
	for i, x := range list {
		a := exceptionAnswer{Type: x.Type, Message: x.Message, Module: x.Module, Relation: x.Relation, Parent: x.Parent, Frames: make([]frameAnswer, len(x.Frames))}
		for j, f := range x.Frames {
			a.Frames[j] = frameAnswer{f.Function, f.Module, f.File, f.Line, f.Column, f.InApp}
		}
		out[i] = a
	}
	return out
}
