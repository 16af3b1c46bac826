package eventlog

import (
	"encoding/hex"
	"maps"
	"slices"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otel-culprit/culprit/internal/grouping"
	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/stacktrace"
)

// Write fills an empty log record with a notice. Attributes that res already has are kept: a caller
// that still holds the erring record's resource copies it first, with its types; else the event's own
// copy, in which everything is a string, is written.
func Write(n issue.Notice, res pcommon.Resource, lr plog.LogRecord) {
	lr.SetEventName(n.Name)
	lr.SetTimestamp(pcommon.NewTimestampFromTime(n.Time))
	lr.SetObservedTimestamp(pcommon.NewTimestampFromTime(n.Time))
	level := n.Issue.Level
	if n.Event != nil && n.Event.Level != "" && n.Name == issue.EventOccurrence {
		level = n.Event.Level
	}
	if level == "" {
		level = "error"
	}
	lr.SetSeverityNumber(severityOf(level))
	lr.SetSeverityText(level)

	writeSummary(&n, lr.Attributes())
	body := lr.Body().SetEmptyMap()
	writeParts(body, n.Issue.Fingerprint)
	writeStrings(body, "releases", n.Issue.Releases)
	writeStrings(body, "services", n.Issue.Services)
	if n.Event == nil {
		putMissing(res.Attributes(), attrServiceName, n.Issue.Service)
		return
	}
	writeResource(n.Event, res.Attributes())
	writeTraceContext(n.Event, lr)
	writeException(n.Event, lr.Attributes())
	writeEvent(n.Event, body)
	if !n.Event.Time.IsZero() && !n.Event.Time.Equal(n.Time) {
		body.PutStr("timestamp", formatTime(n.Event.Time))
	}
}

func writeSummary(n *issue.Notice, attrs pcommon.Map) {
	s := &n.Issue
	attrs.EnsureCapacity(20)
	attrs.PutStr(AttrID, s.ID)
	putNonEmpty(attrs, AttrTitle, s.Title)
	putNonEmpty(attrs, AttrCulprit, s.Culprit)
	putNonEmpty(attrs, AttrOwner, s.Owner)
	putNonEmpty(attrs, AttrService, s.Service)
	putNonEmpty(attrs, AttrLevel, s.Level)
	putNonEmpty(attrs, AttrState, string(s.State))
	putNonEmpty(attrs, AttrPreviousState, string(n.Previous))
	putNonEmpty(attrs, AttrReason, n.Reason)
	attrs.PutInt(AttrCount, int64(min(s.Count, 1<<63-1)))
	attrs.PutInt(AttrUsers, int64(min(s.Users, 1<<63-1)))
	putTime(attrs, AttrFirstSeen, s.FirstSeen)
	putTime(attrs, AttrLastSeen, s.LastSeen)
	putNonEmpty(attrs, AttrURL, s.URL)
	putNonEmpty(attrs, AttrBasis, string(s.Basis))
	if n.Milestone > 0 {
		attrs.PutInt(AttrMilestone, int64(min(n.Milestone, 1<<63-1)))
	}
	if n.Event != nil {
		putNonEmpty(attrs, AttrEventID, n.Event.ID)
	}
}

func writeResource(e *issue.Event, attrs pcommon.Map) {
	for _, k := range slices.Sorted(maps.Keys(e.Resource)) {
		putMissing(attrs, k, e.Resource[k])
	}
	putMissing(attrs, attrServiceName, e.Service)
	putMissing(attrs, attrServiceVersion, e.Release)
	if _, old := attrs.Get(attrEnvironmentOld); !old {
		putMissing(attrs, attrEnvironment, e.Environment)
	}
}

func writeTraceContext(e *issue.Event, lr plog.LogRecord) {
	var trace pcommon.TraceID
	if len(e.TraceID) == 2*len(trace) {
		if _, err := hex.Decode(trace[:], []byte(e.TraceID)); err == nil {
			lr.SetTraceID(trace)
		}
	}
	var span pcommon.SpanID
	if len(e.SpanID) == 2*len(span) {
		if _, err := hex.Decode(span[:], []byte(e.SpanID)); err == nil {
			lr.SetSpanID(span)
		}
	}
}

func writeException(e *issue.Event, attrs pcommon.Map) {
	if len(e.Exceptions) > 0 {
		putNonEmpty(attrs, attrExceptionType, e.Exceptions[0].Type)
		putNonEmpty(attrs, attrExceptionText, e.Exceptions[0].Message)
	}
	putNonEmpty(attrs, attrExceptionStack, e.Stack)
}

func writeEvent(e *issue.Event, body pcommon.Map) {
	putNonEmpty(body, "message", e.Message)
	putNonEmpty(body, "template", e.Template)
	putNonEmpty(body, "logger", e.Logger)
	putNonEmpty(body, "transaction", e.Transaction)
	putNonEmpty(body, "language", string(e.Language))
	if e.Handled != nil {
		body.PutBool("handled", *e.Handled)
	}
	if len(e.Exceptions) > 0 {
		list := body.PutEmptySlice("exceptions")
		list.EnsureCapacity(len(e.Exceptions))
		for i := range e.Exceptions {
			writeLink(&e.Exceptions[i], list.AppendEmpty().SetEmptyMap())
		}
	}
	if len(e.Breadcrumbs) > 0 {
		list := body.PutEmptySlice("breadcrumbs")
		list.EnsureCapacity(len(e.Breadcrumbs))
		for i := range e.Breadcrumbs {
			writeCrumb(&e.Breadcrumbs[i], list.AppendEmpty().SetEmptyMap())
		}
	}
	writeMap(body, "request", e.Request)
	writeMap(body, "user", e.User)
	writeMap(body, "tags", e.Tags)
	writeMap(body, "extra", e.Extra)
}

func writeLink(x *stacktrace.Exception, m pcommon.Map) {
	putNonEmpty(m, "type", x.Type)
	putNonEmpty(m, "message", x.Message)
	putNonEmpty(m, "module", x.Module)
	putNonEmpty(m, "relation", string(x.Relation))
	m.PutInt("parent", int64(x.Parent))
	if len(x.Frames) == 0 {
		return
	}
	list := m.PutEmptySlice("frames")
	list.EnsureCapacity(len(x.Frames))
	for i := range x.Frames {
		f := &x.Frames[i]
		fm := list.AppendEmpty().SetEmptyMap()
		fm.EnsureCapacity(6)
		putNonEmpty(fm, "function", f.Function)
		putNonEmpty(fm, "module", f.Module)
		putNonEmpty(fm, "file", f.File)
		if f.Line > 0 {
			fm.PutInt("line", int64(f.Line))
		}
		if f.Column > 0 {
			fm.PutInt("column", int64(f.Column))
		}
		fm.PutBool("in_app", f.InApp)
	}
}

func writeCrumb(c *issue.Breadcrumb, m pcommon.Map) {
	putTime(m, "timestamp", c.Time)
	putNonEmpty(m, "service", c.Service)
	putNonEmpty(m, "category", c.Category)
	putNonEmpty(m, "level", c.Level)
	m.PutStr("message", c.Message)
	putNonEmpty(m, "span_id", c.SpanID)
	writeMap(m, "data", c.Data)
}

func writeMap(body pcommon.Map, key string, values map[string]string) {
	if len(values) == 0 {
		return
	}
	m := body.PutEmptyMap(key)
	m.EnsureCapacity(len(values))
	for _, k := range slices.Sorted(maps.Keys(values)) {
		m.PutStr(k, values[k])
	}
}

func writeStrings(body pcommon.Map, key string, values []string) {
	if len(values) == 0 {
		return
	}
	list := body.PutEmptySlice(key)
	list.EnsureCapacity(len(values))
	for _, v := range values {
		list.AppendEmpty().SetStr(v)
	}
}

func putNonEmpty(m pcommon.Map, key, value string) {
	if value != "" {
		m.PutStr(key, value)
	}
}

func putMissing(m pcommon.Map, key, value string) {
	if value == "" {
		return
	}
	if _, ok := m.Get(key); !ok {
		m.PutStr(key, value)
	}
}

func putTime(m pcommon.Map, key string, t time.Time) {
	if !t.IsZero() {
		m.PutStr(key, formatTime(t))
	}
}

func formatTime(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

// severityOf is the inverse of [LevelOf] at the lower end of each range.
func severityOf(level string) plog.SeverityNumber {
	switch level {
	case "fatal":
		return plog.SeverityNumberFatal
	case "warning":
		return plog.SeverityNumberWarn
	case "info":
		return plog.SeverityNumberInfo
	case "debug":
		return plog.SeverityNumberDebug
	default:
		return plog.SeverityNumberError
	}
}

// LevelOf names a severity with the five levels that trackers know; "" when it is not specified.
// Ranges: https://opentelemetry.io/docs/specs/otel/logs/data-model/#field-severitynumber.
func LevelOf(n plog.SeverityNumber) string {
	switch {
	case n >= plog.SeverityNumberFatal:
		return "fatal"
	case n >= plog.SeverityNumberError:
		return "error"
	case n >= plog.SeverityNumberWarn:
		return "warning"
	case n >= plog.SeverityNumberInfo:
		return "info"
	case n > plog.SeverityNumberUnspecified:
		return "debug"
	default:
		return ""
	}
}

// writeParts tells what the fingerprint was made of.
func writeParts(body pcommon.Map, parts []grouping.Part) {
	if len(parts) == 0 {
		return
	}
	list := body.PutEmptySlice("fingerprint")
	list.EnsureCapacity(len(parts))
	for _, p := range parts {
		m := list.AppendEmpty().SetEmptyMap()
		m.PutStr("name", p.Name)
		m.PutStr("value", p.Value)
	}
}
