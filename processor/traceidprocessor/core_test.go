package traceidprocessor

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/processor/processortest"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"github.com/otel-culprit/culprit/internal/issue"
)

// counts compares otelcol_processor_trace_id_records, by signal/status/source.
func (r *rig) counts(t *testing.T, want map[string]int64) {
	t.Helper()
	got := map[string]int64{}
	for _, p := range r.points(t, "otelcol_processor_trace_id_records") {
		signal, _ := p.Attributes.Value("signal")
		status, _ := p.Attributes.Value("status")
		source, _ := p.Attributes.Value("source")
		got[signal.AsString()+"/"+status.AsString()+"/"+source.AsString()] += p.Value
	}
	require.Equal(t, want, got)
}

func (r *rig) points(t *testing.T, name string) []metricdata.DataPoint[int64] {
	t.Helper()
	m, err := r.tel.GetMetric(name)
	require.NoError(t, err)
	switch data := m.Data.(type) {
	case metricdata.Sum[int64]:
		return data.DataPoints
	case metricdata.Gauge[int64]:
		return data.DataPoints
	}
	return nil
}

func TestMetrics(t *testing.T) {
	r := newRig(t, "required_attributes: [user.id]")
	user := map[string]any{"user.id": "1"}
	r.send(
		rec{service: "a", trace: traceA, attrs: user}, rec{service: "a", trace: traceA},
		rec{service: "b", attrs: map[string]any{"trace_id": "bogus!"}}, rec{service: "b", body: "{\"x_trace_id\":\"" + traceA + "\"}"}, rec{service: "b"},
		rec{service: "c", trace: traceB, attrs: map[string]any{"request_id": uuidA, "trace_id": traceA}})
	r.counts(t, map[string]int64{"logs/present/": 3, "logs/recovered/X-Trace-ID": 1, "logs/missing/": 1, "logs/invalid/": 1})
	require.Equal(t, int64(1), r.points(t, "otelcol_processor_trace_id_request_ids")[0].Value)
	require.Equal(t, int64(1), r.points(t, "otelcol_processor_trace_id_conflicts")[0].Value)
	require.Equal(t, int64(5), r.points(t, "otelcol_processor_trace_id_missing_attributes")[0].Value)
	coverage := map[string]int64{}
	for _, p := range r.points(t, "otelcol_processor_trace_id_coverage") {
		service, _ := p.Attributes.Value(attribute.Key("service.name"))
		status, _ := p.Attributes.Value("status")
		coverage[service.AsString()+"/"+status.AsString()] = p.Value
	}
	require.Equal(t, map[string]int64{"a/present": 2, "b/invalid": 1, "b/recovered": 1, "b/missing": 1, "c/present": 1}, coverage)
}

// TestSeriesBounded sends more services than have series of their own.
func TestSeriesBounded(t *testing.T) {
	r := newRig(t, "{}")
	for i := range maxServices + 50 {
		r.send(rec{service: fmt.Sprintf("s%d", i), trace: traceA})
	}
	require.Len(t, r.points(t, "otelcol_processor_trace_id_coverage"), maxServices+1)
}

// registry is an extension that takes reports.
type registry struct {
	component.StartFunc
	component.ShutdownFunc
	mu      sync.Mutex
	reports []issue.ServiceReport
}

func (r *registry) Report(reports []issue.ServiceReport) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.reports = append(r.reports, reports...)
}

func TestReports(t *testing.T) {
	reg := &registry{}
	t.Run("send", func(t *testing.T) {
		r := newRigHost(t, "{}", host{map[component.ID]component.Component{component.MustNewID("issue_registry"): reg}})
		r.send(rec{service: "shop", trace: traceA}, rec{service: "shop", body: "x"})
		td := ptrace.NewTraces()
		add := func(service string, kind ptrace.SpanKind, trace byte) ptrace.Span {
			rs := td.ResourceSpans().AppendEmpty()
			rs.Resource().Attributes().PutStr("service.name", service)
			s := rs.ScopeSpans().AppendEmpty().Spans().AppendEmpty()
			s.SetKind(kind)
			s.SetTraceID([16]byte{15: trace})
			s.SetSpanID([8]byte{trace})
			s.SetStartTimestamp(1000)
			s.SetEndTimestamp(2000)
			s.Attributes().PutStr("http.request.method", "GET")
			return s
		}
		c := add("shop", ptrace.SpanKindClient, 1)
		c.Attributes().PutStr("url.full", "http://stock:8080/items?x=1")
		add("stock", ptrace.SpanKindServer, 2).Attributes().PutStr("url.path", "/items")
		add("shop", ptrace.SpanKindClient, 3).Attributes().PutStr("server.address", "stock")
		kept := add("stock", ptrace.SpanKindServer, 3)
		kept.SetSpanID([8]byte{9})
		kept.SetParentSpanID([8]byte{3})
		r.sendSpans(td)
	})
	// Shutdown reported what was left.
	byName := map[string]issue.ServiceReport{}
	for _, r := range reg.reports {
		byName[r.Service] = r
	}
	require.Equal(t, issue.ServiceReport{
		Service: "shop", Records: map[string]uint64{"logs": 2, "traces": 2}, TraceIDs: map[string]uint64{"present": 1, "missing": 1},
	}, byName["shop"])
	require.Equal(t, issue.ServiceReport{
		Service: "stock", Records: map[string]uint64{"traces": 2}, Calls: map[string]uint64{"shop": 2}, Roots: map[string]uint64{"shop": 1},
	}, byName["stock"])
}

// TestShared checks that instances share a core by configuration, also after a restart.
func TestShared(t *testing.T) {
	f := NewFactory()
	set := processortest.NewNopSettings(f.Type())
	cfg := f.CreateDefaultConfig()
	ctx := context.Background()
	for range 2 {
		a, err := f.CreateLogs(ctx, set, cfg, new(consumertest.LogsSink))
		require.NoError(t, err)
		sink := new(consumertest.LogsSink)
		b, err := f.CreateLogs(ctx, set, cfg, sink)
		require.NoError(t, err)
		other := new(consumertest.LogsSink)
		c, err := f.CreateLogs(ctx, set, f.CreateDefaultConfig(), other)
		require.NoError(t, err)
		for _, p := range []component.Component{a, b, c} {
			require.NoError(t, p.Start(ctx, componenttest.NewNopHost()))
		}
		require.NoError(t, a.ConsumeLogs(ctx, makeLogs(t, rec{trace: traceA, attrs: map[string]any{"request_id": uuidA}})))
		require.NoError(t, a.Shutdown(ctx))
		asks := rec{attrs: map[string]any{"request_id": uuidA}}
		require.NoError(t, b.ConsumeLogs(ctx, makeLogs(t, asks)))
		require.NoError(t, c.ConsumeLogs(ctx, makeLogs(t, asks)))
		first := func(s *consumertest.LogsSink) string {
			return s.AllLogs()[0].ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0).TraceID().String()
		}
		require.Equal(t, traceA, first(sink))
		require.Empty(t, first(other), "another component has its own table")
		require.NoError(t, b.Shutdown(ctx))
		require.NoError(t, c.Shutdown(ctx))
	}
}

func TestConcurrent(t *testing.T) {
	r := newRig(t, "on_missing: generate")
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			for i := range 50 {
				_ = r.logs.ConsumeLogs(context.Background(), makeLogs(t,
					rec{service: fmt.Sprint(g), trace: traceA, attrs: map[string]any{"request_id": fmt.Sprintf("request-%d-%d", g, i)}},
					rec{body: "x"}, rec{attrs: map[string]any{"request_id": fmt.Sprintf("request-%d-%d", (g+1)%8, i)}}))
				_ = r.traces.ConsumeTraces(context.Background(), makeSpans(t, "s", badSpans...))
			}
		})
	}
	wg.Wait()
	require.Eventually(t, func() bool { return r.outL.LogRecordCount() == 8*50*3 }, 30*time.Second, time.Millisecond)
}
