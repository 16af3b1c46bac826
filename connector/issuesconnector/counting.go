package issuesconnector

import (
	"context"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
)

// logMetrics counts the stamped log records of a batch. It never fails.
func (c *core) logMetrics(ctx context.Context, ld plog.Logs) error {
	for _, rl := range ld.ResourceLogs().All() {
		service := serviceOf(rl.Resource())
		for _, sl := range rl.ScopeLogs().All() {
			for _, lr := range sl.LogRecords().All() {
				if s, ok := readStamp(lr.Attributes()); ok {
					at := lr.Timestamp()
					if at == 0 {
						at = lr.ObservedTimestamp()
					}
					c.tally(ctx, &s, service, lr.TraceID(), lr.SpanID(), at)
				}
			}
		}
	}
	return nil
}

// traceMetrics counts the stamped exceptions and failed spans of a batch. It never fails.
func (c *core) traceMetrics(ctx context.Context, td ptrace.Traces) error {
	for _, rs := range td.ResourceSpans().All() {
		service := serviceOf(rs.Resource())
		for _, ss := range rs.ScopeSpans().All() {
			for _, span := range ss.Spans().All() {
				forEachFailure(span, func(s *stamp, event *ptrace.SpanEvent) {
					at := span.EndTimestamp()
					if event != nil && event.Timestamp() != 0 {
						at = event.Timestamp()
					}
					c.tally(ctx, s, service, span.TraceID(), span.SpanID(), at)
				})
			}
		}
	}
	return nil
}

func (c *core) tally(ctx context.Context, s *stamp, service string, trace pcommon.TraceID, span pcommon.SpanID, at pcommon.Timestamp) {
	if s.repeat || !c.counted.add(s.key) {
		return
	}
	t := tallied{key: s.key, issue: s.issue, service: service, trace: trace, span: span, at: at}
	if c.registry != nil && c.cfg.Settle > 0 && c.unsettled.put(t, time.Now().Add(c.cfg.Settle)) {
		return
	}
	c.add(ctx, t)
}

// add counts an occurrence for the issue that the registry counts it for now.
func (c *core) add(ctx context.Context, t tallied) {
	if c.registry != nil {
		if v, ok := c.registry.Known(t.key); ok {
			if v.Repeat {
				return
			}
			t.issue = v.Issue
		}
	}
	if c.series.add(seriesKey{t.issue, t.service}, t.trace, t.span, t.at, time.Now()) {
		c.telemetry.ConnectorIssuesSeriesOverflow.Add(ctx, 1)
	}
}

func serviceOf(res pcommon.Resource) string {
	v, ok := res.Attributes().Get(attrServiceName)
	if !ok {
		return ""
	}
	return v.AsString()
}
