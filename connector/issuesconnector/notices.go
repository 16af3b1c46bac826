package issuesconnector

import (
	"context"
	"encoding/hex"
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

// maxHeld bounds the notices that wait for settle in this process; the rest stay in the registry.
const maxHeld = 1000

// tellNotices delivers what the registry's outbox holds: new issues, changes of state, milestones.
// Another replica takes over what this one claimed and could not deliver.
func (c *core) tellNotices(r *run) {
	tick := time.NewTicker(claimEvery)
	defer tick.Stop()
	var held []issue.Notice
	for {
		stopped := false
		select {
		case <-tick.C:
		case <-r.stop:
			stopped = true // what is held is due now
		}
		if !c.ready.Load() {
			c.subscribe(r.ctx)
		}
		for c.ready.Load() && len(held) < maxHeld {
			claimed, err := c.registry.Claim(r.ctx, c.id.String(), claimBatch, c.cfg.Settle+claimLease)
			if err != nil {
				if r.ctx.Err() == nil {
					c.logger.Debug("The registry gives no notices.", zap.Error(err))
				}
				break
			}
			held = append(held, claimed...)
			if len(claimed) < claimBatch {
				break
			}
		}
		due, rest := held, []issue.Notice(nil)
		if !stopped {
			due, rest = c.settled(held, time.Now())
		}
		c.tell(r, due)
		held = rest
		if stopped {
			return
		}
	}
}

// settled parts notices into those that are due and those of new issues that still wait for a deeper
// span.
func (c *core) settled(all []issue.Notice, now time.Time) (due, rest []issue.Notice) {
	for i := range all {
		if all[i].Name == issue.EventOccurrence && all[i].Time.Add(c.cfg.Settle).After(now) {
			rest = append(rest, all[i])
			continue
		}
		due = append(due, all[i])
	}
	return due, rest
}

// tell delivers notices and removes them from the registry's outbox. When they are not taken within
// the lease, they are claimed again, by this process or another.
func (c *core) tell(r *run, notices []issue.Notice) {
	if len(notices) == 0 {
		return
	}
	ctx, cancel := context.WithTimeout(r.ctx, claimLease)
	defer cancel()
	ld := plog.NewLogs()
	seqs := make([]uint64, 0, len(notices))
	for i := range notices {
		seqs = append(seqs, notices[i].Seq)
		if c.wanted(ctx, &notices[i]) {
			c.write(ctx, notices[i], ld)
		}
	}
	if ld.LogRecordCount() > 0 && !c.offerLogs(&run{stop: r.stop, ctx: ctx}, ld, refusals) {
		return
	}
	for i := range notices {
		if key, ok := firstKey(&notices[i]); ok {
			c.firsts.remove(key)
		}
	}
	if err := c.registry.Done(r.ctx, c.id.String(), seqs); err != nil && r.ctx.Err() == nil {
		c.logger.Warn("Notices were delivered but stay in the registry, so they may be delivered again.", zap.Error(err))
	}
}

// wanted tells whether a notice is told of: milestones as configured, new issues unless their
// occurrence was taken over by a deeper span, everything else always.
func (c *core) wanted(ctx context.Context, n *issue.Notice) bool {
	switch n.Name {
	case issue.EventMilestone:
		_, ok := slices.BinarySearch(c.cfg.Milestones, n.Milestone)
		return ok
	case issue.EventOccurrence:
		if s, ok := c.registry.Summary(ctx, n.Issue.ID); ok && s.ID == n.Issue.ID && s.Count == 0 {
			return false
		}
		if n.Event != nil {
			n.Time = n.Event.Time // of the error, not of its being written
		}
	}
	return true
}

// write writes the event of a notice: of a new issue out of the record, if this process has seen it.
func (c *core) write(ctx context.Context, n issue.Notice, ld plog.Logs) {
	rl := ld.ResourceLogs().AppendEmpty()
	if key, ok := firstKey(&n); ok {
		if it, ok := c.firsts.get(key); ok && c.build(ctx, &it, rl) {
			return
		}
	}
	sl := rl.ScopeLogs().AppendEmpty()
	sl.Scope().SetName(scopeName)
	eventlog.Write(n, rl.Resource(), sl.LogRecords().AppendEmpty())
}

// firstKey returns the key of a new issue's first occurrence.
func firstKey(n *issue.Notice) (key issue.Key, ok bool) {
	if n.Name != issue.EventOccurrence || n.Event == nil || len(n.Event.ID) != 2*len(key) {
		return key, false
	}
	_, err := hex.Decode(key[:], []byte(n.Event.ID))
	return key, err == nil
}
