package issuesconnector

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/otel-culprit/culprit/internal/issue"
)

// overviewer is a registry that tells of all issues; extension issue_registry is one.
type overviewer interface {
	Overview(ctx context.Context, latest int) issue.Overview
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
	o, ok := c.registry.(overviewer)
	if !ok {
		return
	}
	mine, err := c.registry.Lease(ctx, "metrics/"+c.id.String(), 2*c.cfg.MetricsInterval+time.Second)
	if err != nil || !mine {
		g.open, g.info = nil, nil
		return
	}
	open, info := read(o.Overview(ctx, c.cfg.MaxSeries), c.cfg.MaxSeries)
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

// read bounds what is told: services beyond the limit share a series.
func read(o issue.Overview, limit int) (map[openKey]int64, map[infoKey]bool) {
	open, info := map[openKey]int64{}, make(map[infoKey]bool, len(o.Latest))
	byName := func(a, b issue.ServiceState) int {
		return cmp.Or(cmp.Compare(a.Service, b.Service), cmp.Compare(a.State, b.State))
	}
	for _, k := range slices.SortedFunc(maps.Keys(o.Counts), byName) { // the same ones have a series each time
		if k.State == issue.Resolved {
			continue
		}
		key := openKey{k.Service, k.State}
		if len(open) >= limit {
			key.service = other
		}
		open[key] += o.Counts[k]
	}
	for _, i := range o.Latest {
		info[infoKey{i.ID, i.Title, i.Service, i.State}] = true
	}
	return open, info
}

func gauge(to pmetric.MetricSlice, name, description, unit string) pmetric.NumberDataPointSlice {
	m := to.AppendEmpty()
	m.SetName(name)
	m.SetDescription(description)
	m.SetUnit(unit)
	return m.SetEmptyGauge().DataPoints()
}
