package inputs

import (
	"errors"
	"fmt"
	"testing"

	"github.com/opentracing/opentracing-go"
	"github.com/opentracing/opentracing-go/ext"
	"github.com/opentracing/opentracing-go/log"
	"github.com/stretchr/testify/require"
	"github.com/uber/jaeger-client-go"
	"github.com/uber/jaeger-client-go/transport"

	"github.com/otel-culprit/culprit/test/e2e/harness"
)

// TestJaeger: Jaeger's client of Go over HTTP, and over UDP as to an agent; trace IDs have 64 bits.
func TestJaeger(t *testing.T) {
	http, udp := harness.Address(t), harness.Address(t)
	c := start(t, nil, recipe(t, "jaeger.md", "jaeger.yaml", "localhost:14268", http, "localhost:6831", udp, "localhost:14250", harness.Address(t)))
	compact, err := jaeger.NewUDPTransport(udp, 0)
	require.NoError(t, err)
	var traces []string
	send := func(sender jaeger.Transport, service string, fail func(span opentracing.Span)) {
		tracer, closer := jaeger.NewTracer(service, jaeger.NewConstSampler(true), jaeger.NewRemoteReporter(sender))
		span := tracer.StartSpan("charge")
		fail(span)
		span.Finish()
		traces = append(traces, fmt.Sprintf("%032s", span.Context().(jaeger.SpanContext).TraceID().String()))
		require.NoError(t, closer.Close())
	}
	url := "http://" + http + "/api/traces"
	for range 2 {
		send(transport.NewHTTPTransport(url), "checkout", func(span opentracing.Span) {
			ext.LogError(span, errors.New("card was declined"))
		})
	}
	send(transport.NewHTTPTransport(url), "orders", func(span opentracing.Span) {
		ext.Error.Set(span, true)
		span.LogFields(log.Event("error"), log.String("error.kind", "java.lang.IllegalStateException"), log.Message("stock is negative"),
			log.String("stack", "java.lang.IllegalStateException: stock is negative\n\tat com.acme.Stock.take(Stock.java:17)\n\tat com.acme.Orders.place(Orders.java:42)"))
	})
	send(compact, "mail", func(span opentracing.Span) { ext.LogError(span, errors.New("mailbox is full")) })

	expect(t, c,
		want{service: "checkout", title: "card was declined", count: 2, traces: traces[:2]},
		want{service: "orders", title: "IllegalStateException: stock is negative", count: 1, traces: traces[2:3], texts: []string{"com.acme.Stock"}},
		want{service: "mail", title: "mailbox is full", count: 1, traces: traces[3:]},
	)
}
