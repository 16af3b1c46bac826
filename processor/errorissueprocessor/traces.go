package errorissueprocessor

import (
	"context"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otel-culprit/culprit/internal/issue/eventlog"
	"github.com/otel-culprit/culprit/internal/issue/record"
)

// processTraces stamps the exceptions and failures among spans.
func (c *core) processTraces(ctx context.Context, td ptrace.Traces) (ptrace.Traces, error) {
	b := c.batch()
	defer b.free()
	w := spanWalk{core: c, batch: b, crumbs: c.spanCrumbs()}
	for _, rs := range td.ResourceSpans().All() {
		if !c.cfg.TrustIncoming {
			strip(rs.Resource().Attributes())
		}
		b.resources = append(b.resources, record.NewResource(rs.Resource()))
		w.res = &b.resources[len(b.resources)-1]
		spans := 0
		for _, ss := range rs.ScopeSpans().All() {
			if !c.cfg.TrustIncoming {
				strip(ss.Scope().Attributes())
			}
			spans += ss.Spans().Len()
			for _, span := range ss.Spans().All() {
				w.span(ss.Scope(), span)
			}
		}
		c.seen.of(w.res.Service).spans.Add(uint64(spans))
	}
	b.judge(ctx)
	return td, nil
}

// spanWalk is what is carried from span to span of a batch.
type spanWalk struct {
	core    *core
	batch   *batch
	crumbs  bool // breadcrumbs are kept
	res     *record.Resource
	scratch record.Failure
	// Spans of one trace mostly follow each other: whether it has an issue is looked up once.
	trace   pcommon.TraceID
	inTrace bool
}

func (w *spanWalk) span(scope pcommon.InstrumentationScope, span ptrace.Span) {
	c := w.core
	attrs := span.Attributes()
	if !c.cfg.TrustIncoming {
		strip(attrs)
	}
	found, same := false, false
	for _, event := range span.Events().All() {
		if !c.cfg.TrustIncoming {
			strip(event.Attributes())
		}
		if !c.rules.Event(w.res, scope, span, event, &w.scratch) {
			if w.crumbs {
				w.batch.addEventCrumb(w.res, scope, span, event)
			}
			continue
		}
		found = true
		t := target{record: event.Attributes(), span: attrs, hasSpan: true, same: same}
		if c.cfg.TrustIncoming && t.incoming() {
			continue
		}
		same = true
		w.batch.add(&w.scratch, t)
	}
	if w.crumbs {
		w.batch.addSpanCrumb(w.res, span)
	}
	if !c.cfg.TrustIncoming {
		for _, link := range span.Links().All() {
			strip(link.Attributes())
		}
	}
	if found {
		return
	}
	if c.rules.Span(w.res, scope, span, &w.scratch) {
		t := target{record: attrs}
		if !c.cfg.TrustIncoming || !t.incoming() {
			w.batch.add(&w.scratch, t)
		}
		return
	}
	w.mark(span)
}

// mark tells of a span without an error of its own that a log of its trace has an issue, so that
// tail sampling can keep the trace.
func (w *spanWalk) mark(span ptrace.Span) {
	id := span.TraceID()
	if id != w.trace {
		w.trace, w.inTrace = id, w.core.inTrace.contains(id)
	}
	if w.inTrace {
		span.Attributes().PutBool(eventlog.AttrInTrace, true)
	}
}
