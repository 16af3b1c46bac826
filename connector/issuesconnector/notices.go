package issuesconnector

import (
	"context"
	"slices"
	"time"

	"go.opentelemetry.io/collector/pdata/plog"
	"go.uber.org/zap"

	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/issue/eventlog"
)

// How the registry's outbox is emptied.
const (
	claimEvery = 500 * time.Millisecond
	claimBatch = 100
	claimLease = 30 * time.Second
)

// tellNotices delivers what the registry's outbox holds: new issues, changes of state, milestones.
// Another replica takes over what this one claimed and could not deliver.
func (c *core) tellNotices(r *run) {
	tick := time.NewTicker(claimEvery)
	defer tick.Stop()
	for {
		stopped := false
		select {
		case <-tick.C:
		case <-r.stop:
			stopped = true
		}
		if !c.ready.Load() {
			c.subscribe(r.ctx)
		}
		for c.ready.Load() && c.claim(r) {
		}
		if stopped {
			return
		}
	}
}

// claim delivers one batch of notices and tells whether there may be more.
func (c *core) claim(r *run) (more bool) {
	ctx, cancel := context.WithTimeout(r.ctx, claimLease)
	defer cancel()
	notices, err := c.registry.Claim(ctx, c.id.String(), claimBatch, claimLease)
	if err != nil {
		if r.ctx.Err() == nil {
			c.logger.Debug("The registry gives no notices.", zap.Error(err))
		}
		return false
	}
	if len(notices) == 0 {
		return false
	}
	ld := plog.NewLogs()
	seqs := make([]uint64, 0, len(notices))
	for i := range notices {
		seqs = append(seqs, notices[i].Seq)
		if c.wanted(&notices[i]) {
			writeNotice(notices[i], ld)
		}
	}
	if ld.LogRecordCount() > 0 {
		// When the lease is over they are claimed again, by this process or another.
		lease := &run{stop: r.stop, ctx: ctx}
		if !c.offerLogs(lease, ld) {
			return false
		}
	}
	if err := c.registry.Done(r.ctx, c.id.String(), seqs); err != nil && r.ctx.Err() == nil {
		c.logger.Warn("Notices were delivered but stay in the registry, so they may be delivered again.", zap.Error(err))
	}
	return len(notices) == claimBatch
}

// wanted tells whether a notice is told of: milestones as configured, everything else always.
func (c *core) wanted(n *issue.Notice) bool {
	switch n.Name {
	case issue.EventMilestone:
		_, ok := slices.BinarySearch(c.cfg.Milestones, n.Milestone)
		return ok
	case issue.EventOccurrence:
		if n.Event != nil {
			n.Time = n.Event.Time // of the error, not of its being written
		}
	}
	return true
}

func writeNotice(n issue.Notice, ld plog.Logs) {
	rl := ld.ResourceLogs().AppendEmpty()
	sl := rl.ScopeLogs().AppendEmpty()
	sl.Scope().SetName(scopeName)
	eventlog.Write(n, rl.Resource(), sl.LogRecords().AppendEmpty())
}
