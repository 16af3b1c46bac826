package traceidprocessor

import (
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otel-culprit/culprit/internal/tracecontext"
)

// What may be wrong with a span's IDs.
const (
	zeroTrace  = "zero_trace_id"
	zeroSpan   = "zero_span_id"
	shortTrace = "short_trace_id"
	textTrace  = "text_trace_id"
)

// spanProblem returns what is wrong with a span's IDs, or "".
func spanProblem(span ptrace.Span) string {
	switch tracecontext.ShapeOf(span.TraceID()) {
	case tracecontext.ShapeZero:
		return zeroTrace
	case tracecontext.ShapeShort:
		return shortTrace
	case tracecontext.ShapeText:
		return textTrace
	}
	if span.SpanID().IsEmpty() {
		return zeroSpan
	}
	return ""
}

// repair gives the spans of one batch new IDs: whatever had the same unusable trace ID has the same
// new one, spans, and links to them. The zero value is ready for use.
type repair struct {
	traces map[[16]byte][16]byte
}

// needed tells that something was repaired.
func (r *repair) needed() bool { return r.traces != nil }

// trace returns the new ID for an unusable one.
func (r *repair) trace(old [16]byte) [16]byte {
	id, ok := r.traces[old]
	if !ok {
		if id, ok = tracecontext.Repair(old); !ok {
			id = randomTrace()
		}
		if r.traces == nil {
			r.traces = map[[16]byte][16]byte{}
		}
		r.traces[old] = id
	}
	return id
}

// references repairs the links of all spans of the batch: a link to a trace that got a new ID follows
// it, and a link to a trace whose ID says what it meant does so too.
func (r *repair) references(td ptrace.Traces) {
	for _, rs := range td.ResourceSpans().All() {
		for _, ss := range rs.ScopeSpans().All() {
			for _, span := range ss.Spans().All() {
				for _, l := range span.Links().All() {
					if id, ok := r.traces[l.TraceID()]; ok {
						l.SetTraceID(id)
					} else if id, ok := tracecontext.Repair(l.TraceID()); ok {
						l.SetTraceID(id)
					}
				}
			}
		}
	}
}

// span repairs a span and marks it.
func (r *repair) span(span ptrace.Span, problem string) status {
	st := generated
	if problem != zeroSpan {
		if problem != zeroTrace {
			st = recovered // the ID was there, only in the wrong form
		}
		span.SetTraceID(r.trace(span.TraceID()))
	}
	if span.SpanID().IsEmpty() {
		span.SetSpanID(randomSpan())
		st = generated
	}
	span.Attributes().PutStr(attrStatus, st.String())
	span.Attributes().PutStr(attrSource, problem)
	return st
}
