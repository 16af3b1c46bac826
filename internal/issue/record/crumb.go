package record

import (
	"encoding/hex"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/issue/eventlog"
)

// maxCrumb bounds the text of a breadcrumb in bytes.
const maxCrumb = 512

// LogCrumb makes a breadcrumb of a log record.
func LogCrumb(res *Resource, scope pcommon.InstrumentationScope, lr plog.LogRecord) issue.Breadcrumb {
	body := lr.Body()
	message := ""
	switch body.Type() {
	case pcommon.ValueTypeStr:
		message = body.Str()
		if isJSON(message) {
			var f fields
			if f.jsonLine(message) && f.s[fText] != "" {
				message = f.decode(fText)
			}
		}
	case pcommon.ValueTypeMap:
		var f fields
		if f.body(body.Map(), 0); f.s[fText] != "" {
			message = f.s[fText]
			break
		}
		message = body.AsString()
	case pcommon.ValueTypeEmpty:
		message = lr.EventName()
	default:
		message = body.AsString()
	}
	return issue.Breadcrumb{
		Time:     firstTime(lr.Timestamp(), lr.ObservedTimestamp()),
		Service:  res.Service,
		Category: scope.Name(),
		Level:    eventlog.LevelOf(Severity(lr)),
		Message:  crumbText(message),
		SpanID:   spanID(lr.SpanID()),
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
// only a part of a service's own work.
func SpanCrumb(res *Resource, span ptrace.Span) (issue.Breadcrumb, bool) {
	kind := span.Kind()
	if kind == ptrace.SpanKindInternal || kind == ptrace.SpanKindUnspecified {
		return issue.Breadcrumb{}, false
	}
	level := "info"
	if span.Status().Code() == ptrace.StatusCodeError {
		level = "error"
	}
	return issue.Breadcrumb{
		Time:     firstTime(span.EndTimestamp(), span.StartTimestamp()),
		Service:  res.Service,
		Category: strings.ToLower(kind.String()),
		Level:    level,
		Message:  crumbText(span.Name()),
		SpanID:   spanID(span.SpanID()),
		Data:     crumbData(span.Attributes()),
	}, true
}

// EventCrumb makes a breadcrumb of an event of a span.
func EventCrumb(res *Resource, scope pcommon.InstrumentationScope, span ptrace.Span, event ptrace.SpanEvent) issue.Breadcrumb {
	return issue.Breadcrumb{
		Time:     firstTime(event.Timestamp(), span.EndTimestamp()),
		Service:  res.Service,
		Category: scope.Name(),
		Level:    "info",
		Message:  crumbText(event.Name()),
		SpanID:   spanID(span.SpanID()),
	}
}

// crumbData keeps what tells most of a call.
func crumbData(attrs pcommon.Map) map[string]string {
	var data map[string]string
	for k, v := range attrs.All() {
		switch k {
		case "http.request.method", "http.method", "url.full", "http.url", "http.route", "http.response.status_code",
			"http.status_code", "db.system.name", "db.system", "db.query.summary", "rpc.service", "rpc.method",
			"messaging.destination.name", "server.address":
			if data == nil {
				data = make(map[string]string, 4)
			}
			data[k] = Clip(v.AsString(), maxCrumb)
		}
	}
	return data
}

// crumbText is a record's text as a breadcrumb shows it.
func crumbText(s string) string {
	return Clip(strings.TrimSpace(s), maxCrumb)
}

func spanID(id pcommon.SpanID) string {
	if id.IsEmpty() {
		return ""
	}
	return hex.EncodeToString(id[:])
}
