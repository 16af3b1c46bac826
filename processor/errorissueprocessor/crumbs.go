package errorissueprocessor

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/issue/record"
)

// addLogCrumb keeps a log record of a trace. Records without a severity count as INFO.
func (c *core) addLogCrumb(res *record.Resource, scope pcommon.InstrumentationScope, lr plog.LogRecord) {
	severity := record.Severity(lr)
	if severity == 0 {
		severity = plog.SeverityNumberInfo
	}
	if severity >= plog.SeverityNumber(c.cfg.Breadcrumbs.Severity) {
		crumb := record.LogCrumb(res, scope, lr)
		c.registry.Breadcrumbs().Add(lr.TraceID(), &crumb)
	}
}

// addSpanCrumbs keeps a span that talks to another service, and events that are no exceptions. Both
// count as INFO.
func (c *core) addSpanCrumbs(res *record.Resource, scope pcommon.InstrumentationScope, span ptrace.Span) {
	if plog.SeverityNumberInfo4 < plog.SeverityNumber(c.cfg.Breadcrumbs.Severity) {
		return
	}
	crumbs := c.registry.Breadcrumbs()
	for _, event := range span.Events().All() {
		if !record.IsException(event) {
			crumb := record.EventCrumb(res, scope, span, event)
			crumbs.Add(span.TraceID(), &crumb)
		}
	}
	var data [8]issue.CrumbData
	if crumb, ok := record.SpanCrumb(res, span, data[:]); ok {
		crumbs.Add(span.TraceID(), &crumb)
	}
}
