package issuesconnector

import (
	"strings"
	"sync"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
)

// The metrics.
const (
	metricOccurrences = "issue.occurrences"
	metricOpen        = "issue.open"
	metricInfo        = "issue.info"

	attrIssueID     = "issue.id"
	attrIssueTitle  = "issue.title"
	attrIssueState  = "issue.state"
	attrServiceName = "service.name"
	other           = "other" // the value of issue.id and service.name of the series that takes the rest
)

// idleSeries is how long an issue must not have been seen before its series gives way to a new one.
const idleSeries = time.Hour

// series counts occurrences by issue and service, in this process.
type series struct {
	limit    int
	resource pcommon.Resource

	mu    sync.Mutex
	byID  map[seriesKey]*counter // guarded by mu
	swept time.Time              // guarded by mu
	wake  chan struct{}          // a new series wants its zero point
}

type seriesKey struct{ issue, service string }

// counter is one series. Its first point is zero, so that increase() over a new issue is its count.
type counter struct {
	start pcommon.Timestamp // of the series, a moment before its zero point
	n     int64
	zero  time.Time // when the zero point was first sent
	used  time.Time
	// The exemplar is the latest occurrence with a trace since the last point.
	trace pcommon.TraceID
	span  pcommon.SpanID
	at    pcommon.Timestamp
}

func newSeries(limit int, telemetry pcommon.Resource) *series {
	s := &series{limit: limit, resource: pcommon.NewResource(), byID: map[seriesKey]*counter{}, wake: make(chan struct{}, 1)}
	// Counted by this process: replicas that count the same issue must not write one series. The
	// collector's own service.name is left out, as backends that copy resource attributes to points
	// would put it in place of the erring service's.
	if v, ok := telemetry.Attributes().Get("service.instance.id"); ok {
		s.resource.Attributes().PutStr("service.instance.id", v.AsString())
	}
	return s
}

// add counts an occurrence and tells whether there was no series left for its issue.
func (s *series) add(key seriesKey, trace pcommon.TraceID, span pcommon.SpanID, at pcommon.Timestamp, now time.Time) (overflow bool) {
	s.mu.Lock()
	c, ok := s.byID[key]
	if !ok {
		if len(s.byID) >= s.limit {
			s.sweep(now)
		}
		if len(s.byID) >= s.limit {
			overflow = true
			key = seriesKey{other, other}
			c, ok = s.byID[key]
		}
		if !ok {
			c = &counter{start: pcommon.NewTimestampFromTime(now)}
			s.byID[seriesKey{strings.Clone(key.issue), strings.Clone(key.service)}] = c
		}
	}
	c.n++
	c.used = now
	if !trace.IsEmpty() {
		c.trace, c.span, c.at = trace, span, at
	}
	fresh := c.zero.IsZero()
	s.mu.Unlock()
	if fresh {
		select {
		case s.wake <- struct{}{}:
		default:
		}
	}
	return overflow
}

// sweep makes room, at most once a minute.
func (s *series) sweep(now time.Time) {
	if now.Sub(s.swept) < time.Minute {
		return
	}
	s.swept = now
	for k, c := range s.byID {
		if now.Sub(c.used) >= idleSeries {
			delete(s.byID, k)
		}
	}
}

// collect writes the points that are due: the zero points of new series; with all, also those of the
// others. A series is zero for at least the time of settle, so that a scraper has the chance to see it.
func (s *series) collect(md pmetric.Metrics, now time.Time, all bool, settle time.Duration) {
	s.mu.Lock()
	defer s.mu.Unlock()
	at := pcommon.NewTimestampFromTime(now)
	var points pmetric.NumberDataPointSlice
	started := false
	for key, c := range s.byID {
		if !c.zero.IsZero() && !all {
			continue
		}
		if !started {
			started = true
			m := s.metrics(md).AppendEmpty()
			m.SetName(metricOccurrences)
			m.SetDescription("Occurrences of each issue, counted by this process.")
			m.SetUnit("{occurrence}")
			sum := m.SetEmptySum()
			sum.SetIsMonotonic(true)
			sum.SetAggregationTemporality(pmetric.AggregationTemporalityCumulative)
			points = sum.DataPoints()
		}
		p := points.AppendEmpty()
		p.SetStartTimestamp(c.start)
		p.SetTimestamp(max(at, c.start))
		p.Attributes().PutStr(attrIssueID, key.issue)
		p.Attributes().PutStr(attrServiceName, key.service)
		if c.zero.IsZero() {
			c.zero = now
		}
		if now.Sub(c.zero) < settle || now.Equal(c.zero) {
			p.SetIntValue(0)
			continue
		}
		p.SetIntValue(c.n)
		if !c.trace.IsEmpty() {
			e := p.Exemplars().AppendEmpty()
			e.SetTraceID(c.trace)
			e.SetSpanID(c.span)
			e.SetTimestamp(c.at)
			e.SetIntValue(1)
			c.trace = pcommon.TraceID{}
		}
	}
}

// metrics returns where this component's metrics go in md.
func (s *series) metrics(md pmetric.Metrics) pmetric.MetricSlice {
	if md.ResourceMetrics().Len() == 0 {
		rm := md.ResourceMetrics().AppendEmpty()
		s.resource.CopyTo(rm.Resource())
		rm.ScopeMetrics().AppendEmpty().Scope().SetName(scopeName)
	}
	return md.ResourceMetrics().At(0).ScopeMetrics().At(0).Metrics()
}
