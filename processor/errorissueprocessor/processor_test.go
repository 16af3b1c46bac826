package errorissueprocessor

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/processor/processortest"

	"github.com/otel-culprit/culprit/processor/errorissueprocessor/internal/metadata"
)

const pythonStack = `Traceback (most recent call last):
  File "/srv/app/billing/views.py", line 31, in post
    charge(order)
  File "/srv/app/billing/pay.py", line 12, in charge
    amount = int(order.amount)
ValueError: invalid literal for int() with base 10: '12,50'
`

type host struct {
	component.Host
	extensions map[component.ID]component.Component
}

func (h host) GetExtensions() map[component.ID]component.Component { return h.extensions }

func newTestHost(extensions map[component.ID]component.Component) component.Host {
	return host{Host: componenttest.NewNopHost(), extensions: extensions}
}

// runLogs sends batches through a processor of its own and returns what came out.
func runLogs(t *testing.T, cfg *Config, h component.Host, batches ...plog.Logs) []plog.Logs {
	t.Helper()
	sink := new(consumertest.LogsSink)
	p, err := NewFactory().CreateLogs(context.Background(), processortest.NewNopSettings(metadata.Type), cfg, sink)
	require.NoError(t, err)
	require.NoError(t, p.Start(context.Background(), h))
	for _, ld := range batches {
		require.NoError(t, p.ConsumeLogs(context.Background(), ld))
	}
	require.NoError(t, p.Shutdown(context.Background()))
	return sink.AllLogs()
}

func runTraces(t *testing.T, cfg *Config, h component.Host, batches ...ptrace.Traces) []ptrace.Traces {
	t.Helper()
	sink := new(consumertest.TracesSink)
	p, err := NewFactory().CreateTraces(context.Background(), processortest.NewNopSettings(metadata.Type), cfg, sink)
	require.NoError(t, err)
	require.NoError(t, p.Start(context.Background(), h))
	for _, td := range batches {
		require.NoError(t, p.ConsumeTraces(context.Background(), td))
	}
	require.NoError(t, p.Shutdown(context.Background()))
	return sink.AllTraces()
}

func stateless() *Config {
	cfg := createDefaultConfig().(*Config)
	cfg.Registry = noRegistry
	return cfg
}

func newLog(service string) (plog.Logs, plog.LogRecord) {
	ld := plog.NewLogs()
	rl := ld.ResourceLogs().AppendEmpty()
	rl.Resource().Attributes().PutStr("service.name", service)
	return ld, rl.ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
}

func newSpan(service string) (ptrace.Traces, ptrace.Span) {
	td := ptrace.NewTraces()
	rs := td.ResourceSpans().AppendEmpty()
	rs.Resource().Attributes().PutStr("service.name", service)
	span := rs.ScopeSpans().AppendEmpty().Spans().AppendEmpty()
	span.SetTraceID(pcommon.TraceID{1, 2})
	span.SetSpanID(pcommon.SpanID{3})
	span.SetEndTimestamp(1700000000000000000)
	return td, span
}

func get(attrs pcommon.Map, key string) any {
	v, ok := attrs.Get(key)
	if !ok {
		return nil
	}
	return v.AsRaw()
}

func TestLogStamp(t *testing.T) {
	ld, lr := newLog("billing")
	lr.SetTimestamp(1700000000000000000)
	lr.Attributes().PutStr("exception.type", "ValueError")
	lr.Attributes().PutStr("exception.message", "invalid literal for int() with base 10: '12,50'")
	lr.Attributes().PutStr("exception.stacktrace", pythonStack)
	lr.Attributes().PutStr("issue.state", "forged")
	lr.Attributes().PutStr("issue.priority", "forged")
	lr.Attributes().PutStr("culprit.other", "forged")
	lr.Attributes().PutStr("culprit.trace_id.status", "recovered")
	cfg := stateless()
	cfg.Owners = []OwnerConfig{{Match: map[string]string{"service.name": "bill*", "file": "billing/**"}, Owner: "team-pay"}}

	out := runLogs(t, cfg, componenttest.NewNopHost(), ld)
	attrs := out[0].ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).Attributes()
	assert.Regexp(t, "^[0-9a-f]{16}$", get(attrs, "issue.id"))
	assert.Regexp(t, "^[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}$", get(attrs, "issue.event_id"))
	assert.Contains(t, get(attrs, "issue.title"), "ValueError")
	assert.Contains(t, get(attrs, "issue.culprit"), "charge")
	assert.Equal(t, "team-pay", get(attrs, "issue.owner"))
	assert.Nil(t, get(attrs, "issue.state"), "stateless")
	assert.Nil(t, get(attrs, "issue.priority"))
	assert.Nil(t, get(attrs, "culprit.other"))
	assert.Equal(t, "recovered", get(attrs, "culprit.trace_id.status"))
}

func TestSpanStamp(t *testing.T) {
	td, span := newSpan("billing")
	event := span.Events().AppendEmpty()
	event.SetName("exception")
	event.Attributes().PutStr("exception.type", "ValueError")
	event.Attributes().PutStr("exception.stacktrace", pythonStack)
	out := runTraces(t, stateless(), componenttest.NewNopHost(), td)
	span = out[0].ResourceSpans().At(0).ScopeSpans().At(0).Spans().At(0)
	id := get(span.Attributes(), "issue.id")
	assert.NotNil(t, id)
	assert.Equal(t, id, get(span.Events().At(0).Attributes(), "issue.id"))
}

func TestFailedSpanStamp(t *testing.T) {
	td, span := newSpan("shop")
	span.SetName("GET /cart")
	span.SetKind(ptrace.SpanKindServer)
	span.Attributes().PutInt("http.response.status_code", 503)
	out := runTraces(t, stateless(), componenttest.NewNopHost(), td)
	attrs := out[0].ResourceSpans().At(0).ScopeSpans().At(0).Spans().At(0).Attributes()
	assert.NotNil(t, get(attrs, "issue.id"))
	assert.Contains(t, get(attrs, "issue.title"), "GET /cart")
}

func TestCleanRecordsAreLeftAlone(t *testing.T) {
	ld, lr := newLog("shop")
	lr.SetSeverityNumber(plog.SeverityNumberInfo)
	lr.Body().SetStr("all is well")
	want := plog.NewLogs()
	ld.CopyTo(want)
	assert.Equal(t, want, runLogs(t, stateless(), componenttest.NewNopHost(), ld)[0])
}

func TestStartNamesBothIDs(t *testing.T) {
	cfg := createDefaultConfig().(*Config)
	p, err := NewFactory().CreateLogs(context.Background(), processortest.NewNopSettings(metadata.Type), cfg, consumertest.NewNop())
	require.NoError(t, err)
	err = p.Start(context.Background(), newTestHost(nil))
	require.ErrorContains(t, err, `processor "error_issue`)
	require.ErrorContains(t, err, `extension "issue_registry"`)
	require.NoError(t, p.Shutdown(context.Background()))
}
