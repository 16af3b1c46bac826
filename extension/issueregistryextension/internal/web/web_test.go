package web

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/html"

	"github.com/otel-culprit/culprit/extension/issueregistryextension/internal/web/webtest"
	"github.com/otel-culprit/culprit/internal/issue"
)

// noon is the time at which all tests look at the page.
var noon = time.Date(2026, 11, 18, 12, 30, 0, 0, time.UTC)

func clock() time.Time { return noon }

func shop(filler int) (*webtest.Source, http.Handler) {
	s := webtest.New(clock)
	s.Fill(filler)
	return s, Handler(s, Options{Version: "v1.2.3", Now: clock})
}

// get requests a path and returns the answer.
func get(t testing.TB, h http.Handler, path string, cookies ...*http.Cookie) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest(http.MethodGet, "http://localhost:4380"+path, nil)
	for _, c := range cookies {
		r.AddCookie(c)
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

// page requests a path that must answer with a page, and returns its parsed document and its text.
func page(t testing.TB, h http.Handler, path string) (*html.Node, string) {
	t.Helper()
	w := get(t, h, path)
	require.Equal(t, http.StatusOK, w.Code, w.Body.String())
	doc, err := html.Parse(strings.NewReader(w.Body.String()))
	require.NoError(t, err)
	return doc, w.Body.String()
}

// all returns the elements of a document for which ok is true.
func all(n *html.Node, ok func(*html.Node) bool) []*html.Node {
	var found []*html.Node
	for d := range n.Descendants() {
		if d.Type == html.ElementNode && ok(d) {
			found = append(found, d)
		}
	}
	return found
}

func attr(n *html.Node, key string) string {
	for _, a := range n.Attr {
		if a.Key == key {
			return a.Val
		}
	}
	return ""
}

func class(name string) func(*html.Node) bool {
	return func(n *html.Node) bool { return strings.Contains(" "+attr(n, "class")+" ", " "+name+" ") }
}

// text is the text below a node with its white space folded.
func text(n *html.Node) string {
	var b strings.Builder
	for d := range n.Descendants() {
		if d.Type == html.TextNode {
			b.WriteString(d.Data + " ")
		}
	}
	return strings.Join(strings.Fields(b.String()), " ")
}

func TestEveryAnswerIsGuarded(t *testing.T) {
	_, h := shop(0)
	for _, path := range []string{"/", "/services", "/issues/" + webtest.ID(webtest.PaymentTitle), "/issues/none", "/nowhere", assets.url("app.css"), assets.url("js/main.js")} {
		header := get(t, h, path).Header()
		assert.Equal(t, policy, header.Get("Content-Security-Policy"), path)
		assert.Equal(t, "nosniff", header.Get("X-Content-Type-Options"), path)
		assert.Equal(t, "DENY", header.Get("X-Frame-Options"), path)
		assert.Equal(t, "no-referrer", header.Get("Referrer-Policy"), path)
	}
}

func TestAssets(t *testing.T) {
	_, h := shop(0)
	w := get(t, h, assets.url("app.css"))
	assert.Equal(t, "text/css; charset=utf-8", w.Header().Get("Content-Type"))
	assert.Contains(t, w.Header().Get("Cache-Control"), "immutable")
	for _, part := range []string{"--bg:", ".row-head", ".timeline", ".services", ".toast", "max-width: 600px"} {
		assert.Contains(t, w.Body.String(), part)
	}
	w = get(t, h, assets.url("js/live.js"))
	assert.Equal(t, "text/javascript; charset=utf-8", w.Header().Get("Content-Type"))
	assert.Equal(t, "no-cache", get(t, h, "/assets/old/app.css").Header().Get("Cache-Control"), "the file of another version is not kept")
	assert.Equal(t, http.StatusNotFound, get(t, h, assets.url("js/none.js")).Code)
	assert.Equal(t, http.StatusFound, get(t, h, "/favicon.ico").Code)
}

// Nothing that we ship asks another host for anything.
func TestAssetsNameNoOtherHost(t *testing.T) {
	for name, content := range assets.files {
		s := strings.ReplaceAll(string(content), "http://www.w3.org/2000/svg", "")
		assert.NotRegexp(t, `(https?:)?//[a-z0-9-]+\.[a-z]`, s, name)
		assert.NotContains(t, s, "@import", name)
	}
}

func TestThemeComesFromTheCookie(t *testing.T) {
	_, h := shop(0)
	assert.Contains(t, get(t, h, "/").Body.String(), `<html lang="en">`)
	assert.Contains(t, get(t, h, "/", &http.Cookie{Name: "culprit_theme", Value: "dark"}).Body.String(), `<html lang="en" data-theme="dark">`)
	assert.Contains(t, get(t, h, "/", &http.Cookie{Name: "culprit_theme", Value: `x" onload="alert(1)`}).Body.String(), `<html lang="en">`)
}

func TestWhatIsNotThere(t *testing.T) {
	_, h := shop(0)
	w := get(t, h, "/issues/0000000000000000")
	assert.Equal(t, http.StatusNotFound, w.Code)
	assert.Contains(t, w.Body.String(), "No such issue")
	assert.Equal(t, http.StatusNotFound, get(t, h, "/nowhere").Code)
	w = get(t, h, "/?after=bad")
	assert.Equal(t, http.StatusBadRequest, w.Code)
	assert.Contains(t, w.Body.String(), "not the cursor of a page")

	r := httptest.NewRequest(http.MethodPost, "http://localhost:4380/", strings.NewReader("x"))
	post := httptest.NewRecorder()
	h.ServeHTTP(post, r)
	assert.Equal(t, http.StatusMethodNotAllowed, post.Code)
}

// away is a registry whose store does not answer.
type away struct{ *webtest.Source }

func (away) List(context.Context, issue.Query) (issue.Page, error) {
	return issue.Page{}, errors.New("dial tcp 10.0.0.7:6379: connection refused")
}

func TestStoreAway(t *testing.T) {
	w := get(t, Handler(away{webtest.New(clock)}, Options{Now: clock}), "/")
	assert.Equal(t, http.StatusServiceUnavailable, w.Code)
	assert.Contains(t, w.Body.String(), "The issue store does not answer")
	assert.Contains(t, w.Body.String(), "connection refused")
}

func requestTo(host string, u *url.URL) *http.Request { return &http.Request{Host: host, URL: u} }
