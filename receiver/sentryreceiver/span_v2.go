package sentryreceiver

import (
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otel-culprit/culprit/internal/sentryproto"
)

// spans converts a container of spans v2
// (https://develop.sentry.dev/sdk/telemetry/spans/span-protocol/).
func (c *conversion) spans(v sentryproto.Value, _ string) int64 {
	items := v.Get("items")
	if items.Len() == 0 {
		return 0
	}
	res, spans := c.resourceSpans()
	o := firstOrigin(items)
	o.server = "" // server.address of a span may be the other side's
	c.resource(res, o)
	n := int64(0)
	for item := range items.Values() {
		if c.span(spans, item) {
			n++
		} else {
			c.tally.add(sentryproto.ItemSpan, invalid, 1)
		}
	}
	return n
}

func (c *conversion) span(spans ptrace.SpanSlice, v sentryproto.Value) bool {
	trace, id := traceID(v.Get("trace_id").Str()), spanID(v.Get("span_id").Str())
	start, end := timestamp(v.Get("start_timestamp")), timestamp(v.Get("end_timestamp"))
	if trace.IsEmpty() || id.IsEmpty() || start == 0 || end < start {
		return false
	}
	span := spans.AppendEmpty()
	span.SetTraceID(trace)
	span.SetSpanID(id)
	span.SetParentSpanID(spanID(v.Get("parent_span_id").Str()))
	span.SetStartTimestamp(start)
	span.SetEndTimestamp(end)
	span.SetName(v.Get("name").Text())
	attrs := span.Attributes()
	putAttributes(attrs, v.Get("attributes"))
	if segment, ok := v.Get("is_segment").Bool(); ok && segment {
		attrs.PutBool("sentry.is_segment", true)
	}
	op := ""
	if a, ok := attrs.Get("sentry.op"); ok {
		op = a.AsString()
	}
	span.SetKind(spanKind(op, attrs))
	if v.Get("status").Str() == "error" {
		span.Status().SetCode(ptrace.StatusCodeError)
		if a, ok := attrs.Get("sentry.status.message"); ok {
			span.Status().SetMessage(a.AsString())
		}
	}
	for link := range v.Get("links").Values() {
		to, at := traceID(link.Get("trace_id").Str()), spanID(link.Get("span_id").Str())
		if to.IsEmpty() || at.IsEmpty() || span.Links().Len() >= maxLinks {
			continue
		}
		l := span.Links().AppendEmpty()
		l.SetTraceID(to)
		l.SetSpanID(at)
		putAttributes(l.Attributes(), link.Get("attributes"))
	}
	return true
}

// maxLinks is the limit of OpenTelemetry's SDKs.
const maxLinks = 128
