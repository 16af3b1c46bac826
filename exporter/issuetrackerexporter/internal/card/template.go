package card

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"text/template"
	"time"

	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/wire"
	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/nearname"
	"github.com/otel-culprit/culprit/internal/stacktrace"
)

// maxOutput bounds what a template can make, in bytes; 1 MiB is the longest that any tracker takes.
const maxOutput = 1 << 20

// Template is a user's template, compiled.
type Template struct {
	t      *template.Template
	markup Markup
	line   bool
}

// Values is what a template sees. Strings are escaped for the target's markup already, except URLs and .Raw.
type Values struct {
	ID, Key, Title, Culprit, Owner, Service, Environment, Release, Level, State, Previous, Action, Reason string
	Message, Template, Transaction, Logger, Language                                                      string
	TraceID, SpanID                                                                                       string
	URL, TraceURL, LogsURL                                                                                string
	Count, Users, Milestone                                                                               uint64
	FirstSeen, LastSeen, Time                                                                             time.Time
	Stack, Breadcrumbs                                                                                    string
	Tags, Request, User, Resource, Extra                                                                  map[string]string
	Releases, Services                                                                                    []string
	Raw                                                                                                   Raw
}

// Raw is what came in, not escaped: for JSON through the function json.
type Raw struct {
	Issue issue.Summary
	Event *issue.Event
}

var errTooLong = errors.New("the output is longer than 1 MiB")

var functions = template.FuncMap{
	"clip":    func(n int, s string) string { return wire.Clip(s, n) },
	"line":    wire.Line,
	"upper":   strings.ToUpper,
	"lower":   strings.ToLower,
	"join":    func(sep string, list []string) string { return strings.Join(list, sep) },
	"replace": func(from, to, s string) string { return strings.ReplaceAll(s, from, to) },
	"date":    func(layout string, t time.Time) string { return t.UTC().Format(layout) },
	"number":  Number,
	"default": func(otherwise, s string) string {
		if s == "" {
			return otherwise
		}
		return s
	},
	"json": func(v any) (string, error) {
		b, err := wire.Encode(v)
		return string(b), err
	},
}

// Compile reads a template and tries it on an example, so that a wrong field is found at once. line: the
// output is one line.
func Compile(name, source string, m Markup, line bool) (*Template, error) {
	t, err := template.New(name).Funcs(functions).Option("missingkey=zero").Parse(source)
	if err != nil {
		return nil, hinted(err)
	}
	out := &Template{t: t, markup: m, line: line}
	if _, err := out.Execute(Example()); err != nil {
		return nil, hinted(err)
	}
	return out, nil
}

var unknownName = regexp.MustCompile(`can't evaluate field (\w+) in type \*card\.Values|function "(\w+)" not defined`)

// hinted adds the name that was meant to the error about one that text/template does not know.
func hinted(err error) error {
	name := unknownName.FindStringSubmatch(err.Error())
	if name == nil {
		return err
	}
	known := slices.Collect(maps.Keys(functions))
	if name[1] != "" {
		known = nil
		for f := range reflect.TypeFor[Values]().Fields() {
			known = append(known, f.Name)
		}
	}
	slices.Sort(known)
	return fmt.Errorf("%w%s", err, nearname.Hint(name[1]+name[2], known...))
}

// Execute fills the template in.
func (t *Template) Execute(c *Card) (string, error) {
	w := &limited{}
	if err := t.t.Execute(w, values(c, t.markup)); err != nil {
		return "", err
	}
	if t.line {
		return wire.Line(w.String()), nil
	}
	return strings.TrimSpace(strings.ToValidUTF8(w.String(), "\uFFFD")), nil
}

// limited keeps a template that loops from filling the memory.
type limited struct{ bytes.Buffer }

func (w *limited) Write(p []byte) (int, error) {
	if w.Len()+len(p) > maxOutput {
		return 0, errTooLong
	}
	return w.Buffer.Write(p)
}

func values(c *Card, m Markup) *Values {
	e := c.Event
	return &Values{
		ID: c.Issue.ID, Key: c.Key, Title: m.Escape(c.Issue.Title), Culprit: m.Escape(c.Issue.Culprit), Owner: m.Escape(c.Issue.Owner),
		Service: m.Escape(c.Issue.Service), Environment: m.Escape(e.Environment), Release: m.Escape(c.Release()), Level: m.Escape(c.Issue.Level),
		State: string(c.Issue.State), Previous: string(c.Previous), Action: string(c.Action), Reason: m.Escape(c.Reason),
		Message: m.Escape(e.Message), Template: m.Escape(e.Template), Transaction: m.Escape(e.Transaction), Logger: m.Escape(e.Logger),
		Language: string(e.Language), TraceID: e.TraceID, SpanID: e.SpanID, URL: c.Issue.URL, TraceURL: c.TraceURL, LogsURL: c.LogsURL,
		Count: c.Issue.Count, Users: c.Issue.Users, Milestone: c.Milestone, FirstSeen: c.Issue.FirstSeen, LastSeen: c.Issue.LastSeen, Time: c.Time,
		Stack:       m.Render(code(Stack(e.Exceptions))),
		Breadcrumbs: m.Render(code(Crumbs(e.Breadcrumbs))),
		Tags:        escaped(e.Tags, m), Request: escaped(e.Request, m), User: escaped(e.User, m), Resource: escaped(e.Resource, m), Extra: escaped(e.Extra, m),
		Releases: escapedList(c.Issue.Releases, m), Services: escapedList(c.Issue.Services, m),
		Raw: Raw{Issue: c.Issue, Event: e},
	}
}

func code(s string) Doc {
	if s == "" {
		return nil
	}
	return Doc{{Code: s}}
}

func escaped(in map[string]string, m Markup) map[string]string {
	out := make(map[string]string, len(in))
	for k, v := range in {
		out[k] = m.Escape(v)
	}
	return out
}

func escapedList(in []string, m Markup) []string {
	out := make([]string, len(in))
	for i, v := range in {
		out[i] = m.Escape(v)
	}
	return out
}

// Example is the card that templates are tried on.
func Example() *Card {
	at := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	n := issue.Notice{
		Name: issue.EventOccurrence, Time: at,
		Issue: issue.Summary{
			ID: "00f1e2d3c4b5a697", Title: "ValueError: bad <str>", Culprit: "charge in billing/pay.py", Owner: "team-pay", Service: "billing",
			Level: "error", State: issue.New, Count: 12, Users: 3, FirstSeen: at, LastSeen: at, URL: "http://localhost:4380/issues/00f1e2d3c4b5a697",
			Releases: []string{"1.2.3"}, Services: []string{"billing"},
		},
		Event: &issue.Event{
			ID: "0123456789ab4def8123456789abcdef", Time: at, TraceID: "0102030405060708090a0b0c0d0e0f10", SpanID: "0102030405060708", Service: "billing",
			Environment: "prod", Release: "1.2.3", Level: "error", Message: "charge failed",
			Exceptions: []stacktrace.Exception{{Type: "ValueError", Message: "bad x", Parent: -1, Frames: []stacktrace.Frame{
				{Function: "charge", File: "billing/pay.py", Line: 7, InApp: true},
			}}},
			Breadcrumbs: []issue.Breadcrumb{{Time: at, Service: "shop", Level: "info", Message: "GET /cart"}},
		},
	}
	c := New(&n, Open, issue.Links{})
	c.Title, c.Text, c.Note = c.DefaultTitle(), Text{Doc: c.DefaultText()}, Text{Doc: c.DefaultNote()}
	return c
}

// ValidJSON tells whether a template's output is JSON, and what is wrong with it.
func ValidJSON(s string) error {
	var v any
	if err := json.Unmarshal([]byte(s), &v); err != nil {
		return fmt.Errorf("the output is no JSON: %w", err)
	}
	return nil
}
