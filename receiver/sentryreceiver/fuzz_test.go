package sentryreceiver

import (
	"encoding/json"
	"testing"
	"time"

	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otel-culprit/culprit/internal/sentryproto"
)

// FuzzEnvelope converts anything: nothing may panic, and what comes out can be written as OTLP.
func FuzzEnvelope(f *testing.F) {
	for _, body := range []string{
		envelope,
		string(benchEnvelope(1 << 10)),
		"{}\n{\"type\":\"transaction\"}\n" + `{"transaction":"GET /x","start_timestamp":1795345037.1,"timestamp":"2026-11-22T10:57:18Z","contexts":{"trace":{"trace_id":"771a43a4192642f0b136d5159a501700","span_id":"1234567890abcdef","op":"http.server","status":"internal_error"},"otel":{"attributes":{"a":1},"resource":{"b":"c"}}},"spans":[{"span_id":"1234567890abcde0","start_timestamp":1795345037.1,"timestamp":1795345037.2,"op":"db","description":"SELECT 1","data":{"db.system":"x"}}],"breadcrumbs":[{"message":"m","data":{"ip":"203.0.113.9"}}]}`,
		"{}\n{\"type\":\"span\",\"content_type\":\"application/vnd.sentry.items.span.v2+json\"}\n" + `{"version":2,"items":[{"trace_id":"771a43a4192642f0b136d5159a501700","span_id":"1234567890abcdef","name":"x","start_timestamp":1,"end_timestamp":2,"status":"error","attributes":{"a":{"value":[1,"2"],"type":"array"}},"links":[{"trace_id":"771a43a4192642f0b136d5159a501700","span_id":"1234567890abcdef"}]}]}`,
		"{}\n{\"type\":\"log\"}\n" + `{"items":[{"timestamp":"2026-11-22T10:57:18.123456789Z","level":"warn","body":"b","trace_id":"771a43a4192642f0b136d5159a501700","attributes":{"x":{"value":1.5,"type":"double"}}}]}`,
		"{}\n{\"type\":\"trace_metric\"}\n" + `{"items":[{"timestamp":1,"name":"n","type":"distribution","value":187.5,"unit":"millisecond","trace_id":"771a43a4192642f0b136d5159a501700"},{"name":"c","type":"counter","value":-1},{"name":"g","type":"gauge","value":1.5}]}`,
		"{}\n{\"type\":\"sessions\"}\n" + `{"aggregates":[{"started":"2026-11-22T10:57:00.000Z","exited":2,"errored":1}],"attrs":{"release":"a@1"}}` + "\n{\"type\":\"session\"}\n" + `{"sid":"1","init":true,"status":"crashed"}`,
		"{}\n{\"type\":\"check_in\"}\n" + `{"monitor_slug":"x","status":"error"}` + "\n{\"type\":\"client_report\"}\n" + `{"discarded_events":[{"reason":"sample_rate","category":"error","quantity":3}]}`,
		"{}\n{\"type\":\"feedback\"}\n" + `{"contexts":{"feedback":{"message":"m","contact_email":"a@b.c"}}}` + "\n{\"type\":\"user_report\"}\n" + `{"comments":"c","event_id":"9ec79c33ec9942ab8353589fcb2e04dc"}`,
		"{}\n{\"type\":\"event\"}\n" + `{"platform":"python","exception":{"values":[{"type":"A","value":"a","mechanism":{"exception_id":1,"parent_id":0,"source":"exceptions[0]"}},{"type":"G","module":"m","mechanism":{"exception_id":0,"is_exception_group":true},"stacktrace":{"frames":[{"filename":"x.py","lineno":3,"vars":{"password":"p"},"pre_context":["a","b"]}]}}]},"request":{"headers":[["A","b"]],"query_string":{"a":"b"},"cookies":{"sid":"1"},"data":{"password":"p"}},"tags":[["k","v"]]}` + "\n{\"type\":\"attachment\",\"length\":2}\nxy",
	} {
		f.Add([]byte(body))
	}
	f.Fuzz(func(t *testing.T, body []byte) {
		e, err := sentryproto.ParseEnvelope(body, maxItems)
		if err != nil {
			return
		}
		c := newConversion("42", "checkout", "1", time.Unix(1795345037, 0), attachmentPolicy{keep: true, maxBytes: 10})
		defer c.done()
		c.envelope(&e)
		for _, lr := range c.events {
			for _, key := range []string{"sentry.exceptions", "sentry.breadcrumbs", "sentry.threads", "sentry.stacktrace"} {
				if v, ok := lr.Attributes().Get(key); ok && !json.Valid([]byte(v.Str())) {
					t.Fatalf("%s is no JSON, so redaction cannot read it: %q", key, v.Str())
				}
			}
		}
		if c.has.logs {
			if _, err := new(plog.ProtoMarshaler).MarshalLogs(c.logs); err != nil {
				t.Fatal(err)
			}
		}
		if c.has.traces {
			if _, err := new(ptrace.ProtoMarshaler).MarshalTraces(c.traces); err != nil {
				t.Fatal(err)
			}
		}
		if c.has.metrics {
			if _, err := new(pmetric.ProtoMarshaler).MarshalMetrics(c.metrics); err != nil {
				t.Fatal(err)
			}
		}
	})
}

// FuzzParcel reads what a storage gives back: anything.
func FuzzParcel(f *testing.F) {
	p := parcel{source: source{Project: "42", Client: "sentry.python/2.1", Received: time.Unix(1795345037, 0)}, body: []byte(envelope), has: signals{logs: true}}
	data, err := p.marshal()
	if err != nil {
		f.Fatal(err)
	}
	f.Add(data)
	f.Add([]byte("{}\n"))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := unmarshalParcel(data)
		if err != nil {
			return
		}
		again, err := p.marshal()
		if err != nil {
			return // a time that cannot be written
		}
		if q, err := unmarshalParcel(again); err != nil || q.Project != p.Project || q.has != p.has || string(q.body) != string(p.body) {
			t.Fatalf("%q became %q: %v", data, again, err)
		}
	})
}
