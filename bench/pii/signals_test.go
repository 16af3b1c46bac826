package pii

import (
	"context"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/processor/processortest"
)

// The other signals: clean batches, which the processor leaves as they are, so that one batch serves all
// iterations and allocations are the processor's own.

func (r processors) settings(b *testing.B) component.Config {
	cfg := r.factory.CreateDefaultConfig()
	require.NoError(b, confmap.NewFromStringMap(r.config).Unmarshal(cfg))
	return cfg
}

// measure reports the CPU time of f, which handles Records records.
func measure(b *testing.B, f func() error) {
	require.NoError(b, f())
	b.ReportAllocs()
	since := cpuTime()
	for b.Loop() {
		if err := f(); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64((cpuTime()-since).Nanoseconds())/float64(b.N)/Records, "cpu-ns/record")
}

// BenchmarkTraces: clean spans with the attributes of a request and one event.
func BenchmarkTraces(b *testing.B) {
	td := ptrace.NewTraces()
	spans := td.ResourceSpans().AppendEmpty().ScopeSpans().AppendEmpty().Spans()
	for i := range Records {
		s := spans.AppendEmpty()
		s.SetName("GET /api/v2/orders/{id}")
		s.Attributes().PutStr("http.request.method", "GET")
		s.Attributes().PutStr("url.path", fmt.Sprintf("/api/v2/orders/%d", 1000+i))
		s.Attributes().PutInt("http.response.status_code", 200)
		s.Events().AppendEmpty().SetName("cache miss")
	}
	for _, r := range rivals {
		b.Run("clean/"+r.name, func(b *testing.B) {
			p, err := r.factory.CreateTraces(context.Background(), processortest.NewNopSettings(r.factory.Type()), r.settings(b), consumertest.NewNop())
			require.NoError(b, err)
			require.NoError(b, p.Start(context.Background(), componenttest.NewNopHost()))
			measure(b, func() error { return p.ConsumeTraces(context.Background(), td) })
			require.NoError(b, p.Shutdown(context.Background()))
		})
	}
}

// BenchmarkMetrics: clean data points of one sum.
func BenchmarkMetrics(b *testing.B) {
	md := pmetric.NewMetrics()
	m := md.ResourceMetrics().AppendEmpty().ScopeMetrics().AppendEmpty().Metrics().AppendEmpty()
	m.SetName("http.server.requests")
	points := m.SetEmptySum().DataPoints()
	for i := range Records {
		p := points.AppendEmpty()
		p.SetIntValue(int64(i))
		p.Attributes().PutStr("http.route", "/api/v2/orders/{id}")
		p.Attributes().PutStr("k8s.pod.name", fmt.Sprintf("checkout-7d9f8b6c5-%05d", i))
	}
	for _, r := range rivals {
		if r.name == "pii_redaction_all_audit" {
			continue // metrics carry no audit
		}
		b.Run("clean/"+r.name, func(b *testing.B) {
			p, err := r.factory.CreateMetrics(context.Background(), processortest.NewNopSettings(r.factory.Type()), r.settings(b), consumertest.NewNop())
			require.NoError(b, err)
			require.NoError(b, p.Start(context.Background(), componenttest.NewNopHost()))
			measure(b, func() error { return p.ConsumeMetrics(context.Background(), md) })
			require.NoError(b, p.Shutdown(context.Background()))
		})
	}
}
