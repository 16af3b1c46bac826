package lokiexporter

import (
	"encoding/json"
	"strconv"
	"strings"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// line makes the log line of a record.
func line(format LineFormat, resource pcommon.Resource, scope pcommon.InstrumentationScope, lr plog.LogRecord) string {
	switch format {
	case LineJSON:
		return jsonLine(resource, scope, lr)
	case LineLogfmt:
		return logfmtLine(resource, scope, lr)
	default:
		return bodyLine(lr)
	}
}

// bodyLine is the body's text. An event without a body has its name as line: Loki shows empty lines badly.
func bodyLine(lr plog.LogRecord) string {
	if lr.Body().Type() == pcommon.ValueTypeEmpty {
		return lr.EventName()
	}
	return lr.Body().AsString()
}

// jsonRecord has the field names of the OpenTelemetry log data model in snake case.
type jsonRecord struct {
	Time       string         `json:"time,omitempty"`
	Severity   string         `json:"severity,omitempty"`
	EventName  string         `json:"event_name,omitempty"`
	Body       any            `json:"body,omitempty"`
	TraceID    string         `json:"trace_id,omitempty"`
	SpanID     string         `json:"span_id,omitempty"`
	Attributes map[string]any `json:"attributes,omitempty"`
	Resource   map[string]any `json:"resource,omitempty"`
	Scope      string         `json:"scope,omitempty"`
}

func jsonLine(resource pcommon.Resource, scope pcommon.InstrumentationScope, lr plog.LogRecord) string {
	r := jsonRecord{
		Severity:   severity(lr),
		EventName:  lr.EventName(),
		TraceID:    traceID(lr),
		SpanID:     spanID(lr),
		Attributes: lr.Attributes().AsRaw(),
		Resource:   resource.Attributes().AsRaw(),
		Scope:      scope.Name(),
		Time:       timestamp(lr).UTC().Format(time.RFC3339Nano),
	}
	if lr.Body().Type() != pcommon.ValueTypeEmpty {
		r.Body = lr.Body().AsRaw()
	}
	text, err := json.Marshal(r)
	if err != nil { // NaN and infinity have no JSON form
		return bodyLine(lr)
	}
	return string(text)
}

func logfmtLine(resource pcommon.Resource, scope pcommon.InstrumentationScope, lr plog.LogRecord) string {
	var b strings.Builder
	pair := func(key, value string) {
		if value == "" {
			return
		}
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(logfmtKey(key))
		b.WriteByte('=')
		if strings.ContainsAny(value, " \"=\n\r\t\\") {
			value = strconv.Quote(value)
		}
		b.WriteString(value)
	}
	pair("level", strings.ToLower(severity(lr)))
	pair("msg", bodyLine(lr))
	pair("trace_id", traceID(lr))
	pair("span_id", spanID(lr))
	pair("scope", scope.Name())
	for key, value := range lr.Attributes().All() {
		pair(key, value.AsString())
	}
	for key, value := range resource.Attributes().All() {
		pair(key, value.AsString())
	}
	return b.String()
}

// logfmtKey replaces what would end a key.
func logfmtKey(key string) string {
	return strings.Map(func(r rune) rune {
		if r <= ' ' || r == '=' || r == '"' {
			return '_'
		}
		return r
	}, key)
}

// severity is the text that the application used, else the name of the number.
func severity(lr plog.LogRecord) string {
	if lr.SeverityText() != "" {
		return lr.SeverityText()
	}
	if lr.SeverityNumber() == plog.SeverityNumberUnspecified {
		return ""
	}
	return lr.SeverityNumber().String()
}

func traceID(lr plog.LogRecord) string {
	if lr.TraceID().IsEmpty() {
		return ""
	}
	return lr.TraceID().String()
}

func spanID(lr plog.LogRecord) string {
	if lr.SpanID().IsEmpty() {
		return ""
	}
	return lr.SpanID().String()
}

// timestamp is the record's own time, else the time it was observed, else now.
func timestamp(lr plog.LogRecord) time.Time {
	if t := lr.Timestamp(); t != 0 {
		return t.AsTime()
	}
	if t := lr.ObservedTimestamp(); t != 0 {
		return t.AsTime()
	}
	return time.Now()
}
