package issuesconnector

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/connector/connectortest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/processor/processortest"

	"github.com/otel-culprit/culprit/connector/issuesconnector/internal/metadata"
	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/issue/store/memory"
	"github.com/otel-culprit/culprit/internal/rate"
	"github.com/otel-culprit/culprit/processor/errorissueprocessor"
)

const stack = "Traceback (most recent call last):\n  File \"/srv/app/pay.py\", line 12, in charge\n    int(x)\nValueError: bad '12'\n"

// registry is a real registry as an extension.
type registry struct {
	issue.Registry
	overviewer
	component.StartFunc
	component.ShutdownFunc
}

type host struct {
	component.Host
	registry registry
}

func (h host) GetExtensions() map[component.ID]component.Component {
	return map[component.ID]component.Component{component.MustNewID("issue_registry"): h.registry}
}

// system is error_issue before issues, on a registry over memory.
type system struct {
	t      *testing.T
	core   *issue.Core
	host   component.Host
	logs   consumer.Logs
	traces consumer.Traces
	stops  []func()
}

func newSystem(t *testing.T) *system {
	t.Helper()
	core := issue.NewCore(issue.Options{Store: memory.New(), FlushNew: time.Millisecond, Flush: 20 * time.Millisecond})
	require.NoError(t, core.Start(context.Background()))
	return &system{t: t, core: core, host: host{componenttest.NewNopHost(), registry{Registry: core, overviewer: core}}}
}

// connect builds the pipelines: logs and traces through error_issue into the connector.
func (s *system) connect(cfg *Config, logs consumer.Logs, metrics consumer.Metrics) {
	s.t.Helper()
	ctx := context.Background()
	f, set := NewFactory(), connectortest.NewNopSettings(metadata.Type)
	var nextLogs []consumer.Logs
	var nextTraces []consumer.Traces
	var started []component.Component
	if logs != nil {
		l, err := f.CreateLogsToLogs(ctx, set, cfg, logs)
		require.NoError(s.t, err)
		tr, err := f.CreateTracesToLogs(ctx, set, cfg, logs)
		require.NoError(s.t, err)
		nextLogs, nextTraces, started = append(nextLogs, l), append(nextTraces, tr), append(started, l, tr)
	}
	if metrics != nil {
		l, err := f.CreateLogsToMetrics(ctx, set, cfg, metrics)
		require.NoError(s.t, err)
		tr, err := f.CreateTracesToMetrics(ctx, set, cfg, metrics)
		require.NoError(s.t, err)
		nextLogs, nextTraces, started = append(nextLogs, l), append(nextTraces, tr), append(started, l, tr)
	}
	pf := errorissueprocessor.NewFactory()
	pset := processortest.NewNopSettings(component.MustNewType("error_issue"))
	pcfg := pf.CreateDefaultConfig()
	pl, err := pf.CreateLogs(ctx, pset, pcfg, fanLogs(nextLogs))
	require.NoError(s.t, err)
	pt, err := pf.CreateTraces(ctx, pset, pcfg, fanTraces(nextTraces))
	require.NoError(s.t, err)
	started = append(started, pl, pt)
	for _, c := range started {
		require.NoError(s.t, c.Start(ctx, s.host))
	}
	s.logs, s.traces = pl, pt
	for i := range started {
		c := started[len(started)-1-i]
		s.stops = append(s.stops, func() { require.NoError(s.t, c.Shutdown(ctx)) })
	}
}

func (s *system) stop() {
	for _, f := range s.stops {
		f()
	}
	require.NoError(s.t, s.core.Shutdown(context.Background()))
}

type fanLogs []consumer.Logs

func (f fanLogs) Capabilities() consumer.Capabilities { return consumer.Capabilities{} }
func (f fanLogs) ConsumeLogs(ctx context.Context, ld plog.Logs) error {
	for _, c := range f {
		if err := c.ConsumeLogs(ctx, ld); err != nil {
			return err
		}
	}
	return nil
}

type fanTraces []consumer.Traces

func (f fanTraces) Capabilities() consumer.Capabilities { return consumer.Capabilities{} }
func (f fanTraces) ConsumeTraces(ctx context.Context, td ptrace.Traces) error {
	for _, c := range f {
		if err := c.ConsumeTraces(ctx, td); err != nil {
			return err
		}
	}
	return nil
}

// failing returns a batch of n exceptions in as many traces.
func failing(service string, from, n int) plog.Logs {
	ld := plog.NewLogs()
	rl := ld.ResourceLogs().AppendEmpty()
	rl.Resource().Attributes().PutStr("service.name", service)
	records := rl.ScopeLogs().AppendEmpty().LogRecords()
	for i := from; i < from+n; i++ {
		lr := records.AppendEmpty()
		lr.SetTimestamp(pcommon.NewTimestampFromTime(time.Now().Add(time.Duration(i) * time.Microsecond)))
		lr.SetSeverityNumber(plog.SeverityNumberError)
		lr.SetTraceID(pcommon.TraceID{1, byte(i >> 8), byte(i)})
		lr.SetSpanID(pcommon.SpanID{1, byte(i >> 8), byte(i)})
		lr.Body().SetStr("charge failed")
		lr.Attributes().PutStr("exception.type", "ValueError")
		lr.Attributes().PutStr("exception.message", "bad '12'")
		lr.Attributes().PutStr("exception.stacktrace", stack)
	}
	return ld
}

func clone(ld plog.Logs) plog.Logs {
	out := plog.NewLogs()
	ld.CopyTo(out)
	return out
}

func TestEveryOccurrenceOnceWithRegistry(t *testing.T) {
	s := newSystem(t)
	sink := new(consumertest.LogsSink)
	cfg := createDefaultConfig().(*Config)
	cfg.Throttle.PerIssue = rate.Limit{}
	cfg.AttributesAsTags = []string{"exception.type"}
	s.connect(cfg, sink, nil)
	batch := failing("shop", 0, 25)
	batch.ResourceLogs().At(0).Resource().Attributes().PutInt("process.pid", 7)
	for range 3 {
		require.NoError(t, s.logs.ConsumeLogs(context.Background(), clone(batch)))
	}
	// The milestone is told by the registry, at its own time.
	require.EventuallyWithT(t, func(t *assert.CollectT) {
		assert.Equal(t, 26, sink.LogRecordCount())
	}, time.Minute, 10*time.Millisecond)
	s.stop()
	got := notices(t, sink)
	ids := map[string]bool{}
	occurrences := named(got, issue.EventOccurrence)
	for _, n := range occurrences {
		ids[n.Event.ID] = true
		assert.Equal(t, "charge", n.Event.Exceptions[0].Frames[0].Function)
		assert.Equal(t, "ValueError", n.Event.Exceptions[0].Type)
		assert.Equal(t, issue.New, n.Issue.State)
		assert.NotEmpty(t, n.Issue.Fingerprint)
		assert.Equal(t, map[string]string{"exception.type": "ValueError"}, n.Event.Tags)
	}
	assert.Len(t, occurrences, 25)
	for _, ld := range sink.AllLogs() {
		for _, rl := range ld.ResourceLogs().All() {
			if rl.ScopeLogs().At(0).LogRecords().At(0).EventName() == issue.EventOccurrence {
				assert.Equal(t, int64(7), rl.Resource().Attributes().AsRaw()["process.pid"], "with its type")
			}
		}
	}
	assert.Len(t, ids, 25, "each event ID once")
	milestones := named(got, issue.EventMilestone)
	require.Len(t, milestones, 1)
	assert.Equal(t, uint64(10), milestones[0].Milestone)
}

func TestChangesOfState(t *testing.T) {
	s := newSystem(t)
	sink := new(consumertest.LogsSink)
	cfg := createDefaultConfig().(*Config)
	cfg.Emit = EmitLifecycle
	s.connect(cfg, sink, nil)
	require.NoError(t, s.logs.ConsumeLogs(context.Background(), failing("shop", 0, 3)))
	waitFor := func(n int) {
		t.Helper()
		require.EventuallyWithT(t, func(t *assert.CollectT) { assert.Equal(t, n, sink.LogRecordCount()) }, time.Minute, 10*time.Millisecond)
	}
	waitFor(1)
	id := notices(t, sink)[0].Issue.ID
	_, err := s.core.Resolve(context.Background(), id, issue.Resolve{})
	require.NoError(t, err)
	waitFor(2)
	require.NoError(t, s.logs.ConsumeLogs(context.Background(), failing("shop", 50, 1)))
	waitFor(3)
	s.stop()
	got := notices(t, sink)
	require.Len(t, got, 3)
	assert.Equal(t, issue.EventOccurrence, got[0].Name)
	assert.Equal(t, issue.EventStateChanged, got[1].Name)
	assert.Equal(t, issue.Resolved, got[1].Issue.State)
	assert.Equal(t, issue.New, got[1].Previous)
	assert.NotEmpty(t, got[1].Reason)
	assert.Equal(t, issue.Regressed, got[2].Issue.State)
}

// points returns the points of a metric in all that a sink holds, oldest first.
func points(sink *consumertest.MetricsSink, name string) []pmetric.NumberDataPoint {
	var out []pmetric.NumberDataPoint
	for _, md := range sink.AllMetrics() {
		for _, rm := range md.ResourceMetrics().All() {
			for _, sm := range rm.ScopeMetrics().All() {
				for _, m := range sm.Metrics().All() {
					if m.Name() != name {
						continue
					}
					list := pmetric.NewNumberDataPointSlice()
					switch m.Type() {
					case pmetric.MetricTypeSum:
						list = m.Sum().DataPoints()
					case pmetric.MetricTypeGauge:
						list = m.Gauge().DataPoints()
					default:
					}
					for _, p := range list.All() {
						out = append(out, p)
					}
				}
			}
		}
	}
	return out
}

func TestMetricsBeginWithZero(t *testing.T) {
	s := newSystem(t)
	sink := new(consumertest.MetricsSink)
	cfg := createDefaultConfig().(*Config)
	cfg.MetricsInterval = 100 * time.Millisecond
	s.connect(cfg, nil, sink)
	batch := failing("shop", 0, 7)
	for range 3 {
		require.NoError(t, s.logs.ConsumeLogs(context.Background(), clone(batch)))
	}
	require.EventuallyWithT(t, func(t *assert.CollectT) {
		assert.GreaterOrEqual(t, len(points(sink, metricOccurrences)), 5)
		assert.NotEmpty(t, points(sink, metricInfo))
	}, time.Minute, 10*time.Millisecond)
	s.stop()
	got := points(sink, metricOccurrences)
	require.Zero(t, got[0].IntValue())
	for got[1].IntValue() == 0 {
		got = got[1:]
	}
	for i, p := range got[1:] {
		assert.Equal(t, int64(7), p.IntValue())
		assert.Greater(t, p.Timestamp(), got[i].Timestamp())
		assert.Equal(t, got[0].StartTimestamp(), p.StartTimestamp())
		assert.Equal(t, got[0].Attributes().AsRaw(), p.Attributes().AsRaw())
	}
	assert.Equal(t, "shop", got[0].Attributes().AsRaw()["service.name"])
	require.Equal(t, 1, got[1].Exemplars().Len())
	assert.Equal(t, pcommon.TraceID{1, 0, 6}, got[1].Exemplars().At(0).TraceID())

	info := points(sink, metricInfo)[0]
	assert.Equal(t, int64(1), info.IntValue())
	assert.Equal(t, "new", info.Attributes().AsRaw()["issue.state"])
	open := points(sink, metricOpen)[0]
	assert.Equal(t, int64(1), open.IntValue())
	assert.Equal(t, map[string]any{"service.name": "shop", "issue.state": "new"}, open.Attributes().AsRaw())
}

func TestLogAndSpanAreCountedOnce(t *testing.T) {
	s := newSystem(t)
	logs, metrics := new(consumertest.LogsSink), new(consumertest.MetricsSink)
	cfg := createDefaultConfig().(*Config)
	cfg.Settle = 200 * time.Millisecond
	s.connect(cfg, logs, metrics)
	ld := failing("shop", 1, 1)
	lr := ld.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
	td := ptrace.NewTraces()
	rs := td.ResourceSpans().AppendEmpty()
	rs.Resource().Attributes().PutStr("service.name", "shop")
	span := rs.ScopeSpans().AppendEmpty().Spans().AppendEmpty()
	span.SetTraceID(lr.TraceID())
	span.SetSpanID(lr.SpanID())
	event := span.Events().AppendEmpty()
	event.SetName("exception")
	event.SetTimestamp(lr.Timestamp())
	for _, k := range []string{"exception.type", "exception.message", "exception.stacktrace"} {
		v, _ := lr.Attributes().Get(k)
		event.Attributes().PutStr(k, v.Str())
	}
	require.NoError(t, s.logs.ConsumeLogs(context.Background(), ld))
	require.NoError(t, s.traces.ConsumeTraces(context.Background(), td))
	require.EventuallyWithT(t, func(t *assert.CollectT) { assert.Equal(t, 1, logs.LogRecordCount()) }, time.Minute, 10*time.Millisecond)
	s.stop()
	assert.Equal(t, 1, logs.LogRecordCount())
	got := points(metrics, metricOccurrences)
	assert.Equal(t, int64(1), got[len(got)-1].IntValue())
}

// TestMovedOccurrencesAreNotTold has a caller's record that was counted first, and a callee's deeper
// one in a later batch. What waits is not told of any more, what was not seen yet is not counted.
func TestMovedOccurrencesAreNotTold(t *testing.T) {
	s := newSystem(t)
	logs, metrics := new(consumertest.LogsSink), new(consumertest.MetricsSink)
	cfg := createDefaultConfig().(*Config)
	cfg.Settle = 300 * time.Millisecond
	s.connect(cfg, logs, metrics)
	const outer = stack + "\nThe above exception was the direct cause of the following exception:\n\n" +
		"Traceback (most recent call last):\n  File \"/srv/shop/orders.py\", line 3, in order\n    pay()\nRuntimeError: order failed\n"
	add := func(td ptrace.Traces, trace byte, service string, id, parent byte, typ, message, stack string) {
		rs := td.ResourceSpans().AppendEmpty()
		rs.Resource().Attributes().PutStr("service.name", service)
		span := rs.ScopeSpans().AppendEmpty().Spans().AppendEmpty()
		span.SetTraceID(pcommon.TraceID{trace})
		span.SetSpanID(pcommon.SpanID{id})
		span.SetParentSpanID(pcommon.SpanID{parent})
		event := span.Events().AppendEmpty()
		event.SetName("exception")
		event.SetTimestamp(pcommon.NewTimestampFromTime(time.Now()))
		event.Attributes().PutStr("exception.type", typ)
		event.Attributes().PutStr("exception.message", message)
		event.Attributes().PutStr("exception.stacktrace", stack)
	}
	one := ptrace.NewTraces()
	add(one, 9, "shop", 1, 0, "RuntimeError", "order failed", outer)
	add(one, 9, "billing", 2, 1, "ValueError", "bad '12'", stack)
	require.NoError(t, s.traces.ConsumeTraces(context.Background(), one))
	caller, callee := ptrace.NewTraces(), ptrace.NewTraces()
	add(caller, 8, "shop", 1, 0, "RuntimeError", "order failed", outer)
	require.NoError(t, s.traces.ConsumeTraces(context.Background(), caller))
	add(callee, 8, "billing", 2, 1, "ValueError", "bad '12'", stack)
	require.NoError(t, s.traces.ConsumeTraces(context.Background(), callee))
	require.EventuallyWithT(t, func(t *assert.CollectT) { assert.Equal(t, 2, logs.LogRecordCount()) }, time.Minute, 10*time.Millisecond)
	s.stop()
	counts := map[any]int64{}
	for _, p := range points(metrics, metricOccurrences) {
		counts[p.Attributes().AsRaw()["service.name"]] = p.IntValue()
	}
	assert.Equal(t, map[any]int64{"billing": 2}, counts, "a counter cannot take an occurrence back, so it waits")
	got := notices(t, logs)
	require.Len(t, got, 2)
	for _, n := range got {
		assert.Equal(t, "billing", n.Event.Service)
	}
}
