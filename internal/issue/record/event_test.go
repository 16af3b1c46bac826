package record

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otel-culprit/culprit/internal/grouping"
	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/stacktrace"
)

func resourceOf(t *testing.T, attrs map[string]any) *Resource {
	t.Helper()
	res := pcommon.NewResource()
	require.NoError(t, res.Attributes().FromRaw(attrs))
	r := NewResource(res)
	return &r
}

func TestEventOfALog(t *testing.T) {
	res := resourceOf(t, map[string]any{
		"service.name": "shop", "service.version": "1.2", "deployment.environment": "prod", "telemetry.sdk.language": "python", "process.pid": int64(7),
	})
	lr := logOf(t, map[string]any{
		"exception.type": "ValueError", "exception.message": "bad", "exception.stacktrace": pythonStack,
		"http.request.method": "POST", "http.route": "/pay/{id}", "url.scheme": "https", "server.address": "shop.example", "server.port": int64(8443),
		"url.path": "/pay/7", "url.query": "a=b", "http.request.header.accept": []any{"text/html", "*/*"}, "client.address": "10.0.0.9",
		"user.id": "u7", "user.email": "[EMAIL]", "thread.name": "main", "issue.id": "x", "culprit.pii.count": int64(1),
		"code.function.name": "charge",
	}, "charge failed", plog.SeverityNumberError)
	lr.SetTraceID(pcommon.TraceID{1})
	lr.SetSpanID(pcommon.SpanID{2})
	at := time.Unix(1700000000, 5).UTC()
	lr.SetTimestamp(pcommon.NewTimestampFromTime(at))
	var f Failure
	require.True(t, errorRules.Log(res, pcommon.NewInstrumentationScope(), lr, &f))
	g, err := grouping.New(grouping.Config{})
	require.NoError(t, err)
	result := g.Group(&f.Input)
	crumbs := []issue.Breadcrumb{
		{Time: at.Add(-time.Second), Message: "before"},
		{Time: at.Add(-time.Second), Message: "before"},
		{Time: at, Message: "charge failed"},
		{Time: at.Add(time.Second), Message: "after"},
	}
	var keys Keys
	e := f.Event(keys.Key(&f, result.ID), &result, crumbs, []string{"http.route", "service.version", "missing"})

	assert.Len(t, e.ID, 32)
	assert.Equal(t, at, e.Time)
	assert.Equal(t, "01000000000000000000000000000000", e.TraceID)
	assert.Equal(t, "0200000000000000", e.SpanID)
	assert.Equal(t, "shop", e.Service)
	assert.Equal(t, "prod", e.Environment)
	assert.Equal(t, "1.2", e.Release)
	assert.Equal(t, "error", e.Level)
	assert.Equal(t, "charge failed", e.Message)
	assert.Equal(t, "POST /pay/{id}", e.Transaction)
	assert.Equal(t, stacktrace.Python, e.Language)
	require.Len(t, e.Exceptions, 1)
	assert.Equal(t, "charge", e.Exceptions[0].Frames[0].Function)
	assert.Equal(t, []issue.Breadcrumb{crumbs[0]}, e.Breadcrumbs)
	assert.Equal(t, map[string]string{
		"method": "POST", "url": "https://shop.example:8443/pay/7", "query_string": "a=b", "header.accept": "text/html, */*", "client_address": "10.0.0.9",
	}, e.Request)
	assert.Equal(t, map[string]string{"id": "u7", "email": "[EMAIL]"}, e.User)
	assert.Equal(t, map[string]string{"http.route": "/pay/{id}", "service.version": "1.2"}, e.Tags)
	assert.Equal(t, map[string]string{"thread.name": "main", "http.route": "/pay/{id}", "code.function.name": "charge"}, e.Extra)
	assert.Equal(t, "7", e.Resource["process.pid"])
}

func TestEventWithoutStack(t *testing.T) {
	res := resourceOf(t, nil)
	lr := logOf(t, map[string]any{
		"exception.type": "E", "code.function.name": "charge", "code.file.path": "pay.py", "code.line.number": "12",
	}, nil, plog.SeverityNumberError)
	var f Failure
	require.True(t, errorRules.Log(res, pcommon.NewInstrumentationScope(), lr, &f))
	e := f.Event(issue.Key{}, &grouping.Result{}, nil, nil)
	require.Len(t, e.Exceptions, 1)
	assert.Equal(t, []stacktrace.Frame{{Function: "charge", File: "pay.py", Line: 12, InApp: true}}, e.Exceptions[0].Frames)
}

func TestEventIsBounded(t *testing.T) {
	res := resourceOf(t, nil)
	lr := plog.NewLogRecord()
	lr.SetSeverityNumber(plog.SeverityNumberError)
	lr.Body().SetStr(strings.Repeat("ä", 1<<20))
	for i := range 1000 {
		lr.Attributes().PutStr("k"+strings.Repeat("x", i), strings.Repeat("v", 10_000))
	}
	var f Failure
	require.True(t, errorRules.Log(res, pcommon.NewInstrumentationScope(), lr, &f))
	frames := make([]stacktrace.Frame, 10_000)
	result := grouping.Result{Trace: stacktrace.Trace{Exceptions: []stacktrace.Exception{{Type: "E", Frames: frames}}}}
	frames[len(frames)-1].Function = "main"
	e := f.Event(issue.Key{}, &result, nil, nil)
	assert.LessOrEqual(t, len(e.Message), maxMessage)
	assert.Equal(t, strings.Repeat("ä", maxMessage/2), e.Message)
	assert.LessOrEqual(t, len(e.Extra), maxExtra)
	assert.Len(t, e.Exceptions[0].Frames, maxFrames)
	assert.Equal(t, "main", e.Exceptions[0].Frames[maxFrames-1].Function)
}

func TestUser(t *testing.T) {
	f := func(attrs map[string]any, same map[string]any) {
		t.Helper()
		user := func(attrs map[string]any) string {
			f := Failure{attrs: pcommon.NewMap(), resource: &Resource{Attributes: pcommon.NewMap()}}
			require.NoError(t, f.attrs.FromRaw(attrs))
			_, user := f.Facts()
			return user
		}
		assert.Equal(t, user(same), user(attrs))
		for _, v := range attrs {
			if v != "ab12" && v != "" {
				assert.NotContains(t, user(attrs), v)
			}
		}
	}
	type m = map[string]any
	f(m{"user.hash": "ab12", "user.id": "u1"}, m{"user.hash": "ab12"})
	f(m{"user.id": "u1"}, m{"enduser.id": "u1"})
	f(m{"user.email": "[EMAIL]"}, m{})
	f(m{"user.id": "****"}, m{})
	f(m{"user.id": "[CARD:****4242]"}, m{})
	f(m{"user.id": ""}, m{})
}

func TestKey(t *testing.T) {
	res := resourceOf(t, map[string]any{"service.name": "shop", "host.name": "a"})
	reordered := resourceOf(t, nil)
	reordered.Attributes.PutStr("host.name", "a")
	reordered.Attributes.PutStr("service.name", "shop")
	base := func() Failure {
		return Failure{Signal: issue.LogRecord, Time: time.Unix(1, 2), TraceID: pcommon.TraceID{1}, SpanID: pcommon.SpanID{2}, resource: res}
	}
	key := func(f Failure, id string) issue.Key {
		var k Keys
		return k.Key(&f, id)
	}
	want := key(base(), "a")
	assert.Regexp(t, "^[0-9a-f]{12}4[0-9a-f]{3}[89ab][0-9a-f]{15}$", want.String())
	same := base()
	same.resource = reordered
	assert.Equal(t, want, key(same, "a"))

	differs := func(name string, id string, change func(f *Failure)) {
		t.Helper()
		f := base()
		change(&f)
		assert.NotEqual(t, want, key(f, id), name)
	}
	differs("issue", "b", func(*Failure) {})
	differs("signal", "a", func(f *Failure) { f.Signal = issue.SpanEvent })
	differs("time", "a", func(f *Failure) { f.Time = time.Unix(1, 3) })
	differs("trace", "a", func(f *Failure) { f.TraceID = pcommon.TraceID{9} })
	differs("span", "a", func(f *Failure) { f.SpanID = pcommon.SpanID{9} })
	differs("resource", "a", func(f *Failure) { f.resource = resourceOf(t, map[string]any{"service.name": "shop", "host.name": "b"}) })
	differs("text", "a", func(f *Failure) { f.Input.Body = "x" })

	var k Keys
	f := base()
	first, second := k.Key(&f, "a"), k.Key(&f, "a")
	assert.NotEqual(t, first, second, "equal records of a batch")
	k.Reset()
	assert.Equal(t, first, k.Key(&f, "a"))
	assert.Equal(t, second, k.Key(&f, "a"), "the batch is sent again")
}

func TestCrumbs(t *testing.T) {
	res := resourceOf(t, map[string]any{"service.name": "shop"})
	lr := logOf(t, nil, `{"level":"info","msg":"cart \"7\""}`, plog.SeverityNumberWarn)
	f := Failure{Line: Line{text: "of the record before"}}
	said := func(lr plog.LogRecord) string {
		t.Helper()
		errorRules.Log(res, pcommon.NewInstrumentationScope(), lr, &f)
		return LogCrumb(res, pcommon.NewInstrumentationScope(), lr, f.Line).Message
	}
	assert.Equal(t, "", said(logOf(t, nil, "", plog.SeverityNumberInfo)))
	assert.Equal(t, "plain", said(logOf(t, nil, " plain\n", plog.SeverityNumberInfo)))
	assert.Equal(t, "failed", said(logOf(t, nil, "failed", plog.SeverityNumberError)))
	assert.Equal(t, "failed", said(logOf(t, nil, `{"msg":"failed","error":"x"}`, plog.SeverityNumberError)))
	assert.Equal(t, `{"msg":"cut o`, said(logOf(t, nil, `{"msg":"cut o`, plog.SeverityNumberInfo)))
	assert.Equal(t, `{"a":1}`, said(logOf(t, nil, `{"a":1}`, plog.SeverityNumberInfo)))
	c := LogCrumb(res, pcommon.NewInstrumentationScope(), lr, Line{})
	assert.Equal(t, lr.Body().Str(), c.Message)
	assert.Equal(t, `cart "7"`, said(lr))
	assert.Equal(t, "warning", c.Level)
	assert.Equal(t, "shop", c.Service)

	span := spanOf(t, ptrace.SpanKindClient, ptrace.StatusCodeError, "", map[string]any{"http.response.status_code": int64(502), "secret": "x"})
	c, ok := SpanCrumb(res, span, nil)
	require.True(t, ok)
	assert.Equal(t, issue.Crumb{
		Service: "shop", Category: "client", Level: "error", Message: "GET /cart/7", Data: []issue.CrumbData{{Key: "http.response.status_code", Value: "502"}},
	}, c)
	_, ok = SpanCrumb(res, spanOf(t, ptrace.SpanKindInternal, ptrace.StatusCodeUnset, "", nil), nil)
	assert.False(t, ok)
}
