package piiredactionprocessor

import (
	"context"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

func (c *core) processTraces(ctx context.Context, td ptrace.Traces) (ptrace.Traces, error) {
	r := c.begin("traces")
	resources := td.ResourceSpans()
	r.each(resources.Len(), func(i int) {
		rs := resources.At(i)
		r.resource(rs.Resource())
		if out, changed := r.text(rs.SchemaUrl(), nil); changed {
			rs.SetSchemaUrl(out)
		}
		scopes := rs.ScopeSpans()
		for j := range scopes.Len() {
			ss := scopes.At(j)
			r.scope(ss.Scope())
			if out, changed := r.text(ss.SchemaUrl(), nil); changed {
				ss.SetSchemaUrl(out)
			}
			spans := ss.Spans()
			for k := range spans.Len() {
				r.span(spans.At(k))
			}
		}
	})
	r.end(ctx)
	return td, nil
}

func (r *redactor) span(s ptrace.Span) {
	r.record()
	r.where = inName
	if out, changed := r.name(s.Name()); changed {
		s.SetName(out)
	}
	r.where = inStatus
	if out, changed := r.text(s.Status().Message(), nil); changed {
		s.Status().SetMessage(out)
	}
	r.traceState(s.TraceState())
	r.where = inAttributes
	r.user(s.Attributes())
	r.attributes(s.Attributes(), 0)
	r.where = inEvent
	events := s.Events()
	for i := range events.Len() {
		e := events.At(i)
		if out, changed := r.name(e.Name()); changed {
			e.SetName(out)
		}
		r.attributes(e.Attributes(), 0)
	}
	links := s.Links()
	for i := range links.Len() {
		l := links.At(i)
		r.traceState(l.TraceState())
		r.where = inLink
		r.attributes(l.Attributes(), 0)
	}
	r.audit(s.Attributes())
}

// traceState redacts a W3C trace state. What is written in a value's place keeps to its grammar: no
// comma, no equals sign.
func (r *redactor) traceState(ts pcommon.TraceState) {
	raw := ts.AsRaw()
	if raw == "" {
		return
	}
	r.where = inTraceState
	if out, changed := r.text(raw, nil); changed {
		ts.FromRaw(out)
	}
}
