package issuesconnector

import (
	"context"
	"time"

	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.uber.org/zap"
)

// zeroAfter is how long a new series waits for others before their zero points are sent.
const zeroAfter = 100 * time.Millisecond

// flushMetrics sends the zero points of new series at once, and all metrics each interval. A count
// follows its zero point an interval later, so that a scraper sees both.
func (c *core) flushMetrics(r *run) {
	tick := time.NewTicker(c.cfg.MetricsInterval)
	defer tick.Stop()
	var settling <-chan time.Time // nil without settle: nothing waits
	if c.cfg.Settle > 0 {
		ticker := time.NewTicker(min(max(c.cfg.Settle/4, 10*time.Millisecond), time.Second))
		defer ticker.Stop()
		settling = ticker.C
	}
	var zero <-chan time.Time
	var g gauges
	settle := c.cfg.MetricsInterval * 9 / 10 // ticks come a little early or late
	for {
		select {
		case now := <-settling:
			c.settleCounts(r.ctx, now, false)
		case <-c.series.wake:
			if zero == nil {
				zero = time.After(min(zeroAfter, c.cfg.MetricsInterval/2))
			}
		case now := <-zero:
			zero = nil
			md := pmetric.NewMetrics()
			c.series.collect(md, now, false, settle)
			c.sendMetrics(r, md)
		case now := <-tick.C:
			md := pmetric.NewMetrics()
			c.series.collect(md, now, true, settle)
			if c.registry != nil {
				g.collect(r.ctx, c, md, now)
			}
			c.sendMetrics(r, md)
		case <-r.stop:
			c.settleCounts(r.ctx, time.Now(), true)
			// The last counts; a series that is still without its zero point gets both.
			md := pmetric.NewMetrics()
			c.series.collect(md, time.Now(), false, 0)
			c.sendMetrics(r, md)
			md = pmetric.NewMetrics()
			c.series.collect(md, time.Now().Add(time.Millisecond), true, 0)
			c.sendMetrics(r, md)
			return
		}
	}
}

// settleCounts counts the occurrences that have waited long enough; with all, every one.
func (c *core) settleCounts(ctx context.Context, now time.Time, all bool) {
	for _, w := range c.unsettled.take(now, all) {
		c.add(ctx, w.tallied)
	}
}

// sendMetrics offers metrics once: cumulative values are sent again with the next interval anyway.
func (c *core) sendMetrics(r *run, md pmetric.Metrics) {
	if md.DataPointCount() == 0 {
		return
	}
	if err := c.metrics.ConsumeMetrics(r.ctx, md); err != nil && r.ctx.Err() == nil {
		c.logger.Debug("The side pipeline refused metrics; they are sent again with the next interval.", zap.Error(err))
	}
}
