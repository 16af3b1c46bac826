package record

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otel-culprit/culprit/internal/grouping"
	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/issue/eventlog"
	"github.com/otel-culprit/culprit/internal/stacktrace"
)

// Log tells whether a log record is an error, and if so fills f. Line is set in either case.
func (r *Rules) Log(res *Resource, scope pcommon.InstrumentationScope, lr plog.LogRecord, f *Failure) bool {
	if line, quiet := r.quiet(lr); quiet {
		f.Line = Line{text: line}
		return false
	}
	return r.log(res, scope, lr, f)
}

// quiet tells in a few nanoseconds of most records that nothing can make them errors: their severity is known
// and low, no attribute tells of an error, and the body (which it returns) is text and no stack trace. That a record is not
// quiet says nothing.
func (r *Rules) quiet(lr plog.LogRecord) (line string, yes bool) {
	severity := lr.SeverityNumber()
	if severity == plog.SeverityNumberUnspecified || severity >= r.Severity {
		return "", false
	}
	for key := range lr.Attributes().All() {
		if telling(fieldOf(key)) {
			return "", false
		}
	}
	switch body := lr.Body(); body.Type() {
	case pcommon.ValueTypeStr:
		if line = body.Str(); isJSON(line) || isStack(line) {
			return "", false
		}
	case pcommon.ValueTypeEmpty:
	default:
		return "", false
	}
	return line, !isExceptionEvent(lr.EventName())
}

// telling tells whether a field can make a record an error whose severity is not one's.
func telling(what field) bool {
	switch what {
	case fType, fMessage, fStack, fMaybeStack, fThrown, fErrorType, fErrorMessage, fObject, fEventName:
		return true
	default:
		return false
	}
}

// log looks at everything.
func (r *Rules) log(res *Resource, scope pcommon.InstrumentationScope, lr plog.LogRecord, f *Failure) bool {
	var a fields // of the attributes
	a.attributes(lr.Attributes())
	name := lr.EventName()
	if name == "" {
		name = a.s[fEventName]
	}
	severity := lr.SeverityNumber()
	if severity == plog.SeverityNumberUnspecified {
		severity = severityWord(lr.SeverityText())
	}

	var b fields // of the body
	body := lr.Body()
	text := ""
	decode := false
	switch body.Type() {
	case pcommon.ValueTypeMap:
		b.body(body.Map(), 0)
		text = b.s[fText]
	case pcommon.ValueTypeStr:
		text = body.Str()
		if isJSON(text) {
			if decode = b.jsonLine(text); decode {
				text = b.s[fText]
			}
		}
	default:
	}
	if severity == 0 {
		severity = firstLevel(&a, &b)
	}
	stack := ""
	if !a.exception() && !b.exception() {
		if decode && strings.Contains(text, `\n`) && stacktrace.Looks(text) {
			text = b.decode(fText)
		}
		if isStack(text) {
			stack = text
		}
	}
	if severity == 0 && stack == "" && body.Type() == pcommon.ValueTypeStr && !decode {
		severity = severityInText(text)
	}

	thrown := stack != "" || a.exception() || b.exception() || isExceptionEvent(name)
	if !thrown && (severity == 0 || severity >= plog.SeverityNumberWarn) {
		thrown = a.weakException() || b.weakException()
	}
	if !thrown && severity < r.Severity {
		f.Line = said(body, &b, decode)
		return false
	}

	if decode {
		b.decodeAll()
		if t := b.s[fText]; t != "" {
			text = t
		} else {
			text = body.Str()
		}
	}
	both := &a // the attributes' fields, completed by the body's
	both.merge(&b)
	*f = Failure{
		Signal:   issue.LogLine,
		Time:     firstTime(lr.Timestamp(), lr.ObservedTimestamp()),
		TraceID:  lr.TraceID(),
		SpanID:   lr.SpanID(),
		Level:    levelOf(severity, stack != ""),
		Handled:  both.handledBy(),
		Logger:   firstNonEmpty(both.s[fLogger], scope.Name()),
		Line:     said(body, &b, decode),
		resource: res, scope: scope, attrs: lr.Attributes(), body: body,
		code: both.code(),
		Input: grouping.Input{
			Service:  res.Service,
			Language: res.Language,
			Body:     strings.TrimSpace(text),
			Template: both.s[fTemplate],
		},
	}
	f.Transaction = firstNonEmpty(both.s[fTransaction], route(f.attrs))
	if stack == "" {
		stack = both.stack()
	}
	if !thrown && stack == "" && both.s[fErrorMessage] == "" {
		return true // a line that only its level makes an error
	}
	f.Signal = issue.LogRecord
	f.Input.Type, f.Input.Message, f.Input.Stack = both.exceptionType(), both.exceptionMessage(), stack
	if f.Input.Message == "" && both.s[fObject] != "" && f.Input.Type != "" {
		f.Input.Message = both.s[fObject]
	}
	return true
}

// Line is what the body of a log record says.
type Line struct {
	text    string
	escaped bool // the inside of a JSON string
}

// String returns the text; "" where the body is none and holds none.
func (l Line) String() string {
	if l.escaped {
		return unescape(l.text)
	}
	return l.text
}

// said is the line that a body is, or holds as a map or a whole JSON object.
func said(body pcommon.Value, b *fields, json bool) Line {
	switch {
	case body.Type() != pcommon.ValueTypeStr:
		return Line{text: b.s[fText]}
	case json && b.s[fText] != "":
		return Line{b.s[fText], b.raw&(1<<fText) != 0}
	default:
		return Line{text: body.Str()}
	}
}

// isExceptionEvent knows the event names of the semantic conventions
// (https://opentelemetry.io/docs/specs/semconv/exceptions/exceptions-logs/): exception, and
// <operation>.exception.
func isExceptionEvent(name string) bool {
	return name == "exception" || strings.HasSuffix(name, ".exception")
}

// firstLevel is the level that a record without a severity of its own names elsewhere.
func firstLevel(all ...*fields) plog.SeverityNumber {
	for _, f := range all {
		if f.level != 0 {
			return f.level
		}
		if level := severityWord(f.s[fLevel]); level != 0 {
			return level
		}
	}
	return 0
}

// levelOf names the severity. Container runtimes give every line of standard output the severity
// INFO, so a stack trace that was found in plain text is an error whatever it says.
func levelOf(severity plog.SeverityNumber, inText bool) string {
	if severity == 0 || inText && severity < plog.SeverityNumberWarn {
		return "error"
	}
	return eventlog.LevelOf(severity)
}

// merge takes over what f lacks.
func (f *fields) merge(other *fields) {
	for i, v := range other.s {
		f.set(field(i), v)
	}
	if f.s[fStack] == "" && !f.hasList {
		f.list, f.hasList, f.listRaw = other.list, other.hasList, other.listRaw
	}
	if f.escaped == unknown {
		f.escaped = other.escaped
	}
	if f.handled == unknown {
		f.handled = other.handled
	}
}

func (f *fields) code() codeLocation {
	return codeLocation{function: f.s[fCodeFunction], file: f.s[fCodeFile], line: f.s[fCodeLine]}
}

// language is the one that telemetry tells, or that was recognised.
func language(hint stacktrace.Language, trace *stacktrace.Trace) stacktrace.Language {
	if trace.Language != stacktrace.Unknown {
		return trace.Language
	}
	return hint
}
