package sentryreceiver

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/collector/receiver/receivertest"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"

	"github.com/otel-culprit/culprit/internal/sentryproto"
	"github.com/otel-culprit/culprit/receiver/sentryreceiver/internal/metadata"
)

// testServer is a running receiver whose pipelines end in sinks.
type testServer struct {
	url     string
	tel     *componenttest.Telemetry
	logs    *consumertest.LogsSink
	traces  *consumertest.TracesSink
	metrics *consumertest.MetricsSink
	parts   []receiver.Logs
	stop    func() error
	shared  *sentryReceiver
}

func startServer(t testing.TB, change func(*Config)) *testServer {
	t.Helper()
	s := &testServer{logs: new(consumertest.LogsSink), traces: new(consumertest.TracesSink), metrics: new(consumertest.MetricsSink)}
	s.start(t, change)
	return s
}

func (s *testServer) start(t testing.TB, change func(*Config)) {
	t.Helper()
	cfg := createDefaultConfig().(*Config)
	cfg.HTTP.NetAddr.Endpoint = "127.0.0.1:0"
	if change != nil {
		change(cfg)
	}
	require.NoError(t, cfg.Validate())
	s.tel = componenttest.NewTelemetry()
	set := receivertest.NewNopSettings(metadata.Type)
	set.TelemetrySettings = s.tel.NewTelemetrySettings()
	f := NewFactory()
	ctx := context.Background()
	logs, err := f.CreateLogs(ctx, set, cfg, s.logs)
	require.NoError(t, err)
	traces, err := f.CreateTraces(ctx, set, cfg, s.traces)
	require.NoError(t, err)
	metrics, err := f.CreateMetrics(ctx, set, cfg, s.metrics)
	require.NoError(t, err)
	s.parts = []receiver.Logs{logs, traces, metrics}
	for _, p := range s.parts {
		require.NoError(t, p.Start(ctx, componenttest.NewNopHost()))
	}
	s.shared = logs.(*handle).sentryReceiver
	s.url = "http://" + s.shared.address.String()
	s.stop = sync.OnceValue(func() error {
		var first error
		for _, p := range s.parts {
			if err := p.Shutdown(context.Background()); err != nil && first == nil {
				first = err
			}
		}
		return first
	})
	t.Cleanup(func() {
		require.NoError(t, s.stop())
		require.NoError(t, s.tel.Shutdown(context.Background()))
	})
}

// outcomes returns the counts of items with an outcome, by type.
func (s *testServer) outcomes(t testing.TB, outcome string) map[string]int64 {
	t.Helper()
	return s.counts(t, "otelcol_receiver_sentry_items", "type", outcome)
}

func (s *testServer) counts(t testing.TB, metric, by, outcome string) map[string]int64 {
	t.Helper()
	out := map[string]int64{}
	m, err := s.tel.GetMetric(metric)
	if err != nil {
		return out
	}
	for _, p := range m.Data.(metricdata.Sum[int64]).DataPoints {
		if v, _ := p.Attributes.Value("outcome"); v.AsString() == outcome {
			k, _ := p.Attributes.Value(attributeKey(by))
			out[k.AsString()] += p.Value
		}
	}
	return out
}

// jsonStrings collects the texts of a list that is kept as JSON.
func jsonStrings(v sentryproto.Value, out map[string]bool) {
	for k, member := range v.Members() {
		out[k] = true
		jsonStrings(member, out)
	}
	for e := range v.Elements() {
		jsonStrings(e, out)
	}
	if s := v.Text(); s != "" {
		out[s] = true
	}
}

// list reads a list that is kept as JSON.
func list(t testing.TB, attrs map[string]any, key string) (out []any) {
	t.Helper()
	require.NoError(t, json.Unmarshal([]byte(attrs[key].(string)), &out))
	return out
}

// strings collects every text of the output, of values and of names, and every ID.
func (s *testServer) strings() map[string]bool {
	out := map[string]bool{}
	var value func(v pcommon.Value)
	attrs := func(m pcommon.Map) {
		for k, v := range m.All() {
			out[k] = true
			value(v)
		}
	}
	value = func(v pcommon.Value) {
		switch v.Type() {
		case pcommon.ValueTypeStr:
			out[v.Str()] = true
			if json, err := new(sentryproto.Parser).ParseText(v.Str()); err == nil {
				jsonStrings(json, out)
			}
		case pcommon.ValueTypeMap:
			attrs(v.Map())
		case pcommon.ValueTypeSlice:
			for _, e := range v.Slice().All() {
				value(e)
			}
		default:
			out[v.AsString()] = true
		}
	}
	id := func(b []byte) { out[hex.EncodeToString(b)] = true }
	for _, ld := range s.logs.AllLogs() {
		for _, rl := range ld.ResourceLogs().All() {
			attrs(rl.Resource().Attributes())
			for _, sl := range rl.ScopeLogs().All() {
				for _, lr := range sl.LogRecords().All() {
					attrs(lr.Attributes())
					value(lr.Body())
					out[lr.SeverityText()] = true
					trace, span := lr.TraceID(), lr.SpanID()
					id(trace[:])
					id(span[:])
				}
			}
		}
	}
	for _, td := range s.traces.AllTraces() {
		for _, rs := range td.ResourceSpans().All() {
			attrs(rs.Resource().Attributes())
			for _, ss := range rs.ScopeSpans().All() {
				for _, span := range ss.Spans().All() {
					attrs(span.Attributes())
					out[span.Name()] = true
					out[span.Status().Message()] = true
					trace, own, parent := span.TraceID(), span.SpanID(), span.ParentSpanID()
					id(trace[:])
					id(own[:])
					id(parent[:])
					for _, e := range span.Events().All() {
						out[e.Name()] = true
						attrs(e.Attributes())
					}
					for _, l := range span.Links().All() {
						trace, span := l.TraceID(), l.SpanID()
						id(trace[:])
						id(span[:])
						attrs(l.Attributes())
					}
				}
			}
		}
	}
	s.metricStrings(out, attrs, id)
	return out
}
