package lokiexporter

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/grafana/loki/pkg/push"
	"github.com/klauspost/compress/snappy"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/exporter/exporterhelper"
	"go.opentelemetry.io/collector/exporter/exportertest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otel-culprit/culprit/exporter/lokiexporter/internal/metadata"
)

// fakeLoki keeps what is pushed and answers as told; the real one is used by the end-to-end tests.
type fakeLoki struct {
	mu      sync.Mutex
	pushes  []received
	answers []func(http.ResponseWriter) // one for each push; when used up 204
	server  *httptest.Server
}

type received struct {
	tenant  string
	streams []push.Stream
}

func newFakeLoki(tb testing.TB, answers ...func(http.ResponseWriter)) *fakeLoki {
	tb.Helper()
	f := &fakeLoki{answers: answers}
	f.server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := io.ReadAll(r.Body)
		assert.NoError(tb, err)
		raw, err := snappy.Decode(nil, body)
		assert.NoError(tb, err)
		var req push.PushRequest
		assert.NoError(tb, req.Unmarshal(raw))
		f.mu.Lock()
		f.pushes = append(f.pushes, received{r.Header.Get("X-Scope-OrgID"), req.Streams})
		answer := func(w http.ResponseWriter) { w.WriteHeader(http.StatusNoContent) }
		if len(f.answers) > 0 {
			answer, f.answers = f.answers[0], f.answers[1:]
		}
		f.mu.Unlock()
		answer(w)
	}))
	tb.Cleanup(f.server.Close)
	return f
}

func status(code int, body string, headers ...string) func(http.ResponseWriter) {
	return func(w http.ResponseWriter) {
		for i := 0; i+1 < len(headers); i += 2 {
			w.Header().Set(headers[i], headers[i+1])
		}
		http.Error(w, body, code)
	}
}

// start runs an exporter without a queue, so that a test sees its errors.
func start(tb testing.TB, f *fakeLoki, change func(*Config)) func(plog.Logs) error {
	tb.Helper()
	cfg := createDefaultConfig().(*Config)
	cfg.HTTP.Endpoint = f.server.URL + "/loki/api/v1/push"
	cfg.Queue = configoptional.None[exporterhelper.QueueBatchConfig]()
	cfg.Retry.Enabled = false
	if change != nil {
		change(cfg)
	}
	require.NoError(tb, cfg.Validate())
	e, err := NewFactory().CreateLogs(context.Background(), exportertest.NewNopSettings(metadata.Type), cfg)
	require.NoError(tb, err)
	require.NoError(tb, e.Start(context.Background(), componenttest.NewNopHost()))
	tb.Cleanup(func() { require.NoError(tb, e.Shutdown(context.Background())) })
	return func(logs plog.Logs) error { return e.ConsumeLogs(context.Background(), logs) }
}

var epoch = time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)

// records makes n log records of one service, in reverse order of time.
func records(service string, n int) plog.Logs {
	logs := plog.NewLogs()
	rl := logs.ResourceLogs().AppendEmpty()
	rl.Resource().Attributes().PutStr("service.name", service)
	rl.Resource().Attributes().PutStr("deployment.environment.name", "prod")
	rl.Resource().Attributes().PutStr("host.name", "h1")
	sl := rl.ScopeLogs().AppendEmpty()
	sl.Scope().SetName("my.logger")
	for i := range n {
		lr := sl.LogRecords().AppendEmpty()
		lr.SetTimestamp(pcommon.NewTimestampFromTime(epoch.Add(-time.Duration(i) * time.Second)))
		lr.Body().SetStr(fmt.Sprintf("line %d", i))
		lr.SetTraceID(pcommon.TraceID{1, 2, byte(i)})
		lr.SetSpanID(pcommon.SpanID{3})
		lr.SetSeverityNumber(plog.SeverityNumberError)
		lr.SetSeverityText("ERROR")
		lr.Attributes().PutStr("issue.id", "0123456789abcdef")
		lr.Attributes().PutInt("http.response.status_code", 500)
		lr.Attributes().PutStr("trace_id", "what a client wrote")
		m := lr.Attributes().PutEmptyMap("order")
		m.PutInt("id", 7)
	}
	return logs
}

func TestPushShape(t *testing.T) {
	f := newFakeLoki(t)
	require.NoError(t, start(t, f, nil)(records("checkout", 3)))

	require.Len(t, f.pushes, 1)
	require.Len(t, f.pushes[0].streams, 1)
	s := f.pushes[0].streams[0]
	assert.Equal(t, `{deployment_environment_name="prod", service_name="checkout"}`, s.Labels)
	var lines []string
	for _, e := range s.Entries {
		lines = append(lines, e.Line)
	}
	assert.Equal(t, []string{"line 2", "line 1", "line 0"}, lines, "in order of time")
	assert.Equal(t, push.LabelsAdapter{
		{Name: "trace_id", Value: "01020200000000000000000000000000"},
		{Name: "span_id", Value: "0300000000000000"},
		{Name: "issue_id", Value: "0123456789abcdef"},
		{Name: "severity_text", Value: "ERROR"},
		{Name: "severity_number", Value: "17"},
		{Name: "http_response_status_code", Value: "500"},
		{Name: "order_id", Value: "7"},
		{Name: "scope_name", Value: "my.logger"},
		{Name: "host_name", Value: "h1"},
	}, s.Entries[0].StructuredMetadata)
}

func TestLineFormats(t *testing.T) {
	f := func(format LineFormat, expected string) {
		t.Helper()
		logs := records("checkout", 1)
		got := newFakeLoki(t)
		require.NoError(t, start(t, got, func(c *Config) { c.Line = format })(logs))
		assert.Equal(t, expected, got.pushes[0].streams[0].Entries[0].Line)
	}
	f(LineBody, "line 0")
	f(LineJSON, `{"time":"2026-11-22T12:00:00Z","severity":"ERROR","body":"line 0","trace_id":"01020000000000000000000000000000","span_id":"0300000000000000",`+
		`"attributes":{"http.response.status_code":500,"issue.id":"0123456789abcdef","order":{"id":7},"trace_id":"what a client wrote"},`+
		`"resource":{"deployment.environment.name":"prod","host.name":"h1","service.name":"checkout"},"scope":"my.logger"}`)
	f(LineLogfmt, `level=error msg="line 0" trace_id=01020000000000000000000000000000 span_id=0300000000000000 scope=my.logger issue.id=0123456789abcdef `+
		`http.response.status_code=500 trace_id="what a client wrote" order="{\"id\":7}" service.name=checkout deployment.environment.name=prod host.name=h1`)
}

func TestTenantAndAttributeLabels(t *testing.T) {
	f := newFakeLoki(t)
	logs := records("checkout", 2)
	sl := logs.ResourceLogs().At(0).ScopeLogs().At(0)
	sl.LogRecords().At(0).Attributes().PutStr("team", "a")
	sl.LogRecords().At(1).Attributes().PutStr("team", "b")
	require.NoError(t, start(t, f, func(c *Config) {
		c.Tenant.Attribute = "team"
		c.Labels.Attributes = []string{"team"}
		c.Labels.Static = map[string]string{"cluster": `quo"te`}
	})(logs))

	require.Len(t, f.pushes, 2)
	slices.SortFunc(f.pushes, func(a, b received) int { return strings.Compare(a.tenant, b.tenant) })
	assert.Equal(t, "a", f.pushes[0].tenant)
	assert.Equal(t, `{cluster="quo\"te", deployment_environment_name="prod", service_name="checkout", team="a"}`, f.pushes[0].streams[0].Labels)
	assert.Equal(t, "b", f.pushes[1].tenant)
}

func TestLabelOverflowBecomesMetadata(t *testing.T) {
	f := newFakeLoki(t)
	logs := records("checkout", 5)
	for i, lr := range logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().All() {
		lr.Attributes().PutStr("pod", fmt.Sprintf("pod-%d", i))
	}
	require.NoError(t, start(t, f, func(c *Config) {
		c.Labels.Attributes = []string{"pod"}
		c.Labels.MaxValues = 2
	})(logs))
	require.Len(t, f.pushes[0].streams, 3, "two values and the rest")
	rest := f.pushes[0].streams[2]
	assert.NotContains(t, rest.Labels, "pod")
	assert.Len(t, rest.Entries, 3)
	assert.Contains(t, rest.Entries[2].StructuredMetadata, push.LabelAdapter{Name: "pod", Value: "pod-2"})
}

func TestNoLabels(t *testing.T) {
	f := newFakeLoki(t)
	logs := plog.NewLogs()
	logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty().SetEventName("started")
	require.NoError(t, start(t, f, nil)(logs))
	assert.Equal(t, `{service_name="unknown_service"}`, f.pushes[0].streams[0].Labels)
	assert.Equal(t, "started", f.pushes[0].streams[0].Entries[0].Line)
}

func TestLimits(t *testing.T) {
	f := newFakeLoki(t)
	logs := records("checkout", 4)
	for _, lr := range logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().All() {
		lr.Body().SetStr(strings.Repeat("é", 30_000))
		for i := range 200 {
			lr.Attributes().PutStr(fmt.Sprintf("k%d", i), "v")
		}
	}
	require.NoError(t, start(t, f, func(c *Config) {
		c.Limits.MaxLineBytes = 40_001
		c.Limits.MaxRequestBytes = 100_000
	})(logs))
	require.Len(t, f.pushes, 2, "divided by size")
	e := f.pushes[0].streams[0].Entries[0]
	assert.LessOrEqual(t, len(e.Line), 40_001)
	assert.True(t, strings.HasSuffix(e.Line, "é...[19999 bytes cut]"), e.Line[len(e.Line)-40:])
	assert.Len(t, e.StructuredMetadata, 128)
	assert.Equal(t, "trace_id", e.StructuredMetadata[0].Name)
}

func TestRejectedEntriesAreNotSentAgain(t *testing.T) {
	f := newFakeLoki(t, status(400, "2 errors like: entry for stream '{}' has timestamp too old: 2020-01-01T00:00:00Z, oldest acceptable timestamp is: 2026-11-15T00:00:00Z"))
	require.NoError(t, start(t, f, nil)(records("checkout", 5)))
	assert.Len(t, f.pushes, 1)
}

func TestTooLargeIsDivided(t *testing.T) {
	f := newFakeLoki(t, status(413, "request body too large"))
	require.NoError(t, start(t, f, nil)(records("checkout", 5)))
	require.Len(t, f.pushes, 3)
	assert.Len(t, f.pushes[1].streams[0].Entries, 2)
	assert.Len(t, f.pushes[2].streams[0].Entries, 3)
}

// Of two tenants one is throttled: only its records come back.
func TestPartialFailure(t *testing.T) {
	f := newFakeLoki(t, status(204, ""), status(429, "slow down", "Retry-After", "7"))
	logs := records("checkout", 4)
	for i, lr := range logs.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().All() {
		lr.Attributes().PutStr("team", string(rune('a'+i%2)))
	}
	err := start(t, f, func(c *Config) { c.Tenant.Attribute = "team" })(logs)
	require.Error(t, err)
	var partial consumererror.Logs
	require.ErrorAs(t, err, &partial)
	require.Equal(t, 2, partial.Data().LogRecordCount())
	for _, lr := range partial.Data().ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().All() {
		team, _ := lr.Attributes().Get("team")
		assert.Equal(t, f.pushes[1].tenant, team.Str())
	}
	assert.False(t, consumererror.IsPermanent(err))
	assert.ErrorContains(t, err, "429")
}

func TestAnswers(t *testing.T) {
	f := func(code int, permanent bool) {
		t.Helper()
		err := start(t, newFakeLoki(t, status(code, "because")), nil)(records("checkout", 1))
		require.ErrorContains(t, err, "because")
		assert.Equal(t, permanent, consumererror.IsPermanent(err), code)
	}
	f(401, true)
	f(404, true)
	f(408, false)
	f(429, false)
	f(500, false)
	f(503, false)
}

func TestConnectionRefusedIsRetried(t *testing.T) {
	f := newFakeLoki(t)
	send := start(t, f, nil)
	f.server.Close()
	err := send(records("checkout", 1))
	require.Error(t, err)
	assert.False(t, consumererror.IsPermanent(err))
	assert.NotContains(t, err.Error(), "/loki/api", "URLs may hold credentials")
}

func TestSanitize(t *testing.T) {
	f := func(key, expected string) {
		t.Helper()
		assert.Equal(t, expected, sanitize(key))
	}
	f("service_name", "service_name")
	f("service.name", "service_name")
	f("http.request.header.x-id", "http_request_header_x_id")
	f("1st", "key_1st")
	f("", "key_")
	f("__", "key___")
	f("이름", "key___")
}

func BenchmarkPush(b *testing.B) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.WriteHeader(http.StatusNoContent)
	}))
	defer server.Close()
	send := start(b, &fakeLoki{server: server}, nil)
	logs := records("checkout", 1000)
	b.SetBytes(int64((&plog.ProtoMarshaler{}).LogsSize(logs)))
	b.ReportAllocs()
	for b.Loop() {
		if err := send(logs); err != nil {
			b.Fatal(err)
		}
	}
}
