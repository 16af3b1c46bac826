package sentryreceiver

import (
	"strconv"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otel-culprit/culprit/internal/sentryproto"
)

// event converts an error or message event to a log record.
func (c *conversion) event(v sentryproto.Value, id string) int64 {
	d := c.readDoc(v)
	res, records := c.resourceLogs()
	o := d.origin()
	c.resource(res, o)
	contextsToResource(res, d.contexts)

	lr := records.AppendEmpty()
	lr.SetObservedTimestamp(c.received)
	lr.SetTimestamp(c.at(d.timestamp))
	d.severity(lr)
	lr.SetTraceID(traceID(d.trace.Get("trace_id").Str()))
	lr.SetSpanID(spanID(d.trace.Get("span_id").Str()))

	attrs := lr.Attributes()
	attrs.EnsureCapacity(32)
	if id = eventID(id); id == "" {
		id = eventID(d.eventID.Str())
	}
	putStr(attrs, "sentry.event_id", id)
	traceTo(attrs, d.trace)
	body := c.exceptions(d, o, attrs)
	if body != "" {
		lr.SetEventName("exception")
	}
	if text := d.logEntry(attrs); text != "" {
		body = text
	}
	if body != "" {
		lr.Body().SetStr(body)
	}
	d.threadsTo(attrs)
	putText(attrs, "sentry.logger", d.logger)
	putText(attrs, "sentry.transaction", d.transaction)
	putText(attrs, "sentry.culprit", d.culprit)
	putValue(attrs, "sentry.fingerprint", d.fingerprint)
	userTo(attrs, d.user)
	requestTo(attrs, d.request)
	d.commonTo(attrs)
	putList(attrs, "sentry.breadcrumbs", d.breadcrumbs)
	putValue(attrs, "sentry.extra", d.extra)
	c.events = append(c.events, lr)
	return 1
}

// at is a timestamp, or the time of arrival where there is none.
func (c *conversion) at(v sentryproto.Value) pcommon.Timestamp {
	if t := timestamp(v); t != 0 {
		return t
	}
	return c.received
}

// severities are those of the levels (relay-event-schema/src/protocol/types.rs, Level).
var severities = map[string]plog.SeverityNumber{
	"fatal": plog.SeverityNumberFatal, "critical": plog.SeverityNumberFatal, "error": plog.SeverityNumberError,
	"warning": plog.SeverityNumberWarn, "warn": plog.SeverityNumberWarn, "info": plog.SeverityNumberInfo,
	"log": plog.SeverityNumberInfo, "debug": plog.SeverityNumberDebug, "trace": plog.SeverityNumberTrace,
}

// severity is the event's level; an event without one is an error, as in Sentry.
func (d *eventDoc) severity(lr plog.LogRecord) {
	text := d.level.Text()
	n, ok := severities[text]
	if !ok {
		n, text = plog.SeverityNumberError, "error"
	}
	lr.SetSeverityNumber(n)
	lr.SetSeverityText(text)
}

// logEntry returns the event's message; its template and parameters become attributes.
func (d *eventDoc) logEntry(attrs pcommon.Map) string {
	entry := d.logentry
	if entry.Kind() == sentryproto.Missing {
		entry = d.message // an alias, as text or as the same object
	}
	if entry.Kind() != sentryproto.Object {
		return entry.Text()
	}
	text, template := entry.Get("formatted").Text(), entry.Get("message").Text()
	params := entry.Get("params")
	i := 0
	for p := range params.Elements() {
		if i < 32 {
			putValue(attrs, "sentry.message.parameter."+strconv.Itoa(i), p)
		}
		i++
	}
	for name, p := range params.Members() {
		if i++; i < 32 {
			putValue(attrs, "sentry.message.parameter."+name, p)
		}
	}
	switch {
	case text == "":
		text = d.message.Text()
	case template == text:
		template = ""
	}
	if text == "" {
		return template
	}
	putStr(attrs, "sentry.message.template", template)
	return text
}

// traceTo puts what the trace context says beside the IDs: the attributes of the span in which it happened.
func traceTo(attrs pcommon.Map, trace sentryproto.Value) {
	for k, v := range trace.Members() {
		switch k {
		case "trace_id", "span_id", "type":
		case "data":
			putData(attrs, v)
		case "op", "origin":
			putText(attrs, "sentry."+k, v)
		default:
			if attrs.Len() < maxMembers {
				putValue(attrs, "sentry.trace."+k, v)
			}
		}
	}
}

// commonTo puts what events and transactions have in common. Nothing is put into text: redaction
// looks at each value under its own key.
func (d *eventDoc) commonTo(attrs pcommon.Map) {
	n := 0
	pairs(d.tags, func(key string, value sentryproto.Value) {
		if n++; n <= maxTags {
			putText(attrs, "sentry.tags."+key, value)
		}
	})
	if code, ok := d.response.Get("status_code").Int(); ok {
		attrs.PutInt("http.response.status_code", code)
	}
	for k, v := range d.otel.Get("attributes").Members() {
		if attrs.Len() < maxMembers {
			if _, ok := attrs.Get(k); !ok {
				putValue(attrs, k, v)
			}
		}
	}
	if n := d.contexts.Len(); n > 0 {
		m := attrs.PutEmptyMap("sentry.contexts")
		m.EnsureCapacity(min(n, maxMembers))
		for name, context := range d.contexts.Members() {
			if name != "otel" && name != "trace" && m.Len() < maxMembers { // these were taken apart
				putValue(m, name, context)
			}
		}
	}
	for _, other := range d.others {
		if attrs.Len() < maxMembers {
			putValue(attrs, "sentry."+other.key, other.value)
		}
	}
}

// maxTags bounds the tags of one event; SDKs send a handful.
const maxTags = 100
