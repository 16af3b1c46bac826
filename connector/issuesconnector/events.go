package issuesconnector

import (
	"context"
	"slices"
	"time"

	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.uber.org/zap"

	"github.com/otel-culprit/culprit/internal/issue"
)

// logEvents puts the stamped log records of a batch into the outbox. It never fails.
func (c *core) logEvents(_ context.Context, ld plog.Logs) error {
	for _, rl := range ld.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			for _, lr := range sl.LogRecords().All() {
				s, ok := readStamp(lr.Attributes())
				if !ok {
					c.unstamped(lr.SeverityNumber())
					continue
				}
				c.offer(&s, func(it *item) { it.logs = copyLog(rl, sl, lr) })
			}
		}
	}
	return nil
}

// traceEvents puts the stamped exceptions and failed spans of a batch into the outbox. It never fails.
func (c *core) traceEvents(_ context.Context, td ptrace.Traces) error {
	for _, rs := range td.ResourceSpans().All() {
		for _, ss := range rs.ScopeSpans().All() {
			for _, span := range ss.Spans().All() {
				forEachFailure(span, func(s *stamp, event *ptrace.SpanEvent) {
					c.offer(s, func(it *item) { it.isSpan, it.traces = true, copySpan(rs, ss, span, event) })
				})
			}
		}
	}
	return nil
}

// forEachFailure calls f for each stamped exception of a span; without any, for the stamped span.
func forEachFailure(span ptrace.Span, f func(s *stamp, event *ptrace.SpanEvent)) {
	found := false
	for _, event := range span.Events().All() {
		if s, ok := readStamp(event.Attributes()); ok {
			found = true
			f(&s, &event)
		}
	}
	if found {
		return
	}
	if s, ok := readStamp(span.Attributes()); ok {
		f(&s, nil)
	}
}

// offer decides whether an occurrence is told of.
func (c *core) offer(s *stamp, copyTo func(*item)) {
	if s.repeat || !c.seen.add(s.key) {
		return
	}
	v := c.verdict(s)
	if v.Repeat {
		return
	}
	now := time.Now()
	allowed := c.throttle.take(v.Issue, now)
	it := item{key: s.key, due: now.Add(c.cfg.Settle), verdict: v}
	if v.First && c.told() {
		// The registry's outbox tells of new issues, also when this process dies now.
		copyTo(&it)
		it.measure()
		c.firsts.put(it)
		return
	}
	switch {
	case v.First, c.cfg.Emit == EmitEvery && allowed:
		copyTo(&it)
		c.put(it)
	case c.cfg.Emit == EmitEvery:
		c.count(outcomeThrottled, 1)
	}
	if m := c.milestone(&v); m > 0 {
		it.milestone = m
		copyTo(&it)
		c.put(it)
	}
}

func (c *core) put(it item) {
	it.measure()
	if n := c.outbox.put(it, c.cfg.Outbox); n > 0 {
		c.count(outcomeDropped, n)
	}
}

// verdict is the registry's answer to the occurrence; without a registry, what this process counted.
func (c *core) verdict(s *stamp) issue.Verdict {
	if c.registry == nil {
		count := c.local.count(s.issue)
		v := issue.Verdict{Issue: s.issue, State: s.state, First: count == 1, Count: count}
		if v.State == "" {
			v.State = issue.Ongoing
			if v.First {
				v.State = issue.New
			}
		}
		return v
	}
	if v, ok := c.registry.Known(s.key); ok {
		return v
	}
	return issue.Verdict{Issue: s.issue, State: s.state}
}

// milestone returns the milestone that an occurrence reaches, unless the registry tells of it.
func (c *core) milestone(v *issue.Verdict) uint64 {
	if v.Count == 0 || c.told() && v.Milestone == v.Count {
		return 0
	}
	if _, ok := slices.BinarySearch(c.cfg.Milestones, v.Count); ok {
		return v.Count
	}
	return 0
}

// unstamped says once that errors come without a stamp, which is almost always a pipeline without
// error_issue.
func (c *core) unstamped(severity plog.SeverityNumber) {
	if severity < plog.SeverityNumberError || c.warned.Swap(true) {
		return
	}
	c.logger.Warn("A log record of severity ERROR has no issue.id, so no issue event is made of it. Put processor error_issue before this connector.",
		zap.Stringer("component", c.id))
}

// copyLog copies a record with its resource and scope.
func copyLog(rl plog.ResourceLogs, sl plog.ScopeLogs, lr plog.LogRecord) plog.Logs {
	ld := plog.NewLogs()
	r := ld.ResourceLogs().AppendEmpty()
	r.SetSchemaUrl(rl.SchemaUrl())
	rl.Resource().CopyTo(r.Resource())
	s := r.ScopeLogs().AppendEmpty()
	sl.Scope().CopyTo(s.Scope())
	lr.CopyTo(s.LogRecords().AppendEmpty())
	return ld
}

// copySpan copies a span, of its events only the one that is told of.
func copySpan(rs ptrace.ResourceSpans, ss ptrace.ScopeSpans, span ptrace.Span, event *ptrace.SpanEvent) ptrace.Traces {
	td := ptrace.NewTraces()
	r := td.ResourceSpans().AppendEmpty()
	r.SetSchemaUrl(rs.SchemaUrl())
	rs.Resource().CopyTo(r.Resource())
	s := r.ScopeSpans().AppendEmpty()
	ss.Scope().CopyTo(s.Scope())
	to := s.Spans().AppendEmpty()
	to.SetTraceID(span.TraceID())
	to.SetSpanID(span.SpanID())
	to.SetParentSpanID(span.ParentSpanID())
	to.SetName(span.Name())
	to.SetKind(span.Kind())
	to.SetStartTimestamp(span.StartTimestamp())
	to.SetEndTimestamp(span.EndTimestamp())
	span.Status().CopyTo(to.Status())
	span.Attributes().CopyTo(to.Attributes())
	if event != nil {
		event.CopyTo(to.Events().AppendEmpty())
	}
	return td
}
