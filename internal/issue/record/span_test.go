package record

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otel-culprit/culprit/internal/issue"
)

func spanOf(t *testing.T, kind ptrace.SpanKind, code ptrace.StatusCode, message string, attrs map[string]any) ptrace.Span {
	t.Helper()
	span := ptrace.NewSpan()
	span.SetName("GET /cart/7")
	span.SetKind(kind)
	span.Status().SetCode(code)
	span.Status().SetMessage(message)
	require.NoError(t, span.Attributes().FromRaw(attrs))
	return span
}

func TestSpan(t *testing.T) {
	res := NewResource(pcommon.NewResource())
	scope := pcommon.NewInstrumentationScope()
	f := func(name string, span ptrace.Span, ok bool, operation, status string) {
		t.Helper()
		var got Failure
		require.Equal(t, ok, errorRules.Span(&res, scope, span, &got), name)
		if !ok {
			return
		}
		assert.Equal(t, issue.FailedSpan, got.Signal, name)
		assert.Equal(t, operation, got.Input.Operation, name)
		assert.Equal(t, status, got.Input.Status, name)
	}
	const (
		server, client, consumer, internal = ptrace.SpanKindServer, ptrace.SpanKindClient, ptrace.SpanKindConsumer, ptrace.SpanKindInternal
		unset, fine, failed                = ptrace.StatusCodeUnset, ptrace.StatusCodeOk, ptrace.StatusCodeError
	)
	type m = map[string]any
	f("status", spanOf(t, internal, failed, "no stock", nil), true, "GET /cart/7", "no stock")
	f("route", spanOf(t, server, failed, "", m{"http.route": "/cart/{id}", "http.request.method": "GET", "http.response.status_code": int64(500)}), true, "GET /cart/{id}", "HTTP 500")
	f("5xx without status", spanOf(t, server, unset, "", m{"http.status_code": int64(503)}), true, "GET /cart/7", "HTTP 503")
	f("5xx as a string", spanOf(t, server, unset, "", m{"http.status_code": "503"}), true, "GET /cart/7", "HTTP 503")
	f("4xx of a server", spanOf(t, server, unset, "", m{"http.status_code": int64(404)}), false, "", "")
	f("5xx seen by a client", spanOf(t, client, unset, "", m{"http.status_code": int64(503)}), false, "", "")
	f("failed client", spanOf(t, client, failed, "", m{"http.status_code": int64(404)}), true, "GET /cart/7", "HTTP 404")
	f("said to be fine", spanOf(t, server, fine, "", m{"http.status_code": int64(503)}), false, "", "")
	f("gRPC", spanOf(t, server, unset, "", m{"rpc.service": "shop.Cart", "rpc.method": "Get", "rpc.grpc.status_code": int64(13)}), true, "shop.Cart/Get", "gRPC INTERNAL")
	f("gRPC by name", spanOf(t, consumer, unset, "", m{"rpc.response.status_code": "UNAVAILABLE"}), true, "GET /cart/7", "gRPC UNAVAILABLE")
	f("gRPC, the client's fault", spanOf(t, server, unset, "", m{"rpc.grpc.status_code": int64(5)}), false, "", "")
	f("error.type", spanOf(t, internal, failed, "", m{"error.type": "timeout"}), true, "GET /cart/7", "timeout")
	f("fine", spanOf(t, server, unset, "", nil), false, "", "")

	off := Rules{Severity: errorRules.Severity}
	assert.False(t, off.Span(&res, scope, spanOf(t, server, unset, "", m{"http.status_code": int64(503)}), &Failure{}))
}

func TestSpanWithException(t *testing.T) {
	res := NewResource(pcommon.NewResource())
	scope := pcommon.NewInstrumentationScope()
	var got Failure
	span := spanOf(t, ptrace.SpanKindServer, ptrace.StatusCodeError, "", map[string]any{
		"error.type": "ValueError", "error.message": "bad", "error.stack": pythonStack,
	})
	require.True(t, errorRules.Span(&res, scope, span, &got))
	assert.Equal(t, issue.SpanEvent, got.Signal, "Datadog's tracers write the exception on the span")
	assert.Equal(t, "ValueError", got.Input.Type)
	assert.Equal(t, "bad", got.Input.Message)
	assert.Equal(t, pythonStack, got.Input.Stack)

	require.True(t, errorRules.Span(&res, scope, spanOf(t, ptrace.SpanKindServer, ptrace.StatusCodeError, javaStack, nil), &got))
	assert.Equal(t, javaStack, got.Input.Stack)
}

func TestEvent(t *testing.T) {
	res := NewResource(pcommon.NewResource())
	scope := pcommon.NewInstrumentationScope()
	f := func(name string, attrs map[string]any, ok bool) Failure {
		t.Helper()
		span := ptrace.NewSpan()
		event := span.Events().AppendEmpty()
		event.SetName(name)
		require.NoError(t, event.Attributes().FromRaw(attrs))
		var got Failure
		require.Equal(t, ok, errorRules.Event(&res, scope, span, event, &got), name)
		return got
	}
	got := f("exception", map[string]any{"exception.type": "E", "exception.message": "bad", "exception.escaped": true}, true)
	assert.Equal(t, "E", got.Input.Type)
	assert.False(t, *got.Handled)
	f("http.client.request.exception", nil, true)
	got = f("error", map[string]any{"error.kind": "E", "message": "bad", "stack": javaStack}, true)
	assert.Equal(t, "E", got.Input.Type)
	assert.Equal(t, "bad", got.Input.Message)
	f("retry", map[string]any{"attempt": int64(2)}, false)
	f("error", nil, false)
}
