package errorissueprocessor

import (
	"context"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/processor/processortest"

	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/issue/store/memory"
	"github.com/otel-culprit/culprit/internal/rate"
	"github.com/otel-culprit/culprit/processor/errorissueprocessor/internal/metadata"
)

// registry is a real registry as an extension.
type registry struct {
	issue.Registry
	issue.NewLimiter
	component.StartFunc
	component.ShutdownFunc
}

// newRegistry starts a registry over memory and returns a host that has it.
func newRegistry(t testing.TB) (*issue.Core, component.Host) {
	t.Helper()
	core := issue.NewCore(issue.Options{Store: memory.New()})
	require.NoError(t, core.Start(context.Background()))
	t.Cleanup(func() { assert.NoError(t, core.Shutdown(context.Background())) })
	return core, newTestHost(map[component.ID]component.Component{
		component.MustNewID("issue_registry"): registry{Registry: core, NewLimiter: core},
	})
}

func withRegistry() *Config { return createDefaultConfig().(*Config) }

func exceptionLog(service string, trace byte) plog.Logs {
	ld, lr := newLog(service)
	lr.SetTimestamp(pcommon.NewTimestampFromTime(time.Now()))
	lr.SetSeverityNumber(plog.SeverityNumberError)
	lr.Attributes().PutStr("exception.type", "ValueError")
	lr.Attributes().PutStr("exception.message", "invalid literal for int() with base 10: '12,50'")
	lr.Attributes().PutStr("exception.stacktrace", pythonStack)
	lr.Attributes().PutStr("user.hash", "ab12")
	if trace != 0 {
		lr.SetTraceID(pcommon.TraceID{trace})
		lr.SetSpanID(pcommon.SpanID{trace})
	}
	return ld
}

func logAttrs(ld plog.Logs) pcommon.Map {
	return ld.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).Attributes()
}

func clone(ld plog.Logs) plog.Logs {
	out := plog.NewLogs()
	ld.CopyTo(out)
	return out
}

func TestResentBatchCountsOnce(t *testing.T) {
	core, h := newRegistry(t)
	ld := exceptionLog("billing", 1)
	// Two equal records of one batch are two occurrences of a trace-less service.
	logAttrs(ld).CopyTo(ld.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().AppendEmpty().Attributes())
	out := runLogs(t, withRegistry(), h, clone(ld), clone(ld), clone(ld))
	require.Len(t, out, 3)
	assert.Equal(t, out[0], out[1])
	assert.Equal(t, out[0], out[2])
	attrs := logAttrs(out[0])
	assert.Equal(t, "new", get(attrs, "issue.state"))
	s, ok := core.Summary(context.Background(), get(attrs, "issue.id").(string))
	require.True(t, ok)
	assert.Equal(t, uint64(2), s.Count)
	assert.Equal(t, uint64(1), s.Users)
}

func TestLogAndSpanEventAreOneOccurrence(t *testing.T) {
	core, h := newRegistry(t)
	td, span := newSpan("billing")
	span.SetTraceID(pcommon.TraceID{1})
	span.SetSpanID(pcommon.SpanID{1})
	event := span.Events().AppendEmpty()
	event.SetName("exception")
	event.SetTimestamp(pcommon.NewTimestampFromTime(time.Now()))
	event.Attributes().PutStr("exception.type", "ValueError")
	event.Attributes().PutStr("exception.message", "invalid literal for int() with base 10: '12,50'")
	event.Attributes().PutStr("exception.stacktrace", pythonStack)

	logs := runLogs(t, withRegistry(), h, exceptionLog("billing", 1))
	traces := runTraces(t, withRegistry(), h, td)
	id := get(logAttrs(logs[0]), "issue.id").(string)
	spanAttrs := traces[0].ResourceSpans().At(0).ScopeSpans().At(0).Spans().At(0).Attributes()
	assert.Equal(t, id, get(spanAttrs, "issue.id"))
	assert.Equal(t, true, get(spanAttrs, "issue.repeat"))
	s, _ := core.Summary(context.Background(), id)
	assert.Equal(t, uint64(1), s.Count)
}

func TestSampleHasBreadcrumbsOfAllServices(t *testing.T) {
	core, h := newRegistry(t)
	ld := exceptionLog("billing", 1)
	before, lr := newLog("shop")
	lr.SetTimestamp(pcommon.NewTimestampFromTime(time.Now().Add(-time.Second)))
	lr.SetSeverityNumber(plog.SeverityNumberInfo)
	lr.SetTraceID(pcommon.TraceID{1})
	lr.Body().SetStr("cart has 3 items")
	debug := clone(before)
	debug.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).SetSeverityNumber(plog.SeverityNumberDebug)

	out := runLogs(t, withRegistry(), h, before, clone(before), debug, ld)
	id := get(logAttrs(out[3]), "issue.id").(string)
	require.EventuallyWithT(t, func(t *assert.CollectT) {
		is, err := core.Get(context.Background(), id)
		require.NoError(t, err)
		require.Len(t, is.Events, 1)
		e := is.Events[0]
		require.Len(t, e.Breadcrumbs, 1)
		assert.Equal(t, "cart has 3 items", e.Breadcrumbs[0].Message)
		assert.Equal(t, "shop", e.Breadcrumbs[0].Service)
		assert.Equal(t, "charge", e.Exceptions[0].Frames[0].Function)
		assert.Equal(t, get(logAttrs(out[3]), "issue.event_id"), e.ID)
	}, 5*time.Second, 10*time.Millisecond)
}

func TestSpanOfATraceWithAnErrorInALog(t *testing.T) {
	_, h := newRegistry(t)
	cfg := withRegistry()
	f := NewFactory()
	sink := new(consumertest.TracesSink)
	set := processortest.NewNopSettings(metadata.Type)
	traces, err := f.CreateTraces(context.Background(), set, cfg, sink)
	require.NoError(t, err)
	logs, err := f.CreateLogs(context.Background(), set, cfg, consumertest.NewNop())
	require.NoError(t, err)
	require.NoError(t, traces.Start(context.Background(), h))
	require.NoError(t, logs.Start(context.Background(), h))

	require.NoError(t, logs.ConsumeLogs(context.Background(), exceptionLog("billing", 7)))
	td, span := newSpan("shop")
	span.SetTraceID(pcommon.TraceID{7})
	span.SetSpanID(pcommon.SpanID{9})
	require.NoError(t, traces.ConsumeTraces(context.Background(), td))
	td, _ = newSpan("shop")
	require.NoError(t, traces.ConsumeTraces(context.Background(), td))
	require.NoError(t, logs.Shutdown(context.Background()))
	require.NoError(t, traces.Shutdown(context.Background()))

	attrs := func(td ptrace.Traces) pcommon.Map {
		return td.ResourceSpans().At(0).ScopeSpans().At(0).Spans().At(0).Attributes()
	}
	assert.Equal(t, true, get(attrs(sink.AllTraces()[0]), "issue.in_trace"))
	assert.Nil(t, get(attrs(sink.AllTraces()[0]), "issue.id"))
	assert.Nil(t, get(attrs(sink.AllTraces()[1]), "issue.in_trace"), "another trace")
}

func TestTooManyNewIssuesOfAService(t *testing.T) {
	_, h := newRegistry(t)
	cfg := withRegistry()
	cfg.MaxNewPerService = rate.New(3, time.Hour)
	ld := plog.NewLogs()
	rl := ld.ResourceLogs().AppendEmpty()
	rl.Resource().Attributes().PutStr("service.name", "noisy")
	records := rl.ScopeLogs().AppendEmpty().LogRecords()
	for i := range 20 {
		lr := records.AppendEmpty()
		lr.SetTimestamp(pcommon.NewTimestampFromTime(time.Now()))
		lr.Attributes().PutStr("exception.type", "Type"+strconv.Itoa(i)+"Error")
		lr.Attributes().PutStr("exception.message", "no")
	}
	out := runLogs(t, cfg, h, ld)
	ids := map[any]int{}
	for _, lr := range out[0].ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().All() {
		ids[get(lr.Attributes(), "issue.id")]++
	}
	assert.Len(t, ids, 4, "three issues and the one for the rest")
}

func TestTrustIncoming(t *testing.T) {
	core, h := newRegistry(t)
	cfg := withRegistry()
	cfg.TrustIncoming = true
	stamped := runLogs(t, stateless(), h, exceptionLog("billing", 1))[0]
	want := pcommon.NewMap()
	logAttrs(stamped).CopyTo(want)
	logAttrs(stamped).PutStr("issue.id", "00000000000000aa") // the agent has other rules
	logAttrs(stamped).PutStr("culprit.region", "eu")

	out := runLogs(t, cfg, h, stamped)
	attrs := logAttrs(out[0])
	assert.Equal(t, "00000000000000aa", get(attrs, "issue.id"))
	assert.Equal(t, get(want, "issue.event_id"), get(attrs, "issue.event_id"))
	assert.Equal(t, "eu", get(attrs, "culprit.region"))
	assert.Equal(t, "new", get(attrs, "issue.state"))
	s, ok := core.Summary(context.Background(), "00000000000000aa")
	require.True(t, ok)
	assert.Equal(t, uint64(1), s.Count)
}

// wrapped is a trace in which a caller reports what a callee threw, in a wrapper of its own.
func wrapped(callerFirst bool) ptrace.Traces {
	td := ptrace.NewTraces()
	add := func(service string, id, parent byte, typ, message, stack string) {
		rs := td.ResourceSpans().AppendEmpty()
		rs.Resource().Attributes().PutStr("service.name", service)
		span := rs.ScopeSpans().AppendEmpty().Spans().AppendEmpty()
		span.SetTraceID(pcommon.TraceID{9})
		span.SetSpanID(pcommon.SpanID{id})
		if parent != 0 {
			span.SetParentSpanID(pcommon.SpanID{parent})
		}
		event := span.Events().AppendEmpty()
		event.SetName("exception")
		event.SetTimestamp(pcommon.NewTimestampFromTime(time.Now()))
		event.Attributes().PutStr("exception.type", typ)
		event.Attributes().PutStr("exception.message", message)
		event.Attributes().PutStr("exception.stacktrace", stack)
	}
	caller := func() {
		add("shop", 1, 0, "RuntimeError", "order failed", pythonStack+"\nThe above exception was the direct cause of the following exception:\n\n"+
			"Traceback (most recent call last):\n  File \"/srv/shop/orders.py\", line 3, in order\n    pay()\nRuntimeError: order failed\n")
	}
	if callerFirst {
		caller()
	}
	add("billing", 2, 1, "ValueError", "invalid literal for int() with base 10: '12,50'", pythonStack)
	if !callerFirst {
		caller()
	}
	return td
}

func TestTheDeepestRecordOwnsTheOccurrence(t *testing.T) {
	for _, callerFirst := range []bool{true, false} {
		core, h := newRegistry(t)
		out := runTraces(t, withRegistry(), h, wrapped(callerFirst))[0]
		attrs := map[string]pcommon.Map{}
		for _, rs := range out.ResourceSpans().All() {
			name, _ := rs.Resource().Attributes().Get("service.name")
			attrs[name.Str()] = rs.ScopeSpans().At(0).Spans().At(0).Events().At(0).Attributes()
		}
		alone := runTraces(t, stateless(), h, wrapped(callerFirst))[0].ResourceSpans()
		for _, rs := range alone.All() {
			name, _ := rs.Resource().Attributes().Get("service.name")
			id := get(rs.ScopeSpans().At(0).Spans().At(0).Events().At(0).Attributes(), "issue.id")
			assert.Equal(t, id, get(attrs[name.Str()], "issue.id"), "an ID comes from the record itself")
		}
		assert.Nil(t, get(attrs["billing"], "issue.repeat"))
		assert.Equal(t, true, get(attrs["shop"], "issue.repeat"))
		assert.Equal(t, get(attrs["billing"], "issue.id"), get(attrs["shop"], "issue.repeat_of"))
		s, ok := core.Summary(context.Background(), get(attrs["billing"], "issue.id").(string))
		require.True(t, ok)
		assert.Equal(t, uint64(1), s.Count)
	}
}
