package issuesconnector

import (
	"context"
	"math"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/issue/eventlog"
	"github.com/otel-culprit/culprit/internal/issue/record"
)

const scopeName = "github.com/otel-culprit/culprit/connector/issuesconnector"

// any record that was stamped is an error, whatever rules error_issue had.
var anyRecord = record.Rules{Severity: math.MinInt32, HTTPStatus: 1}

// build writes the event of an item as the only record of rl; false when it is not to be told of any
// more. This is where stacks are parsed again.
func (c *core) build(ctx context.Context, it *item, rl plog.ResourceLogs) bool {
	if c.registry != nil {
		// While the event waited, a deeper span may have told of the same failure.
		if v, ok := c.registry.Known(it.key); ok && v.Repeat {
			return false
		}
	}
	f, s, res := it.failure()
	if f == nil {
		return false
	}
	result := c.grouper.Group(&f.Input)
	var crumbs []issue.Breadcrumb
	if c.registry != nil {
		crumbs = c.registry.Breadcrumbs().Of(f.TraceID)
	}
	n := issue.Notice{
		Name: issue.EventOccurrence, Time: f.Time, Issue: s.summary(f.Input.Service, f.Level),
		Event: f.Event(it.key, &result, crumbs, c.cfg.AttributesAsTags),
	}
	n.Time = n.Event.Time
	n.Issue.Basis, n.Issue.Fingerprint = result.Basis, result.Parts
	c.complete(ctx, &n.Issue, &it.verdict)
	if n.Issue.LastSeen.IsZero() {
		n.Issue.LastSeen = n.Time
		if it.verdict.First {
			n.Issue.FirstSeen = n.Time
		}
	}
	if it.milestone > 0 {
		n.Name, n.Milestone = issue.EventMilestone, it.milestone
	}
	res.Attributes().CopyTo(rl.Resource().Attributes()) // the item may be needed again
	sl := rl.ScopeLogs().AppendEmpty()
	sl.Scope().SetName(scopeName)
	eventlog.Write(n, rl.Resource(), sl.LogRecords().AppendEmpty())
	return true
}

// complete fills a summary with what the registry knows, and with the counts as they were when the
// occurrence was judged.
func (c *core) complete(ctx context.Context, s *issue.Summary, v *issue.Verdict) {
	if c.registry != nil {
		if known, ok := c.registry.Summary(ctx, v.Issue); ok {
			if len(known.Fingerprint) == 0 {
				known.Basis, known.Fingerprint = s.Basis, s.Fingerprint
			}
			if known.Owner == "" {
				known.Owner = s.Owner
			}
			*s = known
		}
	}
	if v.State != "" {
		s.State = v.State
	}
	if v.Count > 0 {
		s.Count, s.Users = v.Count, v.Users
	}
	if !v.FirstSeen.IsZero() {
		s.FirstSeen, s.LastSeen = v.FirstSeen, v.LastSeen
	}
	if s.State == "" {
		s.State = issue.Ongoing
	}
	if s.Level == "" {
		s.Level = "error"
	}
	if s.Title == "" {
		s.Title = s.ID
	}
}

// failure reads the copied record again.
func (it *item) failure() (*record.Failure, stamp, pcommon.Resource) {
	f := new(record.Failure)
	if !it.isSpan {
		rl := it.logs.ResourceLogs().At(0)
		sl := rl.ScopeLogs().At(0)
		lr := sl.LogRecords().At(0)
		res := record.NewResource(rl.Resource())
		if !anyRecord.Log(&res, sl.Scope(), lr, f) {
			return nil, stamp{}, rl.Resource()
		}
		s, _ := readStamp(lr.Attributes())
		return f, s, rl.Resource()
	}
	rs := it.traces.ResourceSpans().At(0)
	ss := rs.ScopeSpans().At(0)
	span := ss.Spans().At(0)
	res := record.NewResource(rs.Resource())
	if span.Events().Len() > 0 {
		event := span.Events().At(0)
		if !anyRecord.Event(&res, ss.Scope(), span, event, f) {
			return nil, stamp{}, rs.Resource()
		}
		s, _ := readStamp(event.Attributes())
		return f, s, rs.Resource()
	}
	span.Status().SetCode(ptrace.StatusCodeError) // whatever rule made it an error
	if !anyRecord.Span(&res, ss.Scope(), span, f) {
		return nil, stamp{}, rs.Resource()
	}
	s, _ := readStamp(span.Attributes())
	return f, s, rs.Resource()
}
