package errorissueprocessor

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otel-culprit/culprit/internal/issue/record"
)

// addLogCrumb keeps a log record of a trace; line is what it says. Records without a severity count as INFO.
func (b *batch) addLogCrumb(res *record.Resource, scope pcommon.InstrumentationScope, lr plog.LogRecord, line record.Line) {
	severity := record.Severity(lr)
	if severity == 0 {
		severity = plog.SeverityNumberInfo
	}
	if severity >= plog.SeverityNumber(b.core.cfg.Breadcrumbs.Severity) {
		crumb := record.LogCrumb(res, scope, lr, line)
		b.crumbs.Add(lr.TraceID(), &crumb)
	}
}

// addEventCrumb keeps an event of a span that is no exception.
func (b *batch) addEventCrumb(res *record.Resource, scope pcommon.InstrumentationScope, span ptrace.Span, event ptrace.SpanEvent) {
	crumb := record.EventCrumb(res, scope, span, event)
	b.crumbs.Add(span.TraceID(), &crumb)
}

// addSpanCrumb keeps a span that talks to another service.
func (b *batch) addSpanCrumb(res *record.Resource, span ptrace.Span) {
	if crumb, ok := record.SpanCrumb(res, span, b.data); ok {
		b.data = crumb.Data[:0]
		b.crumbs.Add(span.TraceID(), &crumb)
	}
}

// spanCrumbs tells whether spans and their events, which count as INFO, become breadcrumbs.
func (c *core) spanCrumbs() bool {
	return c.crumbs() && plog.SeverityNumberInfo4 >= plog.SeverityNumber(c.cfg.Breadcrumbs.Severity)
}
