package web

import (
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"github.com/otel-culprit/culprit/extension/issueregistryextension/internal/web/webtest"
	"github.com/otel-culprit/culprit/internal/grouping"
	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/stacktrace"
)

// evils are texts that try to become markup, a link that runs, or a style.
var evils = []string{
	`<script>alert(1)</script>`,
	`"><img src=x onerror=alert(1)>`,
	`' onmouseover='alert(1)`,
	`</title><svg onload=alert(1)>`,
	`javascript:alert(1)`,
	`--></style><style>*{display:none}</style>`,
	`{{.}} ${alert(1)} <!--`,
	"\u202e<b>\x00\xff",
}

// evilIssue has a hostile text in every place that an error, a resource or a tracker can fill.
func evilIssue(x string) issue.Issue {
	m := map[string]string{x: x, "url": x, "method": x, "status_code": x, "header." + x: x}
	frame := stacktrace.Frame{Function: x, Module: x, File: x, Line: 3, InApp: true}
	outside := frame
	outside.InApp = false
	e := &issue.Event{
		ID: x, Time: noon, TraceID: x, SpanID: x, Service: x, Environment: x, Release: x, Level: x, Message: x, Template: x, Logger: x,
		Transaction: x, Language: stacktrace.Language(x), Stack: x, Request: m, User: m, Tags: m, Resource: m, Extra: m,
		Exceptions: []stacktrace.Exception{
			{Type: x, Message: x, Module: x, Parent: -1, Frames: []stacktrace.Frame{frame, outside, outside, outside}},
			{Type: x, Message: x, Relation: stacktrace.Relation(x), Parent: 0},
		},
		Breadcrumbs: []issue.Breadcrumb{
			{Time: noon.Add(-time.Second), Service: x, Category: x, Level: x, Message: x, Data: m},
			{Time: noon.Add(-time.Minute), Service: x + "2", Category: x, Level: "error", Message: x, Data: m},
		},
	}
	counts := map[string]uint64{x: 3, "": 1}
	return issue.Issue{
		ID: "00000000000000ee", Title: x + ": " + x, Culprit: x, Owner: x, Service: x, Level: x, State: issue.State(x),
		Basis: grouping.Basis(x), Fingerprint: []grouping.Part{{Name: x, Value: x}}, FirstSeen: noon, LastSeen: noon, Count: 4, Users: 2,
		Services: counts, Environments: counts, Tags: map[string]issue.Counts{x: counts}, Aliases: []string{x},
		Releases: []issue.Release{{Version: x, Count: 1}}, History: []issue.Change{{Time: noon, To: issue.State(x), Reason: x}},
		Tickets: map[string]issue.Ticket{x: {ExternalID: x, URL: x, Status: x}, "ok": {ExternalID: "A-1", URL: "https://jira.example.com/A-1"}},
		Events:  []*issue.Event{e, e},
	}
}

// harmless checks that a document runs nothing that is not ours.
func harmless(t *testing.T, doc *html.Node, where string) {
	t.Helper()
	all(doc, func(n *html.Node) bool {
		switch n.Data {
		case "script":
			require.True(t, strings.HasPrefix(attr(n, "src"), "/assets/"), "%s: foreign script %v", where, n.Attr)
			require.Nil(t, n.FirstChild, "%s: inline script", where)
		case "style", "iframe", "object", "embed", "base", "img", "b-evil":
			require.Fail(t, "element that we never write", "%s: %s %v", where, n.Data, n.Attr)
		}
		for _, a := range n.Attr {
			require.False(t, strings.HasPrefix(a.Key, "on"), "%s: %s=%q", where, a.Key, a.Val)
			require.NotEqual(t, "style", a.Key, where)
			if a.Key == "href" || a.Key == "src" || a.Key == "action" {
				ok := strings.HasPrefix(a.Val, "/") && !strings.HasPrefix(a.Val, "//") || strings.HasPrefix(a.Val, "#") ||
					strings.HasPrefix(a.Val, "http://localhost:") || a.Val == "https://jira.example.com/A-1" || strings.HasPrefix(a.Val, "?")
				require.True(t, ok, "%s: %s=%q", where, a.Key, a.Val)
			}
		}
		return false
	})
}

func TestHostileTextStaysText(t *testing.T) {
	for _, x := range evils {
		s := webtest.New(clock)
		s.Put(evilIssue(x))
		s.SetServices([]issue.ServiceStats{{
			Service: x, Records: map[string]uint64{"logs": 9}, TraceIDs: map[string]uint64{x: 1, "present": 3}, Errors: 2,
			Redacted: map[string]uint64{x: 3}, Calls: map[string]uint64{x + "2": 7}, Roots: map[string]uint64{x + "2": 3, "": 1},
		}})
		h := Handler(s, Options{Version: x, Now: clock})
		q := url.QueryEscape(x)
		for _, path := range []string{
			"/?state=all", "/?state=" + q, "/?q=" + q, "/?service=" + q + "&sort=" + q + "&period=" + q, "/?state=all&after=1&trail=" + q + "&p=" + q,
			"/issues/00000000000000ee", "/issues/00000000000000ee?event=" + q + "&period=" + q, "/services",
		} {
			doc, _ := page(t, h, path)
			harmless(t, doc, path)
		}
		list, _ := page(t, h, "/?state=all")
		rows := all(list, class("row"))
		require.Len(t, rows, 1)
		shown := strings.ReplaceAll(x, "\x00", "\ufffd")
		assert.Contains(t, strings.Join(strings.Fields(text(rows[0])), ""), strings.Join(strings.Fields(shown), ""), "the text is shown as it is")
	}
}

func TestTicketLinksMustBeWebAddresses(t *testing.T) {
	assert.Equal(t, "", safeLink("javascript:alert(1)"))
	assert.Equal(t, "", safeLink("data:text/html,x"))
	assert.Equal(t, "", safeLink(" https://x"))
	assert.Equal(t, "https://x", safeLink("https://x"))
}

func TestLinks(t *testing.T) {
	f := func(template string, values map[string]string, want string) {
		t.Helper()
		assert.Equal(t, want, fill(template, values))
	}
	f("", map[string]string{"trace_id": "a"}, "")
	f("http://j/trace/{trace_id}", map[string]string{"trace_id": "0af7"}, "http://j/trace/0af7")
	f("http://j/trace/{trace_id}", map[string]string{"trace_id": ""}, "")
	f("http://g/{service}?q={trace_id}", map[string]string{"trace_id": "1", "service": "a b/&c"}, "http://g/a+b%2F%26c?q=1")
	f("http://g/static", nil, "http://g/static")
}

func TestEndpointIsSafeToPaste(t *testing.T) {
	f := func(host, want string) {
		t.Helper()
		s := &server{}
		r, err := url.Parse("http://x/")
		require.NoError(t, err)
		assert.Equal(t, want, s.endpoint(requestTo(host, r)))
	}
	f("localhost:4380", "http://localhost:4318")
	f("collector.internal", "http://collector.internal:4318")
	f("[::1]:4380", "http://[::1]:4318")
	f("$(reboot)", "http://localhost:4318")
	f("a;b", "http://localhost:4318")
	f("", "http://localhost:4318")
}
