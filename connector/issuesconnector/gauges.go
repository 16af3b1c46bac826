package issuesconnector

import (
	"context"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.uber.org/zap"

	"github.com/otel-culprit/culprit/internal/issue"
)

// lister is a registry that tells all issues; extension issue_registry is one.
type lister interface {
	List(ctx context.Context, q issue.Query) (issue.Page, error)
}

// gauges tell how many issues are open, and what is behind an issue's ID.
type gauges struct {
	open map[openKey]int64
	info map[infoKey]bool
}

type openKey struct {
	service string
	state   issue.State
}

type infoKey struct {
	id, title, service string
	state              issue.State
}

// collect writes both gauges if this replica is the one to do so. A combination that is gone is told
// as zero once, so that a scraper that keeps the last value does not show two states of one issue.
func (g *gauges) collect(ctx context.Context, c *core, md pmetric.Metrics, now time.Time) {
	l, ok := c.registry.(lister)
	if !ok {
		return
	}
	mine, err := c.registry.Lease(ctx, "metrics/"+c.id.String(), 2*c.cfg.MetricsInterval+time.Second)
	if err != nil || !mine {
		g.open, g.info = nil, nil
		return
	}
	open, info, err := g.read(ctx, l, c.cfg.MaxSeries)
	if err != nil {
		c.logger.Debug("The registry does not tell its issues.", zap.Error(err))
		return
	}
	at := pcommon.NewTimestampFromTime(now)
	for k := range g.open {
		if _, ok := open[k]; !ok {
			open[k] = 0
		}
	}
	points := gauge(c.series.metrics(md), metricOpen, "Issues that are not resolved.", "{issue}")
	for k, n := range open {
		p := points.AppendEmpty()
		p.SetTimestamp(at)
		p.SetIntValue(n)
		p.Attributes().PutStr(attrServiceName, k.service)
		p.Attributes().PutStr(attrIssueState, string(k.state))
	}
	points = gauge(c.series.metrics(md), metricInfo, "Title and state of an issue; always 1, 0 for a state that has just ended.", "1")
	put := func(k infoKey, value int64) {
		p := points.AppendEmpty()
		p.SetTimestamp(at)
		p.SetIntValue(value)
		p.Attributes().PutStr(attrIssueID, k.id)
		p.Attributes().PutStr(attrIssueTitle, k.title)
		p.Attributes().PutStr(attrServiceName, k.service)
		p.Attributes().PutStr(attrIssueState, string(k.state))
	}
	for k := range g.info {
		if !info[k] {
			put(k, 0)
		}
	}
	for k := range info {
		put(k, 1)
	}
	g.open, g.info = open, info
}

func (g *gauges) read(ctx context.Context, l lister, limit int) (map[openKey]int64, map[infoKey]bool, error) {
	open, info := map[openKey]int64{}, map[infoKey]bool{}
	q := issue.Query{Limit: issue.MaxLimit}
	for {
		page, err := l.List(ctx, q)
		if err != nil {
			return nil, nil, err
		}
		for i := range page.Issues {
			is := &page.Issues[i]
			if is.State != issue.Resolved {
				k := openKey{is.Service, is.State}
				if _, known := open[k]; !known && len(open) >= limit {
					k.service = other
				}
				open[k]++
			}
			if len(info) < limit {
				info[infoKey{is.ID, is.Title, is.Service, is.State}] = true
			}
		}
		if page.Next == "" || len(page.Issues) == 0 {
			return open, info, nil
		}
		q.After = page.Next
	}
}

func gauge(to pmetric.MetricSlice, name, description, unit string) pmetric.NumberDataPointSlice {
	m := to.AppendEmpty()
	m.SetName(name)
	m.SetDescription(description)
	m.SetUnit(unit)
	return m.SetEmptyGauge().DataPoints()
}
