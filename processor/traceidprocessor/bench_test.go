package traceidprocessor

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/processor/processortest"
)

const benchRecords = 1000

// benchLogs returns a batch as an agent sees it: one service, some attributes.
func benchLogs(own bool, body func(i int) string) plog.Logs {
	ld := plog.NewLogs()
	rl := ld.ResourceLogs().AppendEmpty()
	rl.Resource().Attributes().PutStr("service.name", "checkout")
	rl.Resource().Attributes().PutStr("k8s.pod.name", "checkout-1")
	records := rl.ScopeLogs().AppendEmpty().LogRecords()
	for i := range benchRecords {
		r := records.AppendEmpty()
		if own {
			r.SetTraceID([16]byte{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, byte(i >> 8), byte(i), 1})
			r.SetSpanID([8]byte{1, 2, 3})
		}
		r.Body().SetStr(body(i))
		r.Attributes().PutStr("http.request.method", "GET")
		r.Attributes().PutStr("url.path", "/orders")
		r.Attributes().PutInt("http.response.status_code", 200)
		r.Attributes().PutStr("thread.name", "exec-1")
		r.Attributes().PutStr("code.function.name", "place")
	}
	return ld
}

func benchBody(size int) func(int) string {
	return func(i int) string {
		var b strings.Builder
		b.WriteString(`{"timestamp":"2026-11-03T12:34:56.789Z","level":"info","logger":"com.acme.shop.Checkout","http":{"method":"POST","status":201}`)
		for k := 0; b.Len() < size-100; k++ {
			fmt.Fprintf(&b, `,"field_%d":"value %d of the order"`, k, k)
		}
		fmt.Fprintf(&b, `,"trace_id":"%032x","span_id":"00f067aa0ba902b7"}`, 1+i)
		return b.String()
	}
}

func BenchmarkLogs(b *testing.B) {
	for _, c := range []struct {
		name string
		own  bool
		size int
	}{{"has_id", true, 500}, {"json_500B", false, 500}, {"json_5000B", false, 5000}} {
		b.Run(c.name, func(b *testing.B) {
			factory := NewFactory()
			p, err := factory.CreateLogs(context.Background(), processortest.NewNopSettings(factory.Type()), factory.CreateDefaultConfig(), consumertest.NewNop())
			require.NoError(b, err)
			require.NoError(b, p.Start(context.Background(), componenttest.NewNopHost()))
			defer func() { require.NoError(b, p.Shutdown(context.Background())) }()
			ld := benchLogs(c.own, benchBody(c.size))
			records := ld.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords()
			b.SetBytes(int64(benchRecords * len(records.At(0).Body().Str())))
			b.ReportAllocs()
			for b.Loop() {
				if !c.own {
					for i := range records.Len() {
						records.At(i).SetTraceID([16]byte{})
					}
				}
				if err := p.ConsumeLogs(context.Background(), ld); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/benchRecords, "ns/record")
		})
	}
}

func BenchmarkTraces(b *testing.B) {
	factory := NewFactory()
	p, err := factory.CreateTraces(context.Background(), processortest.NewNopSettings(factory.Type()), factory.CreateDefaultConfig(), consumertest.NewNop())
	require.NoError(b, err)
	require.NoError(b, p.Start(context.Background(), componenttest.NewNopHost()))
	defer func() { require.NoError(b, p.Shutdown(context.Background())) }()
	td := ptrace.NewTraces()
	rs := td.ResourceSpans().AppendEmpty()
	rs.Resource().Attributes().PutStr("service.name", "checkout")
	spans := rs.ScopeSpans().AppendEmpty().Spans()
	for i := range benchRecords {
		s := spans.AppendEmpty()
		s.SetTraceID([16]byte{1, 2, 3, 4, 5, 6, 7, 8, 9, byte(i >> 8), byte(i), 1})
		s.SetSpanID([8]byte{1, byte(i >> 8), byte(i)})
		s.SetParentSpanID([8]byte{2})
		s.SetKind(ptrace.SpanKind(1 + i%3))
		s.SetStartTimestamp(1e9)
		s.SetEndTimestamp(2e9)
		s.Attributes().PutStr("http.request.method", "GET")
		s.Attributes().PutStr("url.path", "/orders")
		s.Attributes().PutStr("server.address", "orders")
	}
	b.ReportAllocs()
	for b.Loop() {
		if err := p.ConsumeTraces(context.Background(), td); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/benchRecords, "ns/span")
}
