package sentryissueexporter

import (
	"compress/gzip"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otel-culprit/culprit/internal/grouping"
	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/issue/eventlog"
	"github.com/otel-culprit/culprit/internal/sentryproto"
	"github.com/otel-culprit/culprit/internal/stacktrace"
)

// fakeSentry is a server that keeps the letter of Sentry's protocol. Its script answers requests; it
// accepts what the script does not answer.
type fakeSentry struct {
	*httptest.Server
	t *testing.T

	mu       sync.Mutex
	script   func(n int, w http.ResponseWriter, r *http.Request) (answered bool)
	requests []*http.Request
	accepted map[string]int // by event ID
	payloads []string       // of accepted events
	reports  []string
}

func newFakeSentry(t *testing.T) *fakeSentry {
	f := &fakeSentry{t: t, accepted: map[string]int{}}
	f.Server = httptest.NewServer(f)
	t.Cleanup(f.Close)
	return f
}

func (f *fakeSentry) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	body, err := decode(r)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.requests = append(f.requests, r)
	if !assert.NoError(f.t, err) {
		return
	}
	if f.script != nil && f.script(len(f.requests), w, r) {
		return
	}
	e, err := sentryproto.ParseEnvelope(body, 100)
	if !assert.NoError(f.t, err) {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	for _, item := range e.Items {
		if item.Type == sentryproto.ItemClientReport {
			f.reports = append(f.reports, string(item.Payload))
			continue
		}
		assert.Equal(f.t, "event", item.Type)
		f.accepted[e.EventID]++
		f.payloads = append(f.payloads, string(item.Payload))
	}
	fmt.Fprintf(w, `{"id":%q}`, e.EventID)
}

func decode(r *http.Request) ([]byte, error) {
	switch r.Header.Get("Content-Encoding") {
	case "gzip":
		z, err := gzip.NewReader(r.Body)
		if err != nil {
			return nil, err
		}
		return io.ReadAll(z)
	case "zstd":
		z, err := zstd.NewReader(r.Body)
		if err != nil {
			return nil, err
		}
		defer z.Close()
		return io.ReadAll(z)
	}
	return io.ReadAll(r.Body)
}

// on replaces the script.
func (f *fakeSentry) on(script func(n int, w http.ResponseWriter, r *http.Request) bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.script = script
}

func (f *fakeSentry) dsn(key, path string) string {
	return strings.Replace(f.URL, "http://", "http://"+key+"@", 1) + path
}

func (f *fakeSentry) counts() map[string]int {
	f.mu.Lock()
	defer f.mu.Unlock()
	out := map[string]int{}
	for k, v := range f.accepted {
		out[k] = v
	}
	return out
}

// events makes a batch of n occurrences of a service; the same arguments make the same events.
func events(service string, n int) plog.Logs {
	ld := plog.NewLogs()
	rl := ld.ResourceLogs().AppendEmpty()
	sl := rl.ScopeLogs().AppendEmpty()
	for i := range n {
		notice := occurrence(service, i)
		eventlog.Write(notice, rl.Resource(), sl.LogRecords().AppendEmpty())
	}
	return ld
}

var base = time.Date(2026, 11, 22, 10, 57, 17, 286_000_000, time.UTC)

func eventID(service string, i int) string {
	return fmt.Sprintf("%08x%08x40008000%08x", len(service), service[0], i)[:32]
}

func occurrence(service string, i int) issue.Notice {
	handled := false
	return issue.Notice{
		Name: issue.EventOccurrence,
		Time: base.Add(time.Duration(i) * time.Millisecond),
		Issue: issue.Summary{
			ID: "0123456789abcdef", Title: "PaymentError: card declined", Culprit: "charge in pay.js", Owner: "team-pay",
			Service: service, Level: "error", State: issue.New, Count: 3, Users: 2, FirstSeen: base, LastSeen: base,
			URL: "http://localhost:4380/issues/0123456789abcdef", Basis: grouping.ByStack,
		},
		Event: &issue.Event{
			ID: eventID(service, i), Time: base.Add(time.Duration(i) * time.Millisecond),
			TraceID: "771a43a4192642f0b136d5159a501700", SpanID: "1234567890abcdef",
			Service: service, Environment: "staging", Release: "1.4.2", Level: "error", Message: "import failed for 7",
			Template: "import failed for {}", Logger: "app.core", Transaction: "POST /orders/{id}", Language: stacktrace.NodeJS,
			Handled: &handled,
			Exceptions: []stacktrace.Exception{
				{Type: "PaymentError", Message: "card declined", Parent: -1, Frames: []stacktrace.Frame{
					{Function: "charge", File: "/srv/app/pay.js", Line: 12, Column: 9, InApp: true},
					{Function: "Layer.handle", File: "/srv/app/node_modules/express/lib/layer.js", Line: 95, Column: 5},
				}},
				{Type: "TypeError", Message: "fetch failed", Parent: 0, Relation: stacktrace.Cause, Frames: []stacktrace.Frame{
					{Function: "fetch", Module: "undici", File: "node:internal/deps/undici/undici", Line: 11118, Column: 11},
				}},
			},
			Breadcrumbs: []issue.Breadcrumb{
				{Time: base.Add(-time.Second), Service: service, Category: "auth", Level: "info", Message: "user logged in", SpanID: "aaaaaaaaaaaaaaaa"},
				{Time: base.Add(-time.Millisecond), Service: "gateway", Category: "http", Level: "error", Message: "GET /x 500", Data: map[string]string{"http.response.status_code": "500"}},
			},
			Request: map[string]string{
				"method": "post", "url": "https://shop.example/orders/7", "query_string": "q=1", "status_code": "500",
				"client_address": "[IP]", "header.user-agent": "curl/8.5", "header.cookie": "sid=[COOKIE]",
			},
			User: map[string]string{"id": "[USER]", "hash": "9f2c41d0aa", "email": "[EMAIL]"},
			Tags: map[string]string{"plan": "pro", "release": "no", "a b": "x"},
			Resource: map[string]string{
				"telemetry.sdk.language": "nodejs", "os.type": "linux", "process.runtime.name": "nodejs", "process.runtime.version": "20.1.0",
				"k8s.pod.name": "pay-1", "cloud.provider": "aws", "cloud.region": "eu-west-1", "host.name": "node-1", "host.arch": "amd64",
				"device.model.name": "x", "team": "pay",
			},
			Extra: map[string]string{"cart.size": "3"},
		},
	}
}

// eventually fails the test when the condition stays false.
func eventually(t *testing.T, what string, condition func() bool) {
	t.Helper()
	require.Eventually(t, condition, 30*time.Second, 5*time.Millisecond, what)
}
