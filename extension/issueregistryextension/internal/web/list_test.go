package web

import (
	"fmt"
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"github.com/otel-culprit/culprit/extension/issueregistryextension/internal/web/webtest"
	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/issue/store/memory"
)

func ids(doc *html.Node) []string {
	var out []string
	for _, row := range all(doc, class("row")) {
		out = append(out, attr(row, "data-id"))
	}
	return out
}

func rel(doc *html.Node, name string) string {
	for _, a := range all(doc, func(n *html.Node) bool { return n.Data == "a" && attr(n, "rel") == name }) {
		return attr(a, "href")
	}
	return ""
}

func TestListShowsWhatIsOpen(t *testing.T) {
	_, h := shop(0)
	doc, _ := page(t, h, "/")
	rows := all(doc, class("row"))
	require.NotEmpty(t, rows)
	first := text(rows[0])
	assert.Equal(t, webtest.ID(webtest.PaymentTitle), attr(rows[0], "data-id"))
	for _, part := range []string{"PaymentError", "charge for order <num> failed", "Escalating", "checkout", "+2", "charge in billing/pay.py", "team-pay", "48.2k", "3,120", "just now", "11d old"} {
		assert.Contains(t, first, part)
	}
	assert.NotContains(t, text(doc), "UnicodeDecodeError", "a resolved issue is not open")
	var tabs []string
	for _, nav := range all(doc, class("tabs")) {
		for _, a := range all(nav, func(n *html.Node) bool { return n.Data == "a" }) {
			tabs = append(tabs, text(a))
		}
	}
	assert.Equal(t, []string{"Open 14", "New 2", "Regressed 1", "Escalating 1", "Muted 2", "Resolved 2", "All 18"}, tabs)
	times := all(rows[0], func(n *html.Node) bool { return n.Data == "time" })
	require.NotEmpty(t, times)
	assert.Equal(t, "Wed, 18 Nov 2026 12:29:40 UTC", attr(times[0], "title"))
}

func TestListFilters(t *testing.T) {
	_, h := shop(0)
	f := func(path string, want ...string) {
		t.Helper()
		doc, _ := page(t, h, path)
		rows := all(doc, class("row"))
		require.Len(t, rows, len(want), path)
		for n, row := range rows {
			assert.Contains(t, text(row), want[n], path)
		}
	}
	f("/?state=regressed", "panic")
	f("/?state=muted", "Deadlock", "ENOSPC")
	f("/?service=checkout", "PaymentError", "KeyError")
	f("/?q=reserve+inventory", "panic")
	f("/?q=nothing+like+this")
	f("/?q=UnicodeDecodeError")
	f("/?q=UnicodeDecodeError&state=all", "Unicode")

	doc, _ := page(t, h, "/?sort=count&state=all")
	assert.Equal(t, webtest.ID(webtest.PaymentTitle), ids(doc)[0])
	doc, _ = page(t, h, "/?sort=first_seen")
	assert.Contains(t, text(all(doc, class("row"))[0]), "RecordNotFound")
}

func TestEveryPageIsReached(t *testing.T) {
	_, h := shop(2000 - 18)
	seen := map[string]bool{}
	path, pages := "/?state=all", 0
	var before []string
	for path != "" {
		doc, body := page(t, h, path)
		require.Less(t, len(body), 400_000)
		for _, id := range ids(doc) {
			require.False(t, seen[id], "%s twice", id)
			seen[id] = true
		}
		if pages > 0 && (pages < 4 || pages == 25) {
			previous, _ := page(t, h, rel(doc, "prev"))
			require.Equal(t, before, ids(previous), "back from page %d", pages+1)
		}
		before = ids(doc)
		path = rel(doc, "next")
		pages++
		require.Less(t, len(path), 600, "the address does not grow with the pages")
	}
	assert.Len(t, seen, 2000)
	assert.Equal(t, 40, pages)
}

func TestListSaysWhereItStands(t *testing.T) {
	_, h := shop(982)
	doc, _ := page(t, h, "/?state=all")
	assert.Contains(t, text(doc), "1–50 of 1,000")
	doc, _ = page(t, h, rel(doc, "next"))
	assert.Contains(t, text(doc), "51–100 of 1,000")
}

func TestEmptyListsTellWhatToDo(t *testing.T) {
	empty := Handler(webtest.New(clock), Options{Now: clock})
	_, body := page(t, empty, "/")
	assert.Contains(t, body, "Waiting for the first error")
	assert.Contains(t, body, "OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318")
	assert.Contains(t, body, "curl http://localhost:4318/v1/logs")
	_, body = page(t, empty, "/services")
	assert.Contains(t, body, "No service has been heard of")
	assert.Contains(t, body, "http://localhost:4318")
	_, body = page(t, Handler(webtest.New(clock), Options{Now: clock, OTLP: "https://in.example.com/"}), "/")
	assert.Contains(t, body, "curl https://in.example.com/v1/logs")

	s := webtest.New(clock)
	s.Put(issue.Issue{ID: "1", Title: "x", State: issue.Resolved})
	h := Handler(s, Options{Now: clock})
	f := func(path, want string) {
		t.Helper()
		_, body := page(t, h, path)
		assert.Contains(t, body, want)
	}
	f("/", "Nothing is open")
	f("/?state=new", "Nothing new")
	f("/?state=regressed", "Nothing has come back")
	f("/?state=escalating", "Nothing is escalating")
	f("/?state=muted", "Nothing is muted")
	f("/?q=y", "No issue matches")
	f("/?q=x", "Search in all states")
}

func FuzzListAddress(f *testing.F) {
	f.Add("state=all&q=x&after=50&trail=~50~&p=3&sort=users&period=24h&service=a")
	f.Add("after=%00&p=-1&trail=" + strings.Repeat("~", 300))
	f.Fuzz(func(t *testing.T, query string) {
		values, _ := url.ParseQuery(query) // as the request's URL.Query: what is no pair is left out
		p := readParams(values)
		again, err := url.Parse(p.href())
		require.NoError(t, err)
		require.Equal(t, p.href(), readParams(again.Query()).href(), "an address means what it was made from")
	})
}

// BenchmarkList is a page of 50 out of so many issues of a registry in memory.
func BenchmarkList(b *testing.B) {
	for _, n := range []int{100, 10_000} {
		core := issue.NewCore(issue.Options{Store: memory.New(), MaxNew: -1, Now: clock})
		require.NoError(b, core.Start(b.Context()))
		shop := webtest.Occurrences(noon)
		for i := range n {
			o := shop[i%len(shop)]
			o.Key[0], o.Issue, o.Title = byte(i>>8), fmt.Sprintf("%016x", i+1), fmt.Sprint(o.Title, " ", i)
			o.Key[1], o.Root, o.TraceID = byte(i), nil, [16]byte{}
			core.Judge(b.Context(), []issue.Occurrence{o}, nil)
		}
		h := Handler(core, Options{Now: clock})
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if w := get(b, h, "/?state=all"); w.Code != http.StatusOK || !strings.Contains(w.Body.String(), "of "+exact(uint64(n))) {
					b.Fatal(w.Code)
				}
			}
		})
		require.NoError(b, core.Shutdown(b.Context()))
	}
}

func BenchmarkDetail(b *testing.B) {
	_, h := shop(0)
	path := "/issues/" + webtest.ID(webtest.PaymentTitle)
	b.ReportAllocs()
	for b.Loop() {
		get(b, h, path)
	}
}
