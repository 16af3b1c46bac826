package web

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"github.com/otel-culprit/culprit/extension/issueregistryextension/internal/web/webtest"
	"github.com/otel-culprit/culprit/internal/issue"
)

func link(doc *html.Node, label string) string {
	for _, a := range all(doc, func(n *html.Node) bool {
		return n.Data == "a" && (attr(n, "aria-label") == label || text(n) == label)
	}) {
		return attr(a, "href")
	}
	return ""
}

func TestDetailTellsEverything(t *testing.T) {
	_, h := shop(0)
	doc, _ := page(t, h, "/issues/"+webtest.ID(webtest.PaymentTitle))
	all := text(doc)
	for _, part := range []string{
		"PaymentError", "charge for order 48213 failed", "caused by", "ValueError", "invalid literal for int() with base 10: '12,50'", "Unhandled", // chain
		"charge", "billing.pay", "/srv/shop/billing/pay.py:88", "look here", "4 library frames", "django.views", // frames
		"14 records of the same trace", "clicked “Place order”", "−1.84", "this error", "stock of item 5521 is below 10", // timeline
		"POST https://shop.example.com/api/checkout/orders 500", "x-request-id req-7f3c19ab", // request
		"k1:9f2c41d0b7e35a68", "feature.one_click true", "2.13.4", "production", "threw it", "SHOP-2381", // people and places
		"412 occurrences in this hour, 35 were expected at most.", "Escalating 40m ago", "first occurrence", // history
		"charge in billing.pay", "Grouped by the exception types", // fingerprint
		"Sample 7 of 7",
	} {
		assert.Contains(t, all, part)
	}
	assert.Regexp(t, `^http://localhost:16686/trace/[0-9a-f]{32}$`, link(doc, "Trace"))
	assert.Contains(t, link(doc, "Logs"), "left=checkout")
	assert.Equal(t, "https://jira.example.com/browse/SHOP-2381", link(doc, "SHOP-2381"))
}

func TestSteppingThroughEvents(t *testing.T) {
	_, h := shop(0)
	doc, _ := page(t, h, "/issues/"+webtest.ID(webtest.PaymentTitle))
	assert.Empty(t, link(doc, "Next event"))
	assert.Empty(t, link(doc, "Latest event"))
	for want := 6; want > 0; want-- {
		doc, _ = page(t, h, link(doc, "Previous event"))
		assert.Contains(t, text(doc), "Sample "+string(rune('0'+want))+" of 7")
	}
	assert.Empty(t, link(doc, "Previous event"))
	assert.Contains(t, text(doc), "2.13.4", "the first event was of the release before")
	doc, _ = page(t, h, link(doc, "Next event"))
	assert.Contains(t, text(doc), "Sample 2 of 7")
	doc, _ = page(t, h, link(doc, "Latest event"))
	assert.Contains(t, text(doc), "Sample 7 of 7")
	doc, _ = page(t, h, "/issues/"+webtest.ID(webtest.PaymentTitle)+"?event=gone")
	assert.Contains(t, text(doc), "Sample 7 of 7", "an event that was evicted")
}

func TestActionsFollowTheState(t *testing.T) {
	s, h := shop(0)
	id := webtest.ID(webtest.LedgerTitle)
	f := func(want ...string) {
		t.Helper()
		doc, _ := page(t, h, "/issues/"+id)
		var got []string
		all(doc, func(n *html.Node) bool {
			if a := attr(n, "data-action"); a != "" && (len(got) == 0 || got[len(got)-1] != a) {
				got = append(got, a)
			}
			return false
		})
		assert.Equal(t, want, got)
	}
	f("resolve", "mute")
	_, err := s.Resolve(t.Context(), id, issue.Resolve{NextRelease: true})
	require.NoError(t, err)
	f("reopen")
	doc, _ := page(t, h, "/issues/"+id)
	assert.Contains(t, text(doc), "events of 2.13.4, 2.14.0 do not reopen it")
	_, err = s.Mute(t.Context(), id, issue.MuteFor{Duration: time.Hour})
	require.NoError(t, err)
	f("reopen", "resolve")
}

func TestMergedIssueLeadsToTheOther(t *testing.T) {
	s, h := shop(0)
	a, b := webtest.ID(webtest.LedgerTitle), webtest.ID(webtest.PanicTitle)
	_, err := s.Merge(t.Context(), a, []string{b})
	require.NoError(t, err)
	w := get(t, h, "/issues/"+b)
	assert.Equal(t, http.StatusFound, w.Code)
	assert.Equal(t, "/issues/"+a, w.Header().Get("Location"))
	assert.Equal(t, "/issues/"+a+".md", get(t, h, "/issues/"+b+".md").Header().Get("Location"))
	doc, _ := page(t, h, "/issues/"+a)
	assert.Contains(t, text(doc), "Merged into this issue "+b)
}

func TestSimilarIssues(t *testing.T) {
	s, h := shop(0)
	s.Put(issue.Issue{ID: "00000000000000aa", Title: "PaymentError: card declined", Service: "checkout", State: issue.New})
	s.Put(issue.Issue{ID: "00000000000000ab", Title: "PaymentErrorOther: x", Service: "checkout", State: issue.New})
	s.Put(issue.Issue{ID: "00000000000000ac", Title: "PaymentError: elsewhere", Service: "search", State: issue.New})
	doc, _ := page(t, h, "/issues/"+webtest.ID(webtest.PaymentTitle))
	similar := all(doc, class("similar"))
	require.Len(t, similar, 1)
	assert.Contains(t, text(similar[0]), "card declined")
	assert.NotContains(t, text(similar[0]), "Other")
	assert.NotContains(t, text(similar[0]), "elsewhere")
}

// An issue of which next to nothing is known, as after a loss of its samples.
func TestBareIssue(t *testing.T) {
	s := webtest.New(clock)
	s.Put(issue.Issue{ID: "00000000000000aa", Title: "x"})
	s.Put(issue.Issue{ID: "00000000000000ab", Events: []*issue.Event{{}}})
	h := Handler(s, Options{Now: clock})
	doc, _ := page(t, h, "/issues/00000000000000aa")
	assert.Contains(t, text(doc), "No sample is kept")
	doc, _ = page(t, h, "/issues/00000000000000ab")
	assert.Contains(t, text(doc), "This record came without a trace ID.")
	assert.Contains(t, text(doc), "Without a trace ID nothing ties this error to other records.")
	page(t, h, "/?state=all")
	get(t, h, "/issues/00000000000000ab.md")
}

func TestMarkdown(t *testing.T) {
	_, h := shop(0)
	w := get(t, h, "/issues/"+webtest.ID(webtest.PaymentTitle)+".md")
	assert.Equal(t, "text/markdown; charset=utf-8", w.Header().Get("Content-Type"))
	for _, part := range []string{
		"### `PaymentError: charge for order <num> failed`", "(escalating)", "http://localhost:4380/issues/" + webtest.ID(webtest.PaymentTitle),
		"**Service:** `checkout`", "48,213 times, 3,120 users", "caused by: ValueError", "  > charge  /srv/shop/billing/pay.py:88",
		"−1.84 s  web-frontend   info    clicked “Place order”",
	} {
		assert.Contains(t, w.Body.String(), part)
	}
}

func TestMarkdownCannotBeLeft(t *testing.T) {
	f := func(s, want string) {
		t.Helper()
		assert.Equal(t, want, codeSpan(s))
	}
	f("plain", "`plain`")
	f("a\nb", "`a b`")
	f("a`b", "`` a`b ``")
	f("```", "```` ``` ````")
	f("", "")
	assert.True(t, strings.HasPrefix(fence("x\n````\ny"), "`````\n"))
	assert.Equal(t, "```\nx\n```\n", fence("x"))
}

func TestTimelineKeepsTheOrderOfTime(t *testing.T) {
	at := func(ms int) time.Time { return noon.Add(time.Duration(ms) * time.Millisecond) }
	e := &issue.Event{Time: noon, Service: "a", Message: "boom", Level: "error", Breadcrumbs: []issue.Breadcrumb{
		{Time: at(-5), Service: "b", Message: "second"},
		{Time: at(-90), Service: "a", Message: "first"},
		{Time: at(0), Service: "a", Message: "same instant"},
		{Time: at(7), Service: "c", Message: "after"},
	}}
	tl := newTimeline(e, newPalette(nil, true))
	var got []string
	for _, c := range tl.Crumbs {
		got = append(got, c.Message)
		assert.Equal(t, c.Message == "boom", c.Error)
	}
	assert.Equal(t, []string{"first", "second", "same instant", "boom", "after"}, got)
	assert.Len(t, tl.Lanes, 3)
	assert.Empty(t, newTimeline(&issue.Event{}, newPalette(nil, true)).Crumbs)
	same := newTimeline(&issue.Event{Time: noon, Breadcrumbs: []issue.Breadcrumb{{Time: noon}}}, newPalette(nil, true))
	assert.Len(t, same.Crumbs, 2)
}
