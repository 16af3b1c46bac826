package record

import (
	"strconv"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otel-culprit/culprit/internal/grouping"
	"github.com/otel-culprit/culprit/internal/issue"
)

// Event tells whether an event of a span is an exception, and if so fills f.
func (r *Rules) Event(res *Resource, scope pcommon.InstrumentationScope, span ptrace.Span, event ptrace.SpanEvent, f *Failure) bool {
	var a fields
	if !isException(event, &a) {
		return false
	}
	*f = Failure{Signal: issue.SpanEvent, Time: firstTime(event.Timestamp(), span.EndTimestamp())}
	f.fill(res, scope, span, event.Attributes(), &a)
	if f.Input.Message == "" {
		if text, ok := event.Attributes().Get("message"); ok {
			f.Input.Message = text.AsString()
		}
	}
	return true
}

func isException(event ptrace.SpanEvent, a *fields) bool {
	a.attributes(event.Attributes())
	// OpenTracing's event "error" carries error.kind, message and stack
	// (https://github.com/opentracing/specification/blob/master/semantic_conventions.md).
	return isExceptionEvent(event.Name()) || a.exception() || event.Name() == "error" && a.s[fErrorType] != ""
}

// Span tells whether a span without exception events has failed, and if so fills f.
func (r *Rules) Span(res *Resource, scope pcommon.InstrumentationScope, span ptrace.Span, f *Failure) bool {
	code := span.Status().Code()
	if code == ptrace.StatusCodeOk {
		return false // its developer says so, whatever was answered
	}
	if code != ptrace.StatusCodeError && !answers(span.Kind()) {
		return false
	}
	var status spanStatus
	status.read(span.Attributes())
	if code != ptrace.StatusCodeError && !r.failed(&status) {
		return false
	}
	var a fields // Datadog's tracers write error.type, error.message and error.stack on the span
	a.attributes(span.Attributes())
	*f = Failure{Signal: issue.FailedSpan, Time: firstTime(span.EndTimestamp(), span.StartTimestamp())}
	f.fill(res, scope, span, span.Attributes(), &a)
	if message := span.Status().Message(); f.Input.Stack == "" && isStack(message) {
		f.Input.Stack = message
	}
	if f.Input.Stack != "" || a.s[fType] != "" || a.weakException() {
		f.Signal = issue.SpanEvent
		return true
	}
	f.Input.Type, f.Input.Message = "", ""
	f.Input.Operation = operation(span)
	f.Input.Status = status.text(span.Status().Message(), a.s[fErrorType])
	return true
}

func (f *Failure) fill(res *Resource, scope pcommon.InstrumentationScope, span ptrace.Span, attrs pcommon.Map, a *fields) {
	f.TraceID, f.SpanID, f.Parent = span.TraceID(), span.SpanID(), span.ParentSpanID()
	f.Level = "error"
	f.Handled = a.handledBy()
	f.Logger = firstNonEmpty(a.s[fLogger], scope.Name())
	f.Transaction = operation(span)
	f.resource, f.scope, f.attrs, f.span, f.hasSpan = res, scope, attrs, span, true
	f.code = a.code()
	f.Input = grouping.Input{
		Service:  res.Service,
		Language: res.Language,
		Type:     a.exceptionType(),
		Message:  a.exceptionMessage(),
		Stack:    a.stack(),
	}
}

// answers tells the kinds of spans whose answer says whether they failed.
func answers(kind ptrace.SpanKind) bool {
	return kind == ptrace.SpanKindServer || kind == ptrace.SpanKindConsumer
}

// failed tells whether what a server or consumer answered is an error of its own.
func (r *Rules) failed(status *spanStatus) bool {
	return r.HTTPStatus > 0 && status.http >= int64(r.HTTPStatus) || grpcServerError(status.grpc)
}

// spanStatus is what the attributes of a span say about how it ended.
type spanStatus struct {
	http    int64
	grpc    int64
	hasGRPC bool
}

func (s *spanStatus) read(attrs pcommon.Map) {
	for k, v := range attrs.All() {
		switch k {
		case "http.response.status_code", "http.status_code":
			s.http = number(v)
		case "rpc.grpc.status_code", "grpc.status_code", "rpc.response.status_code":
			s.grpc, s.hasGRPC = grpcCode(v), true
		}
	}
}

// text describes how the span failed, with values that are few.
func (s *spanStatus) text(message, errorType string) string {
	switch {
	case s.http >= 400:
		return "HTTP " + strconv.FormatInt(s.http, 10)
	case s.hasGRPC && s.grpc > 0:
		return "gRPC " + grpcName(s.grpc)
	case message != "":
		return message
	case errorType != "" && errorType != "_OTHER":
		return errorType
	default:
		return ""
	}
}

func number(v pcommon.Value) int64 {
	switch v.Type() {
	case pcommon.ValueTypeInt:
		return v.Int()
	case pcommon.ValueTypeStr:
		n, _ := strconv.ParseInt(v.Str(), 10, 32)
		return n
	case pcommon.ValueTypeDouble:
		return int64(v.Double())
	default:
		return 0
	}
}
