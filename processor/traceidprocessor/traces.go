package traceidprocessor

import (
	"context"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/processor/processorhelper"

	"github.com/otel-culprit/culprit/internal/tracecontext"
)

// spanBatch works on one batch of spans.
type spanBatch struct {
	*core
	tally
	now time.Time
	fix repair

	// Of the current resource:
	resource pcommon.Map
	policy   *policy
	audited  tracecontext.Service
	scope    string // names the process; made when it is needed
}

func (c *core) processTraces(ctx context.Context, td ptrace.Traces) (ptrace.Traces, error) {
	b := spanBatch{core: c, now: c.now(), tally: tally{stats: c.stats, signal: signalTraces}}
	emptied := false
	for _, rs := range td.ResourceSpans().All() {
		b.resource, b.scope = rs.Resource().Attributes(), ""
		c.scrub(b.resource)
		b.service = serviceName(b.resource)
		b.audited = c.audit.Service(b.service)
		b.policy = c.policyFor(b.service)
		for _, ss := range rs.ScopeSpans().All() {
			c.scrub(ss.Scope().Attributes())
			before := ss.Spans().Len()
			ss.Spans().RemoveIf(b.span)
			emptied = emptied || ss.Spans().Len() < before && ss.Spans().Len() == 0
		}
		b.flush(ctx)
	}
	if b.fix.needed() {
		b.fix.references(td)
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

// span works on one span; true means that it is dropped.
func (b *spanBatch) span(span ptrace.Span) bool {
	attrs := span.Attributes()
	known, reserved := b.finder.Interesting(attrs)
	if reserved {
		b.scrub(attrs)
	}
	b.scrubInside(span)
	problem := spanProblem(span)
	switch {
	case problem == "":
		b.count(present, "")
	case b.policy.onInvalidSpan == spanDrop:
		b.count(dropped, problem)
		b.core.stats.firstDrop(b.service, signalTraces, problem+" and 'on_invalid_span: drop'")
		return true
	case b.policy.onInvalidSpan == spanRepair:
		b.count(b.fix.span(span, problem), problem)
	default:
		if b.policy.onInvalidSpan == spanFlag {
			span.Attributes().PutStr(attrStatus, invalid.String())
			span.Attributes().PutStr(attrSource, problem)
		}
		b.count(invalid, problem)
	}
	b.auditSpan(span, b.audited, b.now)
	if known {
		b.attributes(span, attrs)
	}
	if len(b.policy.required) > 0 {
		b.lacking(b.policy.required, attrs, b.resource)
	}
	return false
}

// scrubInside scrubs what a span holds beside its own attributes.
func (c *core) scrubInside(span ptrace.Span) {
	if c.cfg.TrustIncoming {
		return
	}
	for _, e := range span.Events().All() {
		c.scrub(e.Attributes())
	}
	for _, l := range span.Links().All() {
		c.scrub(l.Attributes())
	}
}

// attributes learns the span's request IDs and normalises its attributes.
func (b *spanBatch) attributes(span ptrace.Span, attrs pcommon.Map) {
	var scan tracecontext.Scan
	b.finder.Attributes(attrs, &scan)
	reqs := scan.Requests()
	if b.links != nil && spanProblem(span) == "" {
		for _, req := range reqs {
			scope := ""
			if tracecontext.Weak(req.ID) {
				if b.scope == "" {
					b.scope = processName(b.resource)
				}
				scope = b.scope
			}
			if b.links.Learn(scope, req.ID, span.TraceID(), b.now) {
				b.torn++
			}
		}
	}
	if b.cfg.Normalize {
		if len(reqs) > 0 && reqs[0].Key.Rank < tracecontext.RankTask {
			putNew(attrs, attrRequest, reqs[0].ID)
		}
		putNew(attrs, attrUser, scan.User())
	}
}
