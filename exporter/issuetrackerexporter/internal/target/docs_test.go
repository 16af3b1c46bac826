package target

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"
	"os"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/card"
	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/test/trackers"
)

const docs = "../../../../docs/trackers.md"

var exampleMark = regexp.MustCompile(`<!-- arrives: ([a-z-]+) ([a-z]+)(?: ([A-Za-z_.]+))? -->\n`)

// TestDocs: what docs/trackers.md says that arrives is what arrives. A mark names a service, an action, and a field that
// is shown alone; the block after it is written by UPDATE=1.
func TestDocs(t *testing.T) {
	text, err := os.ReadFile(docs)
	require.NoError(t, err)
	calls := map[string][]trackers.Call{}
	for i := range subjects {
		for _, a := range []card.Action{card.Open, card.Resolve, card.Reopen} {
			calls[subjects[i].service+" "+string(a)] = arrives(t, &subjects[i], a)
		}
	}
	shown := map[string]bool{}
	var want strings.Builder
	rest := string(text)
	for {
		at := exampleMark.FindStringSubmatchIndex(rest)
		if at == nil {
			break
		}
		m := exampleMark.FindStringSubmatch(rest)
		list, ok := calls[m[1]+" "+m[2]]
		require.True(t, ok, "no such service or action: %s", m[0])
		shown[m[1]] = true
		want.WriteString(rest[:at[1]] + block(t, list, m[3]))
		rest = withoutBlock(rest[at[1]:])
	}
	want.WriteString(rest)
	for i := range subjects {
		assert.True(t, shown[subjects[i].service], "docs/trackers.md does not show what arrives at %s", subjects[i].service)
	}
	if os.Getenv("UPDATE") != "" && want.String() != string(text) {
		require.NoError(t, os.WriteFile(docs, []byte(want.String()), 0o600))
		t.Fatal("written; run again without UPDATE")
	}
	assert.Equal(t, want.String(), string(text), "UPDATE=1 go test -run TestDocs writes it")
}

// arrives records the requests of an action on the example of the documentation.
func arrives(t *testing.T, s *subject, action card.Action) []trackers.Call {
	f, target := s.start(t)
	links := issue.Links{Trace: "http://localhost:16686/trace/{trace_id}"}
	x := card.Example()
	n := issue.Notice{Name: issue.EventOccurrence, Time: x.Time, Issue: x.Issue, Event: x.Event}
	making := func(a card.Action) *card.Card {
		c := card.New(&n, a, links)
		c.Tracker, c.Sequence = "issue_tracker", n.Time.String()
		c.Title, c.Text, c.Note = c.DefaultTitle(), card.Text{Doc: c.DefaultText()}, card.Text{Doc: c.DefaultNote()}
		return c
	}
	ctx := context.Background()
	ref, err := target.Open(ctx, making(card.Open))
	require.NoError(t, err)
	if action == card.Open {
		return f.Calls()
	}
	// Three days later it is resolved, and the day after that it is back.
	n.Name, n.Time, n.Issue.State, n.Reason = issue.EventStateChanged, x.Time.Add(72*time.Hour), issue.Resolved, "by hand"
	before := len(f.Calls())
	ref, err = target.Resolve(ctx, ref, making(card.Resolve))
	require.NoError(t, err)
	if action == card.Resolve {
		return f.Calls()[before:]
	}
	before = len(f.Calls())
	event := *x.Event
	event.Release, event.TraceID, event.Time = "1.4.0", "a1b2c3d4e5f60718293a4b5c6d7e8f90", x.Time.Add(96*time.Hour)
	n.Event, n.Time, n.Reason = &event, event.Time, "seen in 1.4.0 after it was resolved"
	n.Issue.State, n.Issue.Count, n.Issue.LastSeen, n.Issue.Releases = issue.Regressed, 13, event.Time, []string{"1.2.3", "1.4.0"}
	_, err = target.Reopen(ctx, ref, making(card.Reopen))
	require.NoError(t, err)
	return f.Calls()[before:]
}

// withoutBlock takes the code block away that a text begins with.
func withoutBlock(s string) string {
	fence := s[:len(s)-len(strings.TrimLeft(s, "`"))]
	if len(fence) < 3 {
		return s
	}
	if _, after, ok := strings.Cut(s[len(fence):], "\n"+fence+"\n"); ok {
		return after
	}
	return s
}

// block is a code block with requests, or with one field of the one that has it.
func block(t *testing.T, calls []trackers.Call, field string) string {
	var b strings.Builder
	language := "text"
	for _, c := range calls {
		if c.Method == http.MethodGet {
			continue
		}
		v := content(t, c)
		if field != "" {
			text, ok := at(v, strings.Split(field, "."))
			if !ok {
				continue
			}
			b.Reset()
			b.WriteString(text)
			continue
		}
		if b.Len() > 0 {
			b.WriteString("\n")
		}
		uri, err := url.Parse(c.URI)
		require.NoError(t, err)
		b.WriteString(c.Method + " " + uri.Path + "\n")
		if key := c.Header.Get("Idempotency-Key"); key != "" {
			b.WriteString("Idempotency-Key: " + key + "\n")
		}
		b.Write(pretty(t, v))
		language = "http"
	}
	text := strings.ReplaceAll(strings.TrimRight(b.String(), "\n"), secret, "<secret>")
	require.NotEmpty(t, text, "no field %q", field)
	fence := "```"
	for strings.Contains(text, fence) {
		fence += "`"
	}
	return fence + language + "\n" + text + "\n" + fence + "\n"
}

// content is what a request has in its body, or for Trello in its query.
func content(t *testing.T, c trackers.Call) any {
	var v any
	if json.Unmarshal([]byte(c.Body), &v) == nil {
		return v
	}
	form, err := url.ParseQuery(c.Body)
	require.NoError(t, err)
	uri, err := url.ParseRequestURI(c.URI)
	require.NoError(t, err)
	out := map[string]any{}
	for _, values := range []url.Values{form, uri.Query()} {
		for k := range values {
			out[k] = values.Get(k)
		}
	}
	delete(out, "Version") // of Amazon's protocol
	return out
}

// at finds a text in a body.
func at(v any, path []string) (string, bool) {
	for _, name := range path {
		m, ok := v.(map[string]any)
		if !ok {
			return "", false
		}
		v = m[name]
	}
	if blocks, ok := v.([]any); ok { // Slack's sections
		var out []string
		for _, b := range blocks {
			text, _ := at(b, []string{"text", "text"})
			out = append(out, text)
		}
		return strings.Join(out, "\n"), true
	}
	s, ok := v.(string)
	return s, ok
}

// pretty writes JSON with long texts and lists cut, and times of now put in words.
func pretty(t *testing.T, v any) []byte {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	e.SetIndent("", "  ")
	require.NoError(t, e.Encode(shorten(v, "")))
	return b.Bytes()
}

func shorten(v any, name string) any {
	switch x := v.(type) {
	case map[string]any:
		for k := range x {
			x[k] = shorten(x[k], k)
		}
	case []any:
		if name == "content" && len(x) > 2 { // ADF
			x = append(slices.Clone(x[:2]), fmt.Sprintf("... %d more", len(x)-2))
		}
		for i := range x {
			x[i] = shorten(x[i], "")
		}
		return x
	case string:
		if name == "endsAt" && !strings.HasPrefix(x, "0001-") && !strings.HasPrefix(x, "2026-03-") {
			return "<an hour from now; in the past when it is resolved>"
		}
		if line, _, many := strings.Cut(x, "\n"); many {
			return line + " ..."
		}
	}
	return v
}
