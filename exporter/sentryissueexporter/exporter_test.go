package sentryissueexporter

import (
	"context"
	"encoding/json"
	"net/http"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/exporter/exportertest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"

	"github.com/otel-culprit/culprit/exporter/sentryissueexporter/internal/metadata"
	"github.com/otel-culprit/culprit/exporter/sentryissueexporter/internal/metadatatest"
	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/issue/eventlog"
	"github.com/otel-culprit/culprit/internal/stacktrace"
)

// started returns a running exporter without queue; its errors come back from ConsumeLogs.
func started(t *testing.T, change func(*Config)) (*sentryExporter, *componenttest.Telemetry) {
	t.Helper()
	cfg := createDefaultConfig().(*Config)
	change(cfg)
	require.NoError(t, cfg.Validate())
	tel := componenttest.NewTelemetry()
	set := exportertest.NewNopSettings(metadata.Type)
	set.TelemetrySettings = tel.NewTelemetrySettings()
	set.BuildInfo.Command, set.BuildInfo.Version = "otelcol-culprit", "1.2.3"
	e, err := newExporter(cfg, set)
	require.NoError(t, err)
	require.NoError(t, e.start(t.Context(), componenttest.NewNopHost()))
	t.Cleanup(func() {
		require.NoError(t, e.shutdown(context.Background()))
		require.NoError(t, e.shutdown(context.Background()))
		require.NoError(t, tel.Shutdown(context.Background()))
	})
	return e, tel
}

// queued returns a running exporter as the factory makes it, with a queue and fast retries.
func queued(t *testing.T, change func(*Config)) exporter.Logs {
	t.Helper()
	cfg := createDefaultConfig().(*Config)
	cfg.Retry.InitialInterval, cfg.Retry.MaxInterval, cfg.Retry.MaxElapsedTime = time.Millisecond, 20*time.Millisecond, 0
	change(cfg)
	e, err := NewFactory().CreateLogs(t.Context(), exportertest.NewNopSettings(metadata.Type), cfg)
	require.NoError(t, err)
	require.NoError(t, e.Start(t.Context(), componenttest.NewNopHost()))
	t.Cleanup(func() { require.NoError(t, e.Shutdown(context.Background())) })
	return e
}

func outcomeCount(outcome string, n int64) metricdata.DataPoint[int64] {
	return metricdata.DataPoint[int64]{Attributes: attribute.NewSet(attribute.String("outcome", outcome)), Value: n}
}

func assertOutcomes(t *testing.T, tel *componenttest.Telemetry, points ...metricdata.DataPoint[int64]) {
	t.Helper()
	metadatatest.AssertEqualExporterSentryIssueEvents(t, tel, points, metricdatatest.IgnoreTimestamp())
}

func TestEventAsSent(t *testing.T) {
	f := newFakeSentry(t)
	e, tel := started(t, func(c *Config) { c.DSN = configopaque.String(f.dsn("pub:sec", "/prefix/42")) })
	require.NoError(t, e.push(t.Context(), events("checkout", 1)))

	require.Len(t, f.payloads, 1)
	golden(t, "event.json", f.payloads[0])
	r := f.requests[0]
	assert.Equal(t, "/prefix/api/42/envelope/", r.URL.Path)
	assert.Equal(t, "gzip", r.Header.Get("Content-Encoding"))
	assert.Equal(t, "application/x-sentry-envelope", r.Header.Get("Content-Type"))
	assert.Equal(t, "Sentry sentry_version=7, sentry_client=otelcol-culprit/1.2.3, sentry_key=pub, sentry_secret=sec", r.Header.Get("X-Sentry-Auth"))
	assertOutcomes(t, tel, outcomeCount("sent", 1))
}

// golden compares JSON with a file. With CULPRIT_GOLDEN=write it writes the file and fails.
func golden(t *testing.T, name, got string) {
	t.Helper()
	file := filepath.Join("testdata", name)
	if os.Getenv("CULPRIT_GOLDEN") == "write" {
		var v any
		require.NoError(t, json.Unmarshal([]byte(got), &v))
		b, err := json.MarshalIndent(v, "", "  ")
		require.NoError(t, err)
		require.NoError(t, os.WriteFile(file, append(b, '\n'), 0o600))
		t.Fatalf("wrote %s: look at it and run again without CULPRIT_GOLDEN", file)
	}
	want, err := os.ReadFile(file)
	require.NoError(t, err)
	assert.JSONEq(t, string(want), got)
}

// A record that error_issue has stamped and that was sent here directly has its stack as text.
func TestStackAsText(t *testing.T) {
	n := occurrence("checkout", 0)
	n.Event.Language = "python"
	n.Event.Exceptions = []stacktrace.Exception{{Type: "shop.PayError", Message: "declined", Parent: -1}}
	n.Event.Stack = "Traceback (most recent call last):\n  File \"/srv/a.py\", line 3, in main\n  File \"/srv/b.py\", line 5, in pay\nPayError: declined\n"
	x := newEvent(&n, ByIssue).Exception.Values
	require.Len(t, x, 1)
	assert.Equal(t, "shop.PayError", x[0].Type)
	require.Len(t, x[0].Stacktrace.Frames, 2)
	assert.Equal(t, "pay", x[0].Stacktrace.Frames[1].Function)
}

func TestBreadcrumbsOnce(t *testing.T) {
	n := occurrence("checkout", 0)
	again := n.Event.Breadcrumbs[0]
	again.Time = again.Time.Add(time.Microsecond)
	later := again
	later.Time = again.Time.Add(time.Second)
	n.Event.Breadcrumbs = append(n.Event.Breadcrumbs, again, later)
	assert.Len(t, newEvent(&n, ByIssue).Breadcrumbs.Values, 3, "the same at the same time is one")
}

func TestSentryGroups(t *testing.T) {
	n := occurrence("checkout", 0)
	assert.Nil(t, newEvent(&n, BySentry).Fingerprint)
	assert.Equal(t, []string{"0123456789abcdef"}, newEvent(&n, ByIssue).Fingerprint)
}

func TestOnlyOccurrencesAreSent(t *testing.T) {
	f := newFakeSentry(t)
	e, tel := started(t, func(c *Config) { c.DSN = configopaque.String(f.dsn("k", "/1")) })
	ld := plog.NewLogs()
	rl := ld.ResourceLogs().AppendEmpty()
	records := rl.ScopeLogs().AppendEmpty().LogRecords()
	for i, name := range []string{issue.EventOccurrence, issue.EventStateChanged, issue.EventMilestone} {
		n := occurrence("checkout", i)
		n.Name, n.Milestone = name, 10
		eventlog.Write(n, rl.Resource(), records.AppendEmpty())
	}
	records.AppendEmpty().Body().SetStr("not an issue event")
	require.NoError(t, e.push(t.Context(), ld))
	assert.Equal(t, map[string]int{eventID("checkout", 0): 1}, f.counts())
	assertOutcomes(t, tel, outcomeCount("sent", 1), outcomeCount("skipped", 2), outcomeCount("invalid", 1))
}

func TestRouting(t *testing.T) {
	a, b := newFakeSentry(t), newFakeSentry(t)
	e, tel := started(t, func(c *Config) {
		c.Routing.DSNs = map[string]configopaque.String{
			"checkout": configopaque.String(a.dsn("k", "/1")), "pay": configopaque.String(b.dsn("k", "/2")),
		}
	})
	ld := events("checkout", 1)
	events("pay", 2).ResourceLogs().MoveAndAppendTo(ld.ResourceLogs())
	events("stray", 1).ResourceLogs().MoveAndAppendTo(ld.ResourceLogs())
	err := e.push(t.Context(), ld)
	require.ErrorContains(t, err, `no DSN for service "stray"`)
	assert.True(t, consumererror.IsPermanent(err))
	assert.Equal(t, map[string]int{eventID("checkout", 0): 1}, a.counts())
	assert.Equal(t, map[string]int{eventID("pay", 0): 1, eventID("pay", 1): 1}, b.counts())
	assertOutcomes(t, tel, outcomeCount("sent", 3), outcomeCount("no_dsn", 1))
}

// A batch that fails half-way comes back with exactly what was not sent.
func TestPartialFailure(t *testing.T) {
	down, up := newFakeSentry(t), newFakeSentry(t)
	down.on(func(n int, w http.ResponseWriter, _ *http.Request) bool {
		if n == 1 {
			return false
		}
		w.WriteHeader(http.StatusServiceUnavailable)
		return true
	})
	e, _ := started(t, func(c *Config) {
		c.DSN = configopaque.String(down.dsn("k", "/1"))
		c.Routing.DSNs = map[string]configopaque.String{"up": configopaque.String(up.dsn("k", "/1"))}
	})
	ld := events("down", 4)
	events("up", 2).ResourceLogs().MoveAndAppendTo(ld.ResourceLogs())
	err := e.push(t.Context(), ld)
	assert.False(t, consumererror.IsPermanent(err))
	var partial consumererror.Logs
	require.ErrorAs(t, err, &partial)

	want := events("down", 4)
	first := true
	want.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().RemoveIf(func(plog.LogRecord) bool { drop := first; first = false; return drop })
	assert.Equal(t, want, partial.Data())
	assert.Len(t, up.counts(), 2, "the other target is not held up")
	assert.Len(t, down.requests, 2, "a target that does not answer is tried once in a batch")
}

func TestRefusedForGood(t *testing.T) {
	for _, status := range []int{301, 400, 401, 403, 404, 413, 415} {
		f := newFakeSentry(t)
		f.on(func(n int, w http.ResponseWriter, _ *http.Request) bool {
			if n > 1 {
				return false
			}
			w.WriteHeader(status)
			_, err := w.Write([]byte(`{"detail":"event submission rejected","causes":["ProjectId"]}`))
			assert.NoError(t, err)
			return true
		})
		e, tel := started(t, func(c *Config) { c.DSN = configopaque.String(f.dsn("k", "/1")) })
		err := e.push(t.Context(), events("a", 1))
		require.ErrorContains(t, err, "event submission rejected: ProjectId")
		assert.True(t, consumererror.IsPermanent(err), status)
		assertOutcomes(t, tel, outcomeCount("rejected", 1))
		e.sendReports(t.Context())
		require.Len(t, f.reports, 1)
		assert.Contains(t, f.reports[0], `"discarded_events":[{"reason":"send_error","category":"error","quantity":1}]`)
	}
}

// A limit that ends soon holds the event back; nothing is sent meanwhile.
func TestRateLimitHolds(t *testing.T) {
	f := newFakeSentry(t)
	f.on(func(n int, w http.ResponseWriter, _ *http.Request) bool {
		if n > 1 {
			return false
		}
		w.Header().Set("X-Sentry-Rate-Limits", "50:error:project:quota, 1:log_item;log_byte:organization")
		w.WriteHeader(http.StatusTooManyRequests)
		return true
	})
	e, _ := started(t, func(c *Config) { c.DSN = configopaque.String(f.dsn("k", "/1")) })
	err := e.push(t.Context(), events("a", 3))
	assert.False(t, consumererror.IsPermanent(err))
	assert.ErrorContains(t, err, "Throttle (")
	var partial consumererror.Logs
	require.ErrorAs(t, err, &partial)
	assert.Equal(t, 3, partial.Data().LogRecordCount())
	assert.Len(t, f.requests, 1)
	require.Error(t, e.push(t.Context(), events("a", 3)))
	assert.Len(t, f.requests, 1, "nothing may be sent before the limit ends")
}

// A limit that lasts longer than max_rate_limit_wait drops events and reports those that the server never saw.
func TestRateLimitDrops(t *testing.T) {
	f := newFakeSentry(t)
	f.on(func(n int, w http.ResponseWriter, _ *http.Request) bool {
		if n == 1 {
			w.Header().Set("X-Sentry-Rate-Limits", "3600:error:organization") // on a 200, too
		}
		return false
	})
	e, tel := started(t, func(c *Config) { c.DSN = configopaque.String(f.dsn("k", "/1")) })
	err := e.push(t.Context(), events("a", 3))
	assert.True(t, consumererror.IsPermanent(err))
	assertOutcomes(t, tel, outcomeCount("sent", 1), outcomeCount("rate_limited", 2))
	e.sendReports(t.Context())
	require.Len(t, f.reports, 1)
	assert.Contains(t, f.reports[0], `{"reason":"ratelimit_backoff","category":"error","quantity":2}`)
	e.sendReports(t.Context())
	assert.Len(t, f.reports, 1, "nothing to report, nothing sent")
}

// Each event arrives exactly once although the server limits, fails, closes connections and is slow.
func TestExactlyOnce(t *testing.T) {
	f := newFakeSentry(t)
	f.on(func(n int, w http.ResponseWriter, r *http.Request) bool {
		switch n % 7 {
		case 1:
			w.Header().Set("X-Sentry-Rate-Limits", "0.02:error:project")
			w.WriteHeader(http.StatusTooManyRequests)
		case 2:
			w.Header().Set("Retry-After", "0")
			w.WriteHeader(http.StatusServiceUnavailable)
		case 3:
			panic(http.ErrAbortHandler)
		case 4:
			if n > 4 {
				return false
			}
			<-r.Context().Done() // until the client gives up
		case 5:
			w.WriteHeader(http.StatusBadGateway)
		default:
			return false
		}
		return true
	})
	e := queued(t, func(c *Config) {
		c.DSN = configopaque.String(f.dsn("k", "/1"))
		c.HTTP.Timeout = 3 * time.Second // shorter, a busy machine answers too late what it has taken
		c.HTTP.Compression = "zstd"
		c.Queue.Get().NumConsumers = 1 // the fake server answers one after another
	})
	want := map[string]int{}
	for _, service := range []string{"a", "bb", "ccc"} {
		require.NoError(t, e.ConsumeLogs(t.Context(), events(service, 5)))
		for i := range 5 {
			want[eventID(service, i)] = 1
		}
	}
	eventually(t, "all events arrive", func() bool { return len(f.counts()) == len(want) })
	assert.Equal(t, want, f.counts())
}

func TestUnreachable(t *testing.T) {
	e, tel := started(t, func(c *Config) { c.DSN = "http://k@127.0.0.1:1/42" })
	err := e.push(t.Context(), events("a", 2))
	assert.False(t, consumererror.IsPermanent(err))
	var partial consumererror.Logs
	require.ErrorAs(t, err, &partial)
	assert.Equal(t, 2, partial.Data().LogRecordCount())
	metadatatest.AssertEqualExporterSentryIssueAttempts(t, tel, []metricdata.DataPoint[int64]{{Value: 2}}, metricdatatest.IgnoreTimestamp())
}
