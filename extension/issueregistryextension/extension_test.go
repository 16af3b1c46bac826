package issueregistryextension

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/extension"
	"go.opentelemetry.io/collector/extension/extensiontest"

	"github.com/otel-culprit/culprit/extension/issueregistryextension/internal/metadata"
	"github.com/otel-culprit/culprit/internal/grouping"
	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/stacktrace"
)

func settings() extension.Settings { return extensiontest.NewNopSettings(metadata.Type) }

// running is a started extension with a client.
type running struct {
	*registry
	t    *testing.T
	base string
	n    byte
}

func run(t *testing.T, edit ...func(*Config)) *running {
	t.Helper()
	cfg := createDefaultConfig().(*Config)
	cfg.HTTP.Get().NetAddr.Endpoint = "localhost:0"
	cfg.Store = StoreConfig{Type: storeMemory, MaxBytes: 1 << 30}
	for _, f := range edit {
		f(cfg)
	}
	e, err := NewFactory().Create(t.Context(), settings(), cfg)
	require.NoError(t, err)
	r := &running{registry: e.(*registry), t: t}
	require.NoError(t, r.Start(t.Context(), componenttest.NewNopHost()))
	t.Cleanup(func() { require.NoError(t, r.Shutdown(context.Background())) })
	if r.address != nil {
		r.base = "http://" + r.address.String()
	}
	return r
}

func (r *running) do(method, path, body string, edit ...func(*http.Request)) (int, http.Header, string) {
	r.t.Helper()
	req, err := http.NewRequestWithContext(r.t.Context(), method, r.base+path, strings.NewReader(body))
	require.NoError(r.t, err)
	if body != "" {
		req.Header.Set("Content-Type", "application/json")
	}
	for _, f := range edit {
		f(req)
	}
	client := http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	resp, err := client.Do(req)
	require.NoError(r.t, err)
	defer func() { _ = resp.Body.Close() }()
	b, err := io.ReadAll(resp.Body)
	require.NoError(r.t, err)
	return resp.StatusCode, resp.Header, string(b)
}

func (r *running) get(path string) map[string]any {
	r.t.Helper()
	status, header, body := r.do(http.MethodGet, path, "")
	require.Equal(r.t, 200, status, body)
	require.Equal(r.t, "application/json", header.Get("Content-Type"))
	var out map[string]any
	require.NoError(r.t, json.Unmarshal([]byte(body), &out))
	return out
}

const attack = `<script>alert(1)</script> "><img src=x onerror=alert(1)>`

func (r *running) fail(id, service string) issue.Verdict {
	r.n++
	o := issue.Occurrence{
		Key: issue.Key{1: r.n}, Issue: id, Title: "ValueError: " + attack, Culprit: "charge in pay.py", Level: "error", Basis: grouping.ByStack,
		Fingerprint: []grouping.Part{{Name: "type", Value: "ValueError"}}, Service: service, Release: "1.0", Signal: issue.LogRecord, Time: time.Now(),
		TraceID: [16]byte{1, 15: r.n}, SpanID: [8]byte{1: r.n}, Tags: map[string]string{"route": "/pay", "contact": "jane.doe@example.org"},
	}
	o.Sample = func() *issue.Event {
		return &issue.Event{
			ID: o.Key.String(), Time: o.Time, TraceID: fmt.Sprintf("%x", o.TraceID), SpanID: fmt.Sprintf("%x", o.SpanID), Service: service, Level: "error",
			Message: "mail to jane.doe@example.org failed", Breadcrumbs: []issue.Breadcrumb{{Time: o.Time, Message: "asked jane.doe@example.org"}},
			Exceptions: []stacktrace.Exception{{Type: "ValueError", Message: attack, Parent: -1, Frames: []stacktrace.Frame{{Function: "charge", File: "pay.py", Line: 3, InApp: true}}}},
		}
	}
	return r.Judge(r.t.Context(), []issue.Occurrence{o}, nil)[0]
}

const idA, idB = "aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbb"

func TestAPI(t *testing.T) {
	r := run(t)
	for range 3 {
		r.fail(idA, "billing")
	}
	r.fail(idB, "shop")
	list := r.get("/api/issues?sort=count")
	require.Equal(t, "", list["next"])
	issues := list["issues"].([]any)
	require.Len(t, issues, 2)
	first := issues[0].(map[string]any)
	for _, key := range []string{"id", "title", "culprit", "service", "state", "level", "count", "users", "first_seen", "last_seen", "url"} {
		require.Contains(t, first, key)
	}
	require.Equal(t, idA, first["id"])
	require.EqualValues(t, 3, first["count"])
	require.Equal(t, "http://localhost:4380/issues/"+idA, first["url"])
	require.Len(t, r.get("/api/issues?service=shop")["issues"], 1)
	require.Len(t, r.get("/api/issues?state=resolved,muted")["issues"], 0)
	require.Len(t, r.get("/api/issues?state=open&text=PAY.py+shop")["issues"], 1)
	page := r.get("/api/issues?limit=1")
	require.NotEmpty(t, page["next"])
	second := r.get("/api/issues?limit=1&page=" + page["next"].(string))
	require.NotEqual(t, page["issues"].([]any)[0].(map[string]any)["id"], second["issues"].([]any)[0].(map[string]any)["id"])
	require.Equal(t, "", second["next"])

	one := r.get("/api/issues/" + idA)
	for _, key := range []string{"exceptions", "breadcrumbs", "tags", "releases", "services", "history", "fingerprint"} {
		require.Contains(t, one, key)
	}
	frame := one["exceptions"].([]any)[0].(map[string]any)["frames"].([]any)[0].(map[string]any)
	require.Equal(t, map[string]any{"function": "charge", "file": "pay.py", "line": 3.0, "in_app": true}, frame)
	events := r.get("/api/issues/" + idA + "/events")["events"].([]any)
	require.NotEmpty(t, events)
	require.Contains(t, events[0].(map[string]any)["links"].(map[string]any)["trace"], "http://localhost:16686/trace/01")

	status, _, body := r.do(http.MethodPost, "/api/issues/"+idA+"/resolve", "{}")
	require.Equal(t, 200, status, body)
	require.Contains(t, body, `"state":"resolved"`)
	time.Sleep(2 * time.Millisecond)
	require.Equal(t, issue.Regressed, r.fail(idA, "billing").State)
	status, _, body = r.do(http.MethodPost, "/api/issues/"+idA+"/mute", `{"duration": "24h", "count": 5, "reason": "known"}`)
	require.Equal(t, 200, status, body)
	require.Contains(t, body, `"until_count":9`)
	status, _, _ = r.do(http.MethodPost, "/api/issues/"+idA+"/reopen", "")
	require.Equal(t, 200, status)
	require.Equal(t, "ongoing", r.get("/api/issues/" + idA)["state"])
	status, _, body = r.do(http.MethodPost, "/api/issues/"+idA+"/merge", `{"ids": ["`+idB+`"]}`)
	require.Equal(t, 200, status, body)
	require.Equal(t, idA, r.get("/api/issues/" + idB)["id"])
	status, _, body = r.do(http.MethodPost, "/api/issues/"+idA+"/split", `{"ids": ["`+idB+`"]}`)
	require.Equal(t, 200, status, body)

	r.Report([]issue.ServiceReport{{Service: "shop", Records: map[string]uint64{"logs": 10}, Errors: 1, TraceIDs: map[string]uint64{"present": 6, "recovered": 2, "missing": 2}}})
	services := r.get("/api/services")["services"].([]any)
	require.Len(t, services, 2)
	require.InDelta(t, 0.8, services[1].(map[string]any)["coverage"], 1e-9)
	require.Equal(t, "ok", r.get("/api/healthz")["status"])
	require.Equal(t, "3.1.0", r.get("/api/openapi.json")["openapi"])
	status, header, body := r.do(http.MethodGet, "/api/issues?format=text", "")
	require.Equal(t, 200, status)
	require.Contains(t, header.Get("Content-Type"), "text/plain")
	require.Contains(t, body, "ID ")
	require.Contains(t, body, idA+"  ongoing  error")
}

func TestErrorsOfTheAPI(t *testing.T) {
	r := run(t)
	r.fail(idA, "billing")
	f := func(method, path, body string, want int, text string) {
		t.Helper()
		status, header, got := r.do(method, path, body)
		require.Equal(t, want, status, got)
		require.Equal(t, "application/json", header.Get("Content-Type"))
		require.Contains(t, got, text)
		require.Contains(t, got, `{"error":`)
	}
	f("GET", "/api/issues/unknown", "", 404, "no such issue")
	f("POST", "/api/issues/unknown/resolve", "{}", 404, "no such issue")
	f("GET", "/api/issues?sort=name", "", 400, "'sort' must be")
	f("GET", "/api/issues?state=gone", "", 400, "'state' must be")
	f("GET", "/api/issues?limit=0", "", 400, "'limit' must be")
	f("GET", "/api/issues?page=x", "", 400, "'page' must be")
	f("GET", "/api/issues?format=xml", "", 400, "'format' must be")
	f("POST", "/api/issues/"+idA+"/mute", `{"duration": "soon"}`, 400, "'duration' must be")
	f("POST", "/api/issues/"+idA+"/mute", `{"duratoin": "1h"}`, 400, "duratoin")
	f("POST", "/api/issues/"+idA+"/mute", `[`, 400, "must be a JSON object")
	f("POST", "/api/issues/"+idA+"/resolve", `{"reason": "`+strings.Repeat("x", 20000)+`"}`, 400, "too large")
	f("POST", "/api/issues/"+idA+"/merge", `{}`, 400, "'ids' must name")
	f("GET", "/api/issues/"+idA+"/resolve", "", 405, "GET is not for")
	f("DELETE", "/api/issues", "", 405, "DELETE is not for")
	f("GET", "/api/nothing", "", 404, "/api/openapi.json")
}

func TestForeignPagesAreKeptOut(t *testing.T) {
	r := run(t, func(c *Config) { c.AllowedHosts = []string{"issues.example.com", "*.internal"} })
	r.fail(idA, "billing")
	host := func(h string) func(*http.Request) { return func(q *http.Request) { q.Host = h } }
	f := func(want int, h string) {
		t.Helper()
		status, _, _ := r.do(http.MethodGet, "/api/issues", "", host(h))
		require.Equal(t, want, status, h)
		status, _, _ = r.do(http.MethodGet, "/", "", host(h))
		require.Equal(t, want, status, h)
	}
	port := r.address.String()[strings.LastIndex(r.address.String(), ":"):]
	for _, h := range []string{"localhost" + port, "LOCALHOST", "127.0.0.1" + port, "[::1]" + port, "issues.example.com", "a.internal:80"} {
		f(200, h)
	}
	for _, h := range []string{"evil.example", "localhost.evil.example" + port, "example.com", ".internal", "evil.example:4380", "10.0.0.1", "127.0.0.1.nip.io"} {
		f(421, h)
	}
	post := func(edit ...func(*http.Request)) int {
		status, _, _ := r.do(http.MethodPost, "/api/issues/"+idA+"/resolve", "{}", edit...)
		return status
	}
	header := func(k, v string) func(*http.Request) { return func(q *http.Request) { q.Header.Set(k, v) } }
	require.Equal(t, 403, post(header("Origin", "https://evil.example")))
	require.Equal(t, 403, post(header("Origin", "null")))
	require.Equal(t, 403, post(header("Sec-Fetch-Site", "cross-site")))
	require.Equal(t, 403, post(header("Sec-Fetch-Site", "same-site")))
	require.Equal(t, 403, post(header("Origin", "http://localhost:1")))
	require.Equal(t, "new", r.get("/api/issues/" + idA)["state"])
	require.Equal(t, 415, post(header("Content-Type", "text/plain")), "a form of another site could send that")
	require.Equal(t, 200, post(header("Origin", r.base)))
	require.Equal(t, 200, post(header("Sec-Fetch-Site", "same-origin")))
	require.Equal(t, 200, post())
}

func TestHeaders(t *testing.T) {
	r := run(t)
	r.fail(idA, "billing")
	for _, path := range []string{"/", "/api/issues", "/api/nothing", "/issues/" + idA, "/services"} {
		status, h, body := r.do(http.MethodGet, path, "")
		require.Less(t, status, 500, path)
		require.Contains(t, h.Get("Content-Security-Policy"), "default-src 'none'", path)
		require.NotContains(t, h.Get("Content-Security-Policy"), "unsafe", path)
		require.Equal(t, "nosniff", h.Get("X-Content-Type-Options"))
		require.Equal(t, "DENY", h.Get("X-Frame-Options"))
		require.Empty(t, h.Get("Set-Cookie"))
		require.Empty(t, h.Get("Access-Control-Allow-Origin"))
		require.NotContains(t, body, "<script>alert", path)
		require.NotContains(t, body, "<img src=x", path)
	}
}

func TestWhatIsStoredIsRedacted(t *testing.T) {
	for redact, want := range map[string]bool{redactDefault: false, redactOff: true} {
		r := run(t, func(c *Config) { c.Redact = redact })
		r.fail(idA, "billing")
		for _, path := range []string{"/api/issues/" + idA, "/api/issues/" + idA + "/events", "/issues/" + idA} {
			_, _, body := r.do(http.MethodGet, path, "")
			require.Equal(t, want, strings.Contains(body, "jane.doe"), "%s %s", redact, path)
		}
	}
}

func TestStream(t *testing.T) {
	r := run(t)
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, r.base+"/api/stream", nil)
	require.NoError(t, err)
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer func() { _ = resp.Body.Close() }()
	require.Equal(t, "text/event-stream", resp.Header.Get("Content-Type"))
	lines := bufio.NewScanner(resp.Body)
	require.True(t, lines.Scan())
	r.fail(idA, "billing")
	for lines.Scan() {
		if data, ok := strings.CutPrefix(lines.Text(), "data: "); ok {
			var u issue.Update
			require.NoError(t, json.Unmarshal([]byte(data), &u))
			require.Equal(t, idA, u.Issue.ID)
			return
		}
	}
	t.Fatal("the stream ended")
}

func TestSurvivesRestart(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "state")
	t.Setenv("STATE_DIRECTORY", dir)
	onDisk := func(c *Config) { c.Store = defaultStoreConfig() }
	r := run(t, onDisk)
	r.fail(idA, "billing")
	_, err := r.Resolve(t.Context(), idA, issue.Resolve{})
	require.NoError(t, err)
	r.Report([]issue.ServiceReport{{Service: "shop", Errors: 3}})
	require.NoError(t, r.Shutdown(t.Context()))
	require.NoError(t, r.Shutdown(t.Context()))
	_, err = os.Stat(filepath.Join(dir, "issues.db"))
	require.NoError(t, err)
	r = run(t, onDisk)
	require.Equal(t, "resolved", r.get("/api/issues/" + idA)["state"])
	require.Len(t, r.get("/api/services")["services"], 2)
}

func TestStartTeaches(t *testing.T) {
	file := filepath.Join(t.TempDir(), "file")
	require.NoError(t, os.WriteFile(file, nil, 0o600))
	cfg := createDefaultConfig().(*Config)
	cfg.Store.Path = filepath.Join(file, "x")
	e := newRegistry(settings(), cfg)
	require.ErrorContains(t, e.Start(t.Context(), componenttest.NewNopHost()), "'store::path'")
	require.NoError(t, e.Shutdown(t.Context()))

	r := run(t)
	cfg = createDefaultConfig().(*Config)
	cfg.Store = StoreConfig{Type: storeMemory}
	cfg.HTTP.Get().NetAddr.Endpoint = r.address.String()
	e = newRegistry(settings(), cfg)
	require.ErrorContains(t, e.Start(t.Context(), componenttest.NewNopHost()), "'http::endpoint'")
}

func TestIsARegistry(t *testing.T) {
	r := run(t, func(c *Config) {
		c.HTTP = createDefaultConfig().(*Config).HTTP
		c.HTTP.Get().NetAddr.Endpoint = "localhost:0"
	})
	var ext component.Component = r.registry
	_, ok := ext.(issue.Registry)
	require.True(t, ok)
	_, ok = ext.(issue.NewLimiter)
	require.True(t, ok)
}
