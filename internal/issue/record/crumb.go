package record

import (
	"strconv"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otel-culprit/culprit/internal/clip"
	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/issue/eventlog"
)

// maxCrumb bounds the text of a breadcrumb in bytes.
const maxCrumb = 512

// LogCrumb makes a breadcrumb of a log record; said is the [Failure.Line] of [Rules.Log]. Its strings belong to the record.
func LogCrumb(res *Resource, scope pcommon.InstrumentationScope, lr plog.LogRecord, said Line) issue.Crumb {
	line := said.String()
	if line == "" {
		if body := lr.Body(); body.Type() == pcommon.ValueTypeEmpty {
			line = lr.EventName()
		} else {
			line = body.AsString()
		}
	}
	return issue.Crumb{
		Time:     firstTime(lr.Timestamp(), lr.ObservedTimestamp()),
		Service:  res.Service,
		Category: scope.Name(),
		Level:    eventlog.LevelOf(Severity(lr)),
		Message:  crumbText(line),
		SpanID:   lr.SpanID(),
	}
}

// Severity is the record's severity, by number or by text; 0 where it has none.
func Severity(lr plog.LogRecord) plog.SeverityNumber {
	if n := lr.SeverityNumber(); n != plog.SeverityNumberUnspecified {
		return n
	}
	return severityWord(lr.SeverityText())
}

// SpanCrumb makes a breadcrumb of a span that talks to another service; false for a span that is
// only a part of a service's own work. data is overwritten.
func SpanCrumb(res *Resource, span ptrace.Span, data []issue.CrumbData) (issue.Crumb, bool) {
	kind := span.Kind()
	if kind == ptrace.SpanKindInternal || kind == ptrace.SpanKindUnspecified {
		return issue.Crumb{}, false
	}
	level := "info"
	if span.Status().Code() == ptrace.StatusCodeError {
		level = "error"
	}
	return issue.Crumb{
		Time:     firstTime(span.EndTimestamp(), span.StartTimestamp()),
		Service:  res.Service,
		Category: kindName(kind),
		Level:    level,
		Message:  crumbText(span.Name()),
		SpanID:   span.SpanID(),
		Data:     crumbData(data[:0], span.Attributes()),
	}, true
}

// EventCrumb makes a breadcrumb of an event of a span. The event may be a breadcrumb of a Sentry SDK, which has a category and a
// level of its own (receiver sentry).
func EventCrumb(res *Resource, scope pcommon.InstrumentationScope, span ptrace.Span, event ptrace.SpanEvent) issue.Crumb {
	category, level := scope.Name(), "info"
	if v, ok := event.Attributes().Get("sentry.breadcrumb.category"); ok {
		category = Clip(v.Str(), maxCrumb)
	}
	if v, ok := event.Attributes().Get("sentry.breadcrumb.level"); ok && v.Str() != "" {
		level = Clip(v.Str(), maxCrumb)
	}
	return issue.Crumb{
		Time:     firstTime(event.Timestamp(), span.EndTimestamp()),
		Service:  res.Service,
		Category: category,
		Level:    level,
		Message:  crumbText(event.Name()),
		SpanID:   span.SpanID(),
	}
}

// crumbData keeps what tells most of a call.
func crumbData(data []issue.CrumbData, attrs pcommon.Map) []issue.CrumbData {
	for k, v := range attrs.All() {
		switch k {
		case "http.request.method", "http.method", "url.full", "http.url", "http.route", "http.response.status_code",
			"http.status_code", "db.system.name", "db.system", "db.query.summary", "rpc.service", "rpc.method",
			"messaging.destination.name", "server.address":
			data = append(data, issue.CrumbData{Key: k, Value: crumbValue(v)})
		}
	}
	return data
}

// crumbValue writes a value; for the status codes of HTTP it needs no memory.
func crumbValue(v pcommon.Value) string {
	switch v.Type() {
	case pcommon.ValueTypeStr:
		return clip.Bytes(v.Str(), maxCrumb)
	case pcommon.ValueTypeInt:
		if n := v.Int(); n >= 100 && n < 600 {
			return statusCodes[3*(n-100):][:3]
		}
	default:
	}
	return clip.Bytes(v.AsString(), maxCrumb)
}

// statusCodes are 100 to 599, one after another.
var statusCodes = func() string {
	var b []byte
	for n := int64(100); n < 600; n++ {
		b = strconv.AppendInt(b, n, 10)
	}
	return string(b)
}()

// kindName is a span's kind in lower case.
func kindName(kind ptrace.SpanKind) string {
	switch kind {
	case ptrace.SpanKindServer:
		return "server"
	case ptrace.SpanKindClient:
		return "client"
	case ptrace.SpanKindProducer:
		return "producer"
	case ptrace.SpanKindConsumer:
		return "consumer"
	case ptrace.SpanKindInternal:
		return "internal"
	default:
		return "unspecified"
	}
}

// crumbText is a record's text as a breadcrumb shows it.
func crumbText(s string) string {
	return clip.Bytes(strings.TrimSpace(s), maxCrumb)
}
