package traceidprocessor

import (
	"context"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/processor/processorhelper"

	"github.com/otel-culprit/culprit/internal/tracecontext"
)

func (c *core) processTraces(ctx context.Context, td ptrace.Traces) (ptrace.Traces, error) {
	t := tally{stats: c.stats, signal: signalTraces}
	now := c.now()
	var fix *repair // made when the first span needs it
	emptied := false
	for _, rs := range td.ResourceSpans().All() {
		resource := rs.Resource().Attributes()
		c.scrub(resource)
		t.service = serviceName(resource)
		p := c.policyFor(t.service)
		scope := ""
		for _, ss := range rs.ScopeSpans().All() {
			c.scrub(ss.Scope().Attributes())
			before := ss.Spans().Len()
			ss.Spans().RemoveIf(func(span ptrace.Span) bool {
				c.scrubSpan(span)
				if problem := spanProblem(span); problem != "" && p.onInvalidSpan != spanPass {
					switch p.onInvalidSpan {
					case spanDrop:
						t.count(dropped, problem)
						c.stats.firstDrop(t.service, signalTraces, "span with "+problem+" and 'on_invalid_span: drop'")
						return true
					case spanFlag:
						span.Attributes().PutStr(attrStatus, invalid.String())
						span.Attributes().PutStr(attrSource, problem)
						t.count(invalid, problem)
					case spanRepair:
						if fix == nil {
							fix = newRepair()
						}
						st := fix.span(span, problem)
						t.count(st, problem)
					}
				} else if problem != "" {
					t.count(invalid, problem)
				} else {
					t.count(present, "")
				}
				c.spanAttributes(span, resource, p, &t, &scope, now)
				return false
			})
			emptied = emptied || before > 0 && ss.Spans().Len() == 0
		}
		t.flush(ctx)
	}
	if emptied {
		td.ResourceSpans().RemoveIf(func(rs ptrace.ResourceSpans) bool {
			rs.ScopeSpans().RemoveIf(func(ss ptrace.ScopeSpans) bool { return ss.Spans().Len() == 0 })
			return rs.ScopeSpans().Len() == 0
		})
		if td.ResourceSpans().Len() == 0 {
			return td, processorhelper.ErrSkipProcessingData
		}
	}
	return td, nil
}

func (c *core) scrubSpan(span ptrace.Span) {
	if c.cfg.TrustIncoming {
		return
	}
	c.scrub(span.Attributes())
	for _, e := range span.Events().All() {
		c.scrub(e.Attributes())
	}
	for _, l := range span.Links().All() {
		c.scrub(l.Attributes())
	}
}

// spanAttributes learns the span's request IDs, normalises and checks its attributes.
func (c *core) spanAttributes(span ptrace.Span, resource pcommon.Map, p *policy, t *tally, scope *string, now time.Time) {
	attrs := span.Attributes()
	var scan tracecontext.Scan
	touched := false
	for name, v := range attrs.All() {
		if c.finder.Maybe(name) {
			touched = true
			c.finder.Attribute(name, v, &scan)
		}
	}
	if touched {
		reqs := scan.Requests()
		if c.links != nil && !span.TraceID().IsEmpty() {
			for _, req := range reqs {
				where := ""
				if tracecontext.Weak(req.ID) {
					if *scope == "" {
						*scope = processName(resource)
					}
					where = *scope
				}
				if c.links.Learn(where, req.ID, span.TraceID(), now) {
					t.torn++
				}
			}
		}
		if c.cfg.Normalize {
			if len(reqs) > 0 {
				putNew(attrs, attrRequest, reqs[0].ID)
			}
			putNew(attrs, attrUser, scan.User())
		}
	}
	if len(p.required) > 0 {
		t.lacking(p.required, attrs, resource)
	}
}
