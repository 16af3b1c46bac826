package sentryreceiver

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otel-culprit/culprit/internal/sentryproto"
)

// transaction converts a transaction and its spans
// (https://develop.sentry.dev/sdk/foundations/transport/event-payloads/transaction/).
func (c *conversion) transaction(v sentryproto.Value, id string) int64 {
	d := c.readDoc(v)
	trace := traceID(d.trace.Get("trace_id").Str())
	root := spanID(d.trace.Get("span_id").Str())
	start, end := timestamp(d.startTimestamp), timestamp(d.timestamp)
	if trace.IsEmpty() || root.IsEmpty() || start == 0 || end < start {
		return 0 // Relay drops such a transaction too (InvalidTransaction)
	}
	res, spans := c.resourceSpans()
	c.resource(res, d.origin())
	contextsToResource(res, d.contexts)

	span := spans.AppendEmpty()
	span.SetTraceID(trace)
	span.SetSpanID(root)
	span.SetParentSpanID(spanID(d.trace.Get("parent_span_id").Str()))
	span.SetStartTimestamp(start)
	span.SetEndTimestamp(end)
	op := d.trace.Get("op").Text()
	name := d.transaction.Text()
	if name == "" {
		name = op
	}
	span.SetName(name)
	setStatus(span, d.trace.Get("status").Text())

	attrs := span.Attributes()
	attrs.EnsureCapacity(40)
	if id = eventID(id); id == "" {
		id = eventID(d.eventID.Str())
	}
	putStr(attrs, "sentry.event_id", id)
	putText(attrs, "sentry.transaction.source", d.transactionInfo.Get("source"))
	attrs.PutBool("sentry.is_segment", true)
	traceTo(attrs, d.trace)
	span.SetKind(spanKind(op, attrs))
	userTo(attrs, d.user)
	requestTo(attrs, d.request)
	putMeasurements(attrs, d.measurements)
	putValue(attrs, "sentry.extra", d.extra)
	putList(attrs, "sentry.threads", d.threads)
	d.commonTo(attrs)
	crumbEvents(span, d.breadcrumbs)

	n := int64(1)
	for child := range d.spans.Values() {
		if c.childSpan(spans, child, trace) {
			n++
		}
	}
	return n
}

// spanV1 converts a span that was sent by itself: the same JSON as in a transaction.
func (c *conversion) spanV1(v sentryproto.Value, _ string) int64 {
	data := v.Get("data")
	text := func(field, key string) string {
		if s := v.Get(field).Text(); s != "" {
			return s
		}
		return data.Get(key).Text()
	}
	res, spans := c.resourceSpans()
	c.resource(res, origin{
		platform: v.Get("platform").Str(), release: text("release", "sentry.release"),
		environment: text("environment", "sentry.environment"), sdkName: data.Get("sentry.sdk.name").Text(),
		sdkVersion: data.Get("sentry.sdk.version").Text(),
	})
	if !c.childSpan(spans, v, pcommon.TraceID{}) {
		c.traces.ResourceSpans().RemoveIf(func(rs ptrace.ResourceSpans) bool { return rs.ScopeSpans().At(0).Spans().Len() == 0 })
		return 0
	}
	return 1
}

// childSpan appends a span in the form that transactions hold.
func (c *conversion) childSpan(spans ptrace.SpanSlice, v sentryproto.Value, trace pcommon.TraceID) bool {
	var id, parent pcommon.SpanID
	var start, end pcommon.Timestamp
	var op, name, status string
	var data, tags, measurements sentryproto.Value
	var others [8]member
	n := 0
	for k, field := range v.Members() {
		switch k {
		case "trace_id":
			if own := traceID(field.Str()); !own.IsEmpty() {
				trace = own
			}
		case "span_id":
			id = spanID(field.Str())
		case "parent_span_id":
			parent = spanID(field.Str())
		case "start_timestamp":
			start = timestamp(field)
		case "timestamp":
			end = timestamp(field)
		case "op":
			op = field.Text()
		case "description":
			name = field.Text()
		case "status":
			status = field.Text()
		case "data":
			data = field
		case "tags":
			tags = field
		case "measurements":
			measurements = field
		default:
			if n < len(others) {
				others[n] = member{k, field}
				n++
			}
		}
	}
	if id.IsEmpty() || trace.IsEmpty() || start == 0 || end < start {
		return false
	}
	span := spans.AppendEmpty()
	span.SetTraceID(trace)
	span.SetSpanID(id)
	span.SetParentSpanID(parent)
	span.SetStartTimestamp(start)
	span.SetEndTimestamp(end)
	if name == "" {
		name = op
	}
	span.SetName(name)
	setStatus(span, status)
	attrs := span.Attributes()
	attrs.EnsureCapacity(8 + min(data.Len(), maxMembers))
	putStr(attrs, "sentry.op", op)
	putData(attrs, data)
	span.SetKind(spanKind(op, attrs))
	pairs(tags, func(key string, value sentryproto.Value) {
		if attrs.Len() < maxMembers {
			putText(attrs, "sentry.tags."+key, value)
		}
	})
	putMeasurements(attrs, measurements)
	for _, other := range others[:n] {
		putValue(attrs, "sentry."+other.key, other.value)
	}
	return true
}

// putData copies a span's data, which has OpenTelemetry's names.
func putData(attrs pcommon.Map, data sentryproto.Value) {
	if data.Kind() != sentryproto.Object {
		return
	}
	putMembers(attrs, data, 1)
	// By Sentry's convention the question mark belongs to http.query, but not all SDKs write it. With it
	// redaction sees a query.
	if q, ok := attrs.Get("http.query"); ok && q.Type() == pcommon.ValueTypeStr && !strings.HasPrefix(q.Str(), "?") {
		q.SetStr("?" + q.Str())
	}
}

func putMeasurements(attrs pcommon.Map, v sentryproto.Value) {
	for name, m := range v.Members() {
		if attrs.Len() < maxMembers {
			putValue(attrs, "sentry.measurements."+name, m.Get("value"))
		}
	}
}

// setStatus reads Sentry's status. Only an error says something: `ok` is what SDKs send when nothing
// went wrong, while OpenTelemetry's Ok is a developer's final word.
func setStatus(span ptrace.Span, status string) {
	switch status {
	case "", "ok", "unknown", "unset":
	case "cancelled":
		span.Attributes().PutStr("sentry.status", status)
	default:
		span.Status().SetCode(ptrace.StatusCodeError)
		if status != "error" {
			span.Status().SetMessage(status)
		}
	}
}

// spanKind derives the kind from the operation
// (https://develop.sentry.dev/sdk/telemetry/traces/span-operations/), unless the SDK names it.
func spanKind(op string, attrs pcommon.Map) ptrace.SpanKind {
	for _, key := range [...]string{"sentry.kind", "otel.kind"} {
		if v, ok := attrs.Get(key); ok {
			switch strings.ToLower(v.AsString()) {
			case "server":
				return ptrace.SpanKindServer
			case "client":
				return ptrace.SpanKindClient
			case "producer":
				return ptrace.SpanKindProducer
			case "consumer":
				return ptrace.SpanKindConsumer
			case "internal":
				return ptrace.SpanKindInternal
			}
		}
	}
	switch {
	case op == "http.server", op == "rpc.server", op == "grpc.server", op == "websocket.server", strings.HasPrefix(op, "function."):
		return ptrace.SpanKindServer
	case op == "http.client", op == "rpc.client", op == "grpc.client", op == "db", strings.HasPrefix(op, "db."), strings.HasPrefix(op, "cache."):
		return ptrace.SpanKindClient
	case op == "queue.publish", op == "queue.create", op == "queue.submit.celery":
		return ptrace.SpanKindProducer
	case op == "queue.process", op == "queue.receive", op == "queue.task.celery":
		return ptrace.SpanKindConsumer
	}
	return ptrace.SpanKindInternal
}

// crumbEvents makes events of a transaction's breadcrumbs: that is what they are.
func crumbEvents(span ptrace.Span, v sentryproto.Value) {
	for crumb := range v.Values() {
		if crumb.Kind() != sentryproto.Object || span.Events().Len() >= maxCrumbEvents {
			continue
		}
		event := span.Events().AppendEmpty()
		name := ""
		for k, field := range crumb.Members() {
			switch k {
			case "timestamp":
				event.SetTimestamp(timestamp(field))
			case "message":
				name = field.Text()
			case "data":
				putValue(event.Attributes(), "sentry.breadcrumb.data", field)
			default:
				if event.Attributes().Len() < maxMembers {
					putValue(event.Attributes(), "sentry.breadcrumb."+k, field)
				}
			}
		}
		if name == "" {
			name = crumb.Get("category").Text()
		}
		event.SetName(name)
	}
}

// maxCrumbEvents is how many breadcrumbs SDKs keep by default.
const maxCrumbEvents = 100
