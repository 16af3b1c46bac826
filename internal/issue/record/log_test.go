package record

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otel-culprit/culprit/internal/issue"
)

var errorRules = Rules{Severity: plog.SeverityNumberError, HTTPStatus: 500}

const (
	pythonStack = "Traceback (most recent call last):\n  File \"/srv/app/pay.py\", line 12, in charge\n    int(x)\nValueError: bad '12'\n"
	javaStack   = "java.lang.IllegalStateException: no stock\n\tat com.acme.Shop.buy(Shop.java:12)\n\tat com.acme.Main.main(Main.java:3)\n"
)

// log reads a record of a service without resource attributes.
func log(r *Rules, lr plog.LogRecord, f *Failure) bool {
	res := NewResource(pcommon.NewResource())
	return r.Log(&res, pcommon.NewInstrumentationScope(), lr, f)
}

func logOf(t *testing.T, attrs map[string]any, body any, severity plog.SeverityNumber) plog.LogRecord {
	t.Helper()
	lr := plog.NewLogRecord()
	require.NoError(t, lr.Attributes().FromRaw(attrs))
	require.NoError(t, lr.Body().FromRaw(body))
	lr.SetSeverityNumber(severity)
	return lr
}

type want struct {
	signal             issue.Signal
	typ, message, body string
	stack              bool
	level              string
	template, logger   string
}

func TestLogSuccess(t *testing.T) {
	f := func(name string, attrs map[string]any, body any, severity plog.SeverityNumber, w want) {
		t.Helper()
		var got Failure
		if !assert.True(t, log(&errorRules, logOf(t, attrs, body, severity), &got), name) {
			return
		}
		if w.level == "" {
			w.level = "error"
		}
		assert.Equal(t, w, seen(&got), name)
	}
	const info, warn, errorLevel, none = plog.SeverityNumberInfo, plog.SeverityNumberWarn, plog.SeverityNumberError, plog.SeverityNumberUnspecified
	type m = map[string]any

	f("semantic convention", m{"exception.type": "ValueError", "exception.message": "bad", "exception.stacktrace": pythonStack}, "failed", errorLevel,
		want{signal: issue.LogRecord, typ: "ValueError", message: "bad", body: "failed", stack: true})
	f("handled", m{"exception.type": "ValueError"}, "retry", warn,
		want{signal: issue.LogRecord, typ: "ValueError", body: "retry", level: "warning"})
	f("severity alone", nil, "connection lost", plog.SeverityNumberFatal,
		want{signal: issue.LogLine, body: "connection lost", level: "fatal"})
	f("ECS", m{"error.type": "E", "error.message": "bad", "error.stack_trace": javaStack, "log.logger": "shop"}, "failed", none,
		want{signal: issue.LogRecord, typ: "E", message: "bad", body: "failed", stack: true, logger: "shop"})
	f("ECS without stack", m{"error.type": "E", "error.message": "bad"}, "failed", none,
		want{signal: issue.LogRecord, typ: "E", message: "bad", body: "failed"})
	f("Datadog", m{"error.kind": "E", "error.message": "bad", "error.stack": javaStack}, "failed", errorLevel,
		want{signal: issue.LogRecord, typ: "E", message: "bad", body: "failed", stack: true})
	f("stack in the body", nil, "failed\n"+pythonStack, info,
		want{signal: issue.LogRecord, body: "failed\n" + pythonStack[:len(pythonStack)-1], stack: true})
	f("level in the text", nil, "2026-01-02 10:11:12 ERROR [main] no stock", none,
		want{signal: issue.LogLine, body: "2026-01-02 10:11:12 ERROR [main] no stock"})
	f("Serilog compact", nil, `{"@t":"2026","@l":"Error","@mt":"Order {Id} failed","@m":"Order 7 failed","@x":"System.Exception: bad\n   at A.B() in C.cs:line 1\n   at A.C() in C.cs:line 2"}`, none,
		want{signal: issue.LogRecord, body: "Order 7 failed", stack: true, template: "Order {Id} failed"})
	f("Serilog, no frames", nil, `{"@l":"Error","@m":"Order 7 failed","@x":"System.Exception: bad"}`, none,
		want{signal: issue.LogRecord, typ: "System.Exception", message: "bad", body: "Order 7 failed"})
	f("pino", nil, `{"level":50,"msg":"failed","err":{"type":"TypeError","message":"x is \"y\"","stack":"TypeError: x\n    at f (/app/a.js:1:2)\n    at g (/app/a.js:3:4)"}}`, none,
		want{signal: issue.LogRecord, typ: "TypeError", message: `x is "y"`, body: "failed", stack: true})
	f("winston", m{"level": "error", "stack": "Error: x\n    at f (/app/a.js:1:2)\n    at g (/app/a.js:3:4)"}, m{"message": "x"}, none,
		want{signal: issue.LogRecord, body: "x", stack: true})
	f("backslashes are decoded once", nil, `{"level":"error","msg":"open C:\\new","exception":"IOError: no C:\\new"}`, none,
		want{signal: issue.LogRecord, typ: "IOError", message: `no C:\new`, body: `open C:\new`})
	f("structlog", nil, `{"event":"failed","level":"error","exception":"Traceback (most recent call last):\n  File \"a.py\", line 1, in f\n    g()\nKeyError: 'x'"}`, none,
		want{signal: issue.LogRecord, body: "failed", stack: true})
	f("python-json-logger", m{"exc_info": pythonStack, "levelname": "ERROR"}, "failed", none,
		want{signal: issue.LogRecord, body: "failed", stack: true})
	f("logback JSON", m{}, m{"message": "failed", "level": "ERROR", "logger_name": "c.a.Shop", "stack_trace": javaStack}, none,
		want{signal: issue.LogRecord, body: "failed", stack: true, logger: "c.a.Shop"})
	f("log4j2 JSON", nil, m{"message": "failed", "level": "ERROR", "thrown": m{"name": "java.io.IOException", "message": "gone", "extendedStackTrace": []any{
		m{"class": "com.acme.Shop", "method": "buy", "file": "Shop.java", "line": int64(12)}}}}, none,
		want{signal: issue.LogRecord, typ: "java.io.IOException", message: "gone", body: "failed", stack: true})
	f("zap with pkg/errors", m{"error": "gone", "errorVerbose": "gone\nmain.f\n\t/app/main.go:7\nmain.main\n\t/app/main.go:3"}, "failed", errorLevel,
		want{signal: issue.LogRecord, body: "failed", stack: true})
	f("zerolog pkgerrors", nil, `{"level":"error","stack":[{"func":"f","line":"7","source":"main.go"},{"func":"main","line":"3","source":"main.go"}],"error":"gone","message":"failed"}`, none,
		want{signal: issue.LogRecord, body: "failed", stack: true})
	f("zap, error text only", m{"error": "dial tcp: refused"}, "failed to fetch", errorLevel,
		want{signal: issue.LogLine, body: "failed to fetch"})
	f("Monolog", nil, m{"message": "failed", "level": int64(400), "context": m{"exception": m{"class": "RuntimeException", "message": "gone", "file": "/app/a.php:3"}}}, none,
		want{signal: issue.LogRecord, typ: "RuntimeException", message: "gone", body: "failed"})
	f("loguru", nil, m{"text": "failed", "record": m{"level": m{"name": "ERROR", "no": int64(40)}, "message": "failed"}}, none,
		want{signal: issue.LogLine, body: "failed"})
	f(".NET", m{"{OriginalFormat}": "Order {Id} failed", "exception.type": "System.Exception"}, "Order 7 failed", errorLevel,
		want{signal: issue.LogRecord, typ: "System.Exception", body: "Order 7 failed", template: "Order {Id} failed"})
	f("Kubernetes JSON", nil, `{"ts":1,"level":"error","msg":"Reconciler error","error":"not found","stacktrace":"main.f\n\t/app/main.go:7\nmain.main\n\t/app/main.go:3"}`, none,
		want{signal: issue.LogRecord, body: "Reconciler error", stack: true})
	f("spring, exception as list", m{"exceptions": "x"}, m{"message": "failed", "exception": []any{m{"type": "E", "message": "bad"}}}, none,
		want{signal: issue.LogRecord, typ: "E", message: "bad", body: "failed"})
}

func TestLogEventName(t *testing.T) {
	for _, name := range []string{"exception", "http.client.request.exception"} {
		lr := plog.NewLogRecord()
		lr.SetEventName(name)
		var got Failure
		require.True(t, log(&errorRules, lr, &got), name)
		assert.Equal(t, issue.LogRecord, got.Signal)
	}
	lr := plog.NewLogRecord()
	lr.SetEventName("exceptional")
	assert.False(t, log(&errorRules, lr, &Failure{}))
}

func TestLogFailure(t *testing.T) {
	f := func(name string, attrs map[string]any, body any, severity plog.SeverityNumber) {
		t.Helper()
		var got Failure
		assert.False(t, log(&errorRules, logOf(t, attrs, body, severity), &got), name)
	}
	const info, none = plog.SeverityNumberInfo, plog.SeverityNumberUnspecified
	type m = map[string]any
	f("info", nil, "all is well", info)
	f("no severity", nil, "all is well", none)
	f("several lines", nil, "a list:\n  - one\n  - two\n  at home\n", info)
	f("JSON", nil, `{"level":"info","msg":"done","error":null,"exc_info":null}`, none)
	f("an error that was dealt with", m{"error": "timeout", "error.type": "timeout"}, "retry", info)
	f("error_code", m{"error_code": "E1", "stack": "prod-eu"}, "done", info)
	f("no exception", m{"exc_info": "NoneType: None"}, "done", info)
	f("warning", nil, "slow", plog.SeverityNumberWarn)
	f("broken JSON", nil, `{"level":"error","msg":`, none)
	f("level inside", nil, "INFO sent the ERROR page", none)
	f("empty", nil, nil, none)
}

func TestHandled(t *testing.T) {
	f := func(attrs map[string]any, want any) {
		t.Helper()
		var got Failure
		attrs["exception.type"] = "E"
		require.True(t, log(&errorRules, logOf(t, attrs, "x", plog.SeverityNumberError), &got))
		if want == nil {
			assert.Nil(t, got.Handled)
			return
		}
		require.NotNil(t, got.Handled)
		assert.Equal(t, want, *got.Handled)
	}
	f(map[string]any{}, nil)
	f(map[string]any{"exception.escaped": true}, false)
	f(map[string]any{"exception.escaped": "false"}, true)
	f(map[string]any{"sentry.handled": false}, false)
}

func TestCleanRecordsAllocateNothing(t *testing.T) {
	res := NewResource(pcommon.NewResource())
	scope := pcommon.NewInstrumentationScope()
	f := func(name string, lr plog.LogRecord) {
		t.Helper()
		var got Failure
		assert.Zero(t, testing.AllocsPerRun(100, func() {
			if errorRules.Log(&res, scope, lr, &got) {
				panic("recognised")
			}
		}), name)
	}
	attrs := map[string]any{"http.route": "/cart", "http.response.status_code": int64(200), "thread.name": "main", "list": []any{"a"}}
	f("text", logOf(t, attrs, "user 7 has logged in from 10.0.0.1", plog.SeverityNumberInfo))
	f("text without severity", logOf(t, attrs, "2026-01-02 10:11:12 INFO [main] user 7 has logged in", 0))
	f("several lines", logOf(t, attrs, "a list:\n  - one\n  - two\n  at home\n", plog.SeverityNumberInfo))
	f("JSON", logOf(t, attrs, `{"level":"info","msg":"user \"7\"","error":null,"n":7,"ctx":{"a":[1,2,{"b":"c"}]}}`, 0))
	f("map", logOf(t, attrs, map[string]any{"message": "done", "level": "info", "context": map[string]any{"a": "b"}}, 0))
}

// seen is what a failure tells, in the form in which the test wants it.
func seen(f *Failure) want {
	return want{
		signal: f.Signal, typ: f.Input.Type, message: f.Input.Message, body: f.Input.Body,
		stack: f.Input.Stack != "", level: f.Level, template: f.Input.Template, logger: f.Logger,
	}
}
