package sentryreceiver

import (
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otel-culprit/culprit/internal/sentryproto"
)

// checkIn converts the report of a scheduled job (https://develop.sentry.dev/sdk/telemetry/check-ins/)
// to a log record; one that failed is an error.
func (c *conversion) checkIn(v sentryproto.Value, _ string) int64 {
	slug := v.Get("monitor_slug").Text()
	status := v.Get("status").Text()
	if slug == "" {
		return 0
	}
	res, records := c.resourceLogs()
	c.resource(res, origin{release: v.Get("release").Text(), environment: v.Get("environment").Text()})
	lr := records.AppendEmpty()
	lr.SetEventName("sentry.check_in")
	lr.SetObservedTimestamp(c.received)
	lr.SetTimestamp(c.received) // a check-in has no time of its own
	lr.Body().SetStr("check-in of " + slug + ": " + status)
	switch status {
	case "error", "missed", "timeout":
		lr.SetSeverityNumber(plog.SeverityNumberError)
		lr.SetSeverityText("error")
	default:
		lr.SetSeverityNumber(plog.SeverityNumberInfo)
		lr.SetSeverityText("info")
	}
	trace := v.Get("contexts").Get("trace")
	lr.SetTraceID(traceID(trace.Get("trace_id").Str()))
	lr.SetSpanID(spanID(trace.Get("span_id").Str()))
	attrs := lr.Attributes()
	putText(attrs, "sentry.check_in.id", v.Get("check_in_id"))
	attrs.PutStr("sentry.check_in.monitor_slug", slug)
	putStr(attrs, "sentry.check_in.status", status)
	putValue(attrs, "sentry.check_in.duration", v.Get("duration"))
	putValue(attrs, "sentry.check_in.monitor_config", v.Get("monitor_config"))
	return 1
}

// feedback converts what a user wrote about a failure: an event with contexts.feedback.
func (c *conversion) feedback(v sentryproto.Value, id string) int64 {
	d := c.readDoc(v)
	f := d.contexts.Get("feedback")
	message := f.Get("message").Text()
	if message == "" {
		return 0
	}
	lr := c.userFeedback(d.origin(), message)
	lr.SetTimestamp(c.at(d.timestamp))
	lr.SetTraceID(traceID(d.trace.Get("trace_id").Str()))
	lr.SetSpanID(spanID(d.trace.Get("span_id").Str()))
	attrs := lr.Attributes()
	if id = eventID(id); id == "" {
		id = eventID(d.eventID.Str())
	}
	putStr(attrs, "sentry.event_id", id)
	putStr(attrs, "sentry.feedback.associated_event_id", eventID(f.Get("associated_event_id").Str()))
	putText(attrs, "sentry.feedback.contact_email", f.Get("contact_email"))
	putText(attrs, "sentry.feedback.name", f.Get("name"))
	putText(attrs, "sentry.feedback.replay_id", f.Get("replay_id"))
	putText(attrs, "url.full", f.Get("url"))
	userTo(attrs, d.user)
	d.contexts = sentryproto.Value{} // its text is the body
	d.commonTo(attrs)
	return 1
}

// userReport converts the older form of feedback.
func (c *conversion) userReport(v sentryproto.Value, _ string) int64 {
	comments := v.Get("comments").Text()
	if comments == "" {
		return 0
	}
	lr := c.userFeedback(origin{}, comments)
	lr.SetTimestamp(c.received)
	attrs := lr.Attributes()
	putStr(attrs, "sentry.feedback.associated_event_id", eventID(v.Get("event_id").Str()))
	putText(attrs, "sentry.feedback.contact_email", v.Get("email"))
	putText(attrs, "sentry.feedback.name", v.Get("name"))
	return 1
}

func (c *conversion) userFeedback(o origin, message string) plog.LogRecord {
	res, records := c.resourceLogs()
	c.resource(res, o)
	lr := records.AppendEmpty()
	lr.SetEventName("sentry.feedback")
	lr.SetObservedTimestamp(c.received)
	lr.SetSeverityNumber(plog.SeverityNumberInfo)
	lr.SetSeverityText("info")
	lr.Body().SetStr(message)
	return lr
}
