package sentryreceiver

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otel-culprit/culprit/internal/sentryproto"
)

// convert converts the items of an envelope.
func convert(t testing.TB, keep attachmentPolicy, items ...string) *conversion {
	t.Helper()
	body := []byte(`{"sdk":{"name":"sentry.python","version":"2.1.0"},"trace":{"release":"etl@3.1","environment":"prod"}}` + "\n")
	for i := 0; i+1 < len(items); i += 2 {
		body = sentryproto.AppendItem(body, items[i], "", []byte(items[i+1]))
	}
	e, err := sentryproto.ParseEnvelope(body, maxItems)
	require.NoError(t, err)
	c := newConversion("42", "checkout", "1", time.Unix(1795345037, 0), keep)
	t.Cleanup(c.done)
	c.envelope(&e)
	return c
}

func onlyRecord(t testing.TB, c *conversion) (pcommon.Map, plog.LogRecord) {
	t.Helper()
	require.Equal(t, 1, c.logs.LogRecordCount())
	rl := c.logs.ResourceLogs().At(0)
	return rl.Resource().Attributes(), rl.ScopeLogs().At(0).LogRecords().At(0)
}

func TestEvent(t *testing.T) {
	c := convert(t, attachmentPolicy{}, "event", `{"event_id":"9ec79c33-ec99-42ab-8353-589fcb2e04dc","timestamp":"2026-11-22T10:57:17.5","platform":"python","level":"fatal",
		"logger":"etl.job","transaction":"job","release":"shop/etl@3.1+7","environment":"staging","server_name":"py-1","dist":"7",
		"logentry":{"message":"failed %s","formatted":"failed 7","params":["7"]},
		"contexts":{"trace":{"trace_id":"771a43a4192642f0b136d5159a501700","span_id":"1234567890abcdef"},"runtime":{"name":"CPython","version":"3.11.7"},"os":{"name":"Debian","version":"12.11\n"},"order":{"email":"a@b.c"},"cloud_resource":{"cloud.region":"eu-west-1"}},
		"exception":{"values":[
			{"type":"KeyError","value":"'amount'","mechanism":{"type":"chained","source":"__cause__","exception_id":1,"parent_id":0},"stacktrace":{"frames":[{"abs_path":"/srv/py.py","function":"deep","lineno":4,"in_app":true}]}},
			{"type":"PayError","module":"shop.errors","value":"charge failed","mechanism":{"type":"generic","handled":false,"exception_id":0},"stacktrace":{"frames":[
				{"abs_path":"/srv/main.py","function":"<module>","lineno":11,"in_app":true,"pre_context":["a","b"],"context_line":"  charge()","vars":{"password":"hunter2"}},
				{"abs_path":"/srv/py.py","function":"charge","lineno":6,"in_app":true}]}}]},
		"breadcrumbs":{"values":[{"timestamp":1795345036.25,"message":"login","data":{"ip":"203.0.113.9"}}]},
		"user":{"id":7,"email":"a@b.c","username":"ana","ip_address":"203.0.113.9","data":{"plan":"pro"}},
		"request":{"url":"http://x/y","method":"post","query_string":{"q":"1"},"cookies":[["sid","1"],["theme","dark"]],"headers":{"X-Forwarded-For":"198.51.100.23"},"data":{"password":"p"},"env":{"REMOTE_ADDR":"198.51.100.1","SERVER":"x"}},
		"tags":[["team","etl"]],"extra":{"k":{"v":1}},"fingerprint":["a","b"],"modules":{"a":"1"},"of_tomorrow":"kept"}`)
	res, lr := onlyRecord(t, c)
	assert.Equal(t, map[string]any{
		"service.name": "checkout", "service.version": "3.1+7", "deployment.environment.name": "staging", "telemetry.sdk.language": "python",
		"telemetry.sdk.name": "sentry.python", "telemetry.sdk.version": "2.1.0", "host.name": "py-1", "sentry.project_id": "42",
		"sentry.release": "shop/etl@3.1+7", "sentry.environment": "staging", "sentry.dist": "7", "os.name": "Debian", "os.version": "12.11",
		"process.runtime.name": "CPython", "process.runtime.version": "3.11.7", "cloud.region": "eu-west-1",
	}, res.AsRaw())
	assert.Equal(t, "exception", lr.EventName())
	assert.Equal(t, "failed 7", lr.Body().Str())
	assert.Equal(t, plog.SeverityNumberFatal, lr.SeverityNumber())
	assert.Equal(t, "771a43a4192642f0b136d5159a501700", lr.TraceID().String())
	assert.Equal(t, "1234567890abcdef", lr.SpanID().String())
	assert.Equal(t, "2026-11-22 10:57:17.5 +0000 UTC", lr.Timestamp().AsTime().String())
	attrs := lr.Attributes().AsRaw()
	assert.Equal(t, `Traceback (most recent call last):
  File "/srv/py.py", line 4, in deep
KeyError: 'amount'

The above exception was the direct cause of the following exception:

Traceback (most recent call last):
  File "/srv/main.py", line 11, in <module>
  File "/srv/py.py", line 6, in charge
shop.errors.PayError: charge failed
`, attrs["exception.stacktrace"])
	chain := list(t, attrs, "sentry.exceptions")
	require.Len(t, chain, 2)
	frame := chain[1].(map[string]any)["stacktrace"].(map[string]any)["frames"].([]any)[0].(map[string]any)
	assert.Equal(t, []any{"a", "b"}, frame["pre_context"])
	assert.Equal(t, map[string]any{"password": "hunter2"}, frame["vars"])
	for key, want := range map[string]any{
		"exception.type": "shop.errors.PayError", "exception.message": "charge failed", "sentry.mechanism.type": "generic", "sentry.mechanism.handled": false,
		"sentry.event_id": "9ec79c33ec9942ab8353589fcb2e04dc", "sentry.logger": "etl.job", "sentry.transaction": "job",
		"sentry.message.template": "failed %s", "sentry.message.parameter.0": "7", "sentry.fingerprint": []any{"a", "b"},
		"user.id": "7", "user.email": "a@b.c", "user.name": "ana", "user.ip_address": "203.0.113.9", "user.data": map[string]any{"plan": "pro"},
		"client.address": "198.51.100.1", "url.full": "http://x/y", "http.request.method": "POST", "url.query": "q=1",
		"http.request.header.cookie": []any{"sid=1; theme=dark"}, "http.request.header.x-forwarded-for": []any{"198.51.100.23"},
		"sentry.request.data": map[string]any{"password": "p"}, "sentry.request.env.SERVER": "x",
		"sentry.tags.team": "etl", "sentry.extra": map[string]any{"k": map[string]any{"v": int64(1)}}, "sentry.of_tomorrow": "kept",
		"sentry.breadcrumbs": `[{"timestamp":1795345036.25,"message":"login","data":{"ip":"203.0.113.9"}}]`,
	} {
		assert.Equal(t, want, attrs[key], key)
	}
	assert.NotContains(t, attrs, "sentry.modules")
}

// A message with a stack says where it was written, but is no exception.
func TestMessageWithStack(t *testing.T) {
	_, lr := onlyRecord(t, convert(t, attachmentPolicy{}, "event", `{"message":"hello","threads":{"values":[{"id":1,"current":true,"stacktrace":{"frames":[
		{"function":"main","module":"app","abs_path":"/srv/app.py","lineno":3,"in_app":true},{"function":"capture","module":"sentry_sdk","in_app":false}]}}]}}`))
	attrs := lr.Attributes().AsRaw()
	assert.Equal(t, "hello", lr.Body().Str())
	assert.Empty(t, lr.EventName())
	assert.Equal(t, plog.SeverityNumberError, lr.SeverityNumber(), "an event without a level is an error")
	assert.Equal(t, "app.main", attrs["code.function.name"])
	assert.Equal(t, "/srv/app.py", attrs["code.file.path"])
	assert.EqualValues(t, 3, attrs["code.line.number"])
	assert.NotContains(t, attrs, "exception.type")
}

func TestTransaction(t *testing.T) {
	c := convert(t, attachmentPolicy{}, "transaction", `{"transaction":"GET /x","start_timestamp":1795345037.5,"timestamp":1795345038.25,
		"contexts":{"trace":{"trace_id":"771a43a4192642f0b136d5159a501700","span_id":"1234567890abcdef","parent_span_id":"aaaaaaaaaaaaaaaa","op":"http.server","status":"internal_error","origin":"auto","data":{"url.full":"http://x"}},"otel":{"attributes":{"http.route":"/x"},"resource":{"k":"v"}}},
		"transaction_info":{"source":"route"},"measurements":{"ttfb":{"value":1.5,"unit":"ms"}},"breadcrumbs":[{"timestamp":1795345037.75,"message":"m","data":{"a":"b"}}],
		"spans":[{"span_id":"1234567890abcde0","parent_span_id":"1234567890abcdef","start_timestamp":1795345037.6,"timestamp":1795345037.7,"op":"db.query","description":"SELECT 1","status":"ok","data":{"db.system":"pg"},"tags":{"a":"b"}},
			{"span_id":"","start_timestamp":1,"timestamp":2}]}`)
	spans := c.traces.ResourceSpans().At(0).ScopeSpans().At(0).Spans()
	require.Equal(t, 2, spans.Len())
	root, child := spans.At(0), spans.At(1)
	assert.Equal(t, "GET /x", root.Name())
	assert.Equal(t, ptrace.SpanKindServer, root.Kind())
	assert.Equal(t, "aaaaaaaaaaaaaaaa", root.ParentSpanID().String())
	assert.Equal(t, ptrace.StatusCodeError, root.Status().Code())
	assert.Equal(t, "internal_error", root.Status().Message())
	assert.Equal(t, 750*time.Millisecond, root.EndTimestamp().AsTime().Sub(root.StartTimestamp().AsTime()))
	attrs := root.Attributes().AsRaw()
	assert.Equal(t, "/x", attrs["http.route"])
	assert.Equal(t, "route", attrs["sentry.transaction.source"])
	assert.InDelta(t, 1.5, attrs["sentry.measurements.ttfb"], 0)
	require.Equal(t, 1, root.Events().Len())
	assert.Equal(t, "m", root.Events().At(0).Name())
	assert.Equal(t, map[string]any{"a": "b"}, root.Events().At(0).Attributes().AsRaw()["sentry.breadcrumb.data"])
	assert.Equal(t, "SELECT 1", child.Name())
	assert.Equal(t, ptrace.SpanKindClient, child.Kind())
	assert.Equal(t, ptrace.StatusCodeUnset, child.Status().Code())
	assert.Equal(t, root.TraceID(), child.TraceID())
	assert.Equal(t, map[string]any{"sentry.op": "db.query", "db.system": "pg", "sentry.tags.a": "b"}, child.Attributes().AsRaw())
}

func TestMetrics(t *testing.T) {
	c := convert(t, attachmentPolicy{}, "trace_metric", `{"items":[
		{"timestamp":1795345037,"name":"orders","type":"counter","value":1,"trace_id":"771a43a4192642f0b136d5159a501700","attributes":{"plan":{"value":"pro"},"sentry.release":{"value":"b@2"}}},
		{"timestamp":1795345037,"name":"orders","type":"counter","value":2},
		{"name":"queue","type":"gauge","value":1.5},
		{"name":"latency","type":"distribution","value":187.5,"unit":"millisecond"},
		{"name":"x","type":"of tomorrow","value":1},{"type":"counter","value":1},{"name":"y","type":"counter","value":"z"}]}`)
	rm := c.metrics.ResourceMetrics().At(0)
	version, _ := rm.Resource().Attributes().Get("service.version")
	assert.Equal(t, "2", version.Str())
	metrics := rm.ScopeMetrics().At(0).Metrics()
	require.Equal(t, 3, metrics.Len())
	orders, latency := metrics.At(0).Sum(), metrics.At(2)
	assert.Equal(t, 2, orders.DataPoints().Len())
	assert.True(t, orders.IsMonotonic())
	assert.Equal(t, pmetric.AggregationTemporalityDelta, orders.AggregationTemporality())
	assert.Equal(t, map[string]any{"plan": "pro"}, orders.DataPoints().At(0).Attributes().AsRaw())
	assert.Equal(t, "771a43a4192642f0b136d5159a501700", orders.DataPoints().At(0).Exemplars().At(0).TraceID().String())
	assert.InDelta(t, 1.5, metrics.At(1).Gauge().DataPoints().At(0).DoubleValue(), 0)
	assert.Equal(t, "ms", latency.Unit())
	dp := latency.Histogram().DataPoints().At(0)
	assert.EqualValues(t, 1, dp.Count())
	assert.EqualValues(t, 1, dp.BucketCounts().At(7), "100 < 187.5 <= 250")
	assert.Contains(t, c.tally.items, itemCount{"trace_metric", invalid, 3})
}

func TestSessions(t *testing.T) {
	c := convert(t, attachmentPolicy{},
		"sessions", `{"aggregates":[{"started":"2026-11-22T10:57:00.000Z","exited":2,"errored":1,"crashed":0}],"attrs":{"release":"checkout@1.4.2","environment":"staging"}}`,
		"session", `{"sid":"1","did":"u-77","init":true,"status":"crashed","attrs":{"ip_address":"203.0.113.9"}}`,
		"session", `{"sid":"1","status":"ok"}`)
	got := map[string]int64{}
	for _, rm := range c.metrics.ResourceMetrics().All() {
		for _, dp := range rm.ScopeMetrics().At(0).Metrics().At(0).Sum().DataPoints().All() {
			status, _ := dp.Attributes().Get("status")
			got[status.Str()] += dp.IntValue()
			assert.Equal(t, 1, dp.Attributes().Len(), "neither user nor address")
		}
	}
	assert.Equal(t, map[string]int64{"started": 4, "exited": 2, "errored": 1, "crashed": 1}, got)
}

func TestClientReport(t *testing.T) {
	c := convert(t, attachmentPolicy{}, "client_report", `{"timestamp":1795345042.934,"discarded_events":[{"reason":"sample_rate","category":"span","quantity":3},{"reason":"made up","category":"of tomorrow","quantity":1},{"reason":"x","category":"error","quantity":-1}]}`)
	assert.Equal(t, []sentryproto.Discarded{{Reason: "sample_rate", Category: "span", Quantity: 3}, {Reason: "other", Category: "other", Quantity: 1}}, c.tally.discarded)
	m := c.metrics.ResourceMetrics().At(0).ScopeMetrics().At(0).Metrics().At(0)
	assert.Equal(t, "sentry.client.discarded", m.Name())
	assert.Equal(t, map[string]any{"reason": "sample_rate", "category": "span", "sdk": "sentry.python"}, m.Sum().DataPoints().At(0).Attributes().AsRaw())
}

func TestFeedback(t *testing.T) {
	_, lr := onlyRecord(t, convert(t, attachmentPolicy{}, "feedback", `{"event_id":"9ec79c33ec9942ab8353589fcb2e04dc","contexts":{"feedback":{"message":"it broke","contact_email":"a@b.c","name":"Ana","url":"http://x","associated_event_id":"15c7fd7045de461a92db1ff95015cabd"}},"tags":{"a":"b"}}`))
	assert.Equal(t, "sentry.feedback", lr.EventName())
	assert.Equal(t, "it broke", lr.Body().Str())
	assert.Equal(t, map[string]any{
		"sentry.event_id": testID, "sentry.feedback.associated_event_id": "15c7fd7045de461a92db1ff95015cabd",
		"sentry.feedback.contact_email": "a@b.c", "sentry.feedback.name": "Ana", "url.full": "http://x", "sentry.tags.a": "b",
	}, lr.Attributes().AsRaw())
}

func TestAttachments(t *testing.T) {
	items := []string{"event", `{"message":"m"}`, "attachment", "text äö", "attachment", "\x00\x01"}
	_, lr := onlyRecord(t, convert(t, attachmentPolicy{}, items...))
	assert.Equal(t, []any{map[string]any{"size": int64(9)}, map[string]any{"size": int64(2)}}, lr.Attributes().AsRaw()["sentry.attachments"])
	c := convert(t, attachmentPolicy{keep: true, maxBytes: 8}, items...)
	_, lr = onlyRecord(t, c)
	assert.Equal(t, []any{map[string]any{"size": int64(9), "content": "text ä"}, map[string]any{"size": int64(2)}}, lr.Attributes().AsRaw()["sentry.attachments"])
	assert.Contains(t, c.tally.items, itemCount{"attachment", converted, 1})
	assert.Contains(t, c.tally.items, itemCount{"attachment", dropped, 1})
}

// Lists come in several forms, and not all SDKs write JSON.
func TestLists(t *testing.T) {
	f := func(event, key, want string) {
		t.Helper()
		_, lr := onlyRecord(t, convert(t, attachmentPolicy{}, "event", event))
		v, ok := lr.Attributes().Get(key)
		assert.Equal(t, want != "", ok, event)
		if ok {
			assert.Equal(t, want, v.Str())
		}
	}
	f(`{"breadcrumbs":[{"message":"a"}]}`, "sentry.breadcrumbs", `[{"message":"a"}]`)
	f(`{"breadcrumbs":{"values":[{"message":"a"}]}}`, "sentry.breadcrumbs", `[{"message":"a"}]`)
	f(`{"breadcrumbs":[{"data":{"x":NaN}}]}`, "sentry.breadcrumbs", `[{"data":{"x":null}}]`)
	f(`{"exception":{"type":"A","value":"a"}}`, "sentry.exceptions", `[{"type":"A","value":"a"}]`)
	f(`{"threads":{"values":[{"id":1}]}}`, "sentry.threads", `[{"id":1}]`)
	f(`{"stacktrace":{"frames":[{"function":"f"}]}}`, "sentry.stacktrace", `{"frames":[{"function":"f"}]}`)
	for _, empty := range []string{`null`, `[]`, `{}`, `{"values":[]}`, `{"values":null}`, `7`, `"x"`} {
		f(`{"breadcrumbs":`+empty+`}`, "sentry.breadcrumbs", "")
	}
}
