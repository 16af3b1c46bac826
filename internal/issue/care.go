package issue

import (
	"cmp"
	"context"
	"slices"
	"time"

	"go.uber.org/zap"
)

// careLoop applies the rules that depend on time, and the bounds.
func (c *Core) careLoop(ctx context.Context) {
	defer c.workers.Done()
	tick := time.NewTicker(c.opt.Rules.AliveInterval)
	defer tick.Stop()
	poll := make(<-chan time.Time)
	if c.shared != nil {
		t := time.NewTicker(time.Second)
		defer t.Stop()
		poll = t.C
	}
	for {
		select {
		case <-ctx.Done():
			return
		case <-poll:
			if err := c.sync(ctx); err != nil {
				c.opt.Logger.Debug("The changes of other collectors could not be read.", zap.Error(err))
			}
			if err := c.keepLedger(ctx); err != nil && ctx.Err() == nil {
				c.opt.Logger.Debug("The ledgers could not be read.", zap.Error(err))
			}
		case <-tick.C:
			c.Care(ctx)
		}
	}
}

// Care applies the rules and bounds once: states that change with time, retention, the number of issues,
// the size of the store, memory. It is called every AliveInterval.
func (c *Core) Care(ctx context.Context) {
	now := c.opt.Now()
	f := c.survey(now)
	c.age(ctx, f.due, now)
	c.evict(ctx, f, now)
	c.cool(now)
	c.forgetConsumers(ctx, now)
	c.saveStats(ctx)
}

// surveyed is what a walk over all issues tells. There may be a million of them, so there is one walk, and it remembers only
// what there is something to do for.
type surveyed struct {
	due   []string // their states may change
	old   []string // not heard of for the retention time
	total int
}

func (c *Core) survey(now time.Time) (f surveyed) {
	for i := range c.shards {
		sh := &c.shards[i]
		sh.Lock()
		for id, e := range sh.issues {
			if e.merged != "" {
				continue // goes with its issue
			}
			busy := e.hot != nil && e.hot.rec != nil && len(e.hot.rec.Slots) > 0 && now.Sub(e.touched) < time.Hour
			if busy || (!e.due.IsZero() && !now.Before(e.due)) {
				f.due = append(f.due, id)
			}
			waits := e.waits()
			if waits || !e.ghost {
				f.total++
			}
			if !waits && !e.ghost && now.Sub(e.touched) > c.opt.Retention {
				f.old = append(f.old, id)
			}
		}
		sh.Unlock()
	}
	return f
}

// waits tells that something is to be written.
func (e *entry) waits() bool { return e.hot != nil && (e.hot.pending != nil || e.hot.flying != nil) }

// age changes the states of issues whose time has come.
func (c *Core) age(ctx context.Context, due []string, now time.Time) {
	for chunk := range slices.Chunk(due, flushChunk) {
		// A change that turns out to be none is not worth a write.
		c.flushMu.Lock() // a record that is being written belongs to the store
		chunk = slices.DeleteFunc(slices.Clone(chunk), func(id string) bool { return !c.wouldTick(id, now) })
		c.flushMu.Unlock()
		if len(chunk) == 0 {
			continue
		}
		if _, err := c.change(ctx, chunk, func(r *Record) []Notice { return r.tick(now, &c.opt.Rules) }); err != nil {
			c.opt.Logger.Debug("States could not be changed, they are tried again.", zap.Error(err))
			return
		}
	}
}

// wouldTick tells whether the rules change a record, as far as it is known here. Under flushMu.
func (c *Core) wouldTick(id string, now time.Time) bool {
	sh := c.shard(id)
	sh.Lock()
	defer sh.Unlock()
	e := sh.issues[id]
	if e == nil {
		return false
	}
	if e.hot == nil || e.hot.rec == nil {
		return !e.due.IsZero() && !now.Before(e.due)
	}
	r := *e.hot.rec
	r.Issue = e.hot.rec.Issue
	r.History = slices.Clone(r.History)
	at, limit := r.StateAt, r.Limit
	return len(r.tick(now, &c.opt.Rules)) > 0 || !r.StateAt.Equal(at) || r.Limit != limit
}

// evict removes issues that were not heard of for the retention time, and the oldest while there are too
// many or they take too much space. Issues with a ticket or a manual state go last.
func (c *Core) evict(ctx context.Context, f surveyed, now time.Time) {
	c.remove(ctx, f.old, "retention")
	left := f.total - len(f.old)
	over := left - c.opt.MaxIssues
	reason := "max_issues"
	// The store's file is larger than what it has in use; the margin keeps it below the bound.
	if size, err := c.store.Size(ctx); err == nil && c.opt.MaxBytes > 0 && size > c.opt.MaxBytes/10*7 {
		// What one issue takes is not known: a share of them that would do if all were alike.
		target := c.opt.MaxBytes / 10 * 6
		if share := int(float64(left)*float64(size-target)/float64(size)) + 1; share > over {
			over, reason = share, "max_bytes"
		}
	}
	if over > 0 {
		rest, _, busy := c.candidates()
		c.remove(ctx, foremost(rest, over, busy), reason)
	}
	if err := c.store.Compact(ctx); err != nil && !c.isAway(now) {
		c.opt.Logger.Warn("The store could not be compacted.", zap.Error(err))
	}
}

// slack is how many issues there may be above the bound until the next trim: looking for the oldest costs the same for one
// and for many.
func (c *Core) slack() int { return max(c.opt.MaxIssues/20, 100) }

// brim is how many issues there may be at most: what comes above it before the next trim is for the overflow issues.
func (c *Core) brim() int { return c.opt.MaxIssues + max(c.opt.MaxIssues/4, 1000) }

// trim removes what is above the bound and the slack as soon as it was written, not at the next round: whoever makes endless
// new issues does not fill the memory meanwhile.
func (c *Core) trim(ctx context.Context) {
	if c.Size() <= c.opt.MaxIssues+c.slack() {
		return
	}
	rest, total, busy := c.candidates()
	c.remove(ctx, foremost(rest, total-c.opt.MaxIssues, busy), "max_issues")
}

// candidates returns the issues that may be removed, how many there are with those that may not, and how many of these may go
// as soon as they are written.
func (c *Core) candidates() (rest []candidate, total, busy int) {
	rest = make([]candidate, 0, c.Size())
	for i := range c.shards {
		sh := &c.shards[i]
		sh.Lock()
		for id, e := range sh.issues {
			switch {
			case e.waits():
				total++
				if !e.kept {
					busy++
				}
			case e.merged != "" || e.ghost: // goes with its issue
			default:
				total++
				rest = append(rest, candidate{id, e.touched, e.kept})
			}
		}
		sh.Unlock()
	}
	return rest, total, busy
}

// foremost returns the n that go first. One that is kept goes only when all others are not enough, also those that are busy now:
// they go the next time.
func foremost(list []candidate, n, busy int) []string {
	loose := 0
	for _, r := range list {
		if !r.kept {
			loose++
		}
	}
	n = min(n, max(loose, n-busy))
	if n <= 0 {
		return nil
	}
	slices.SortFunc(list, func(a, b candidate) int {
		if a.kept != b.kept {
			if a.kept {
				return 1
			}
			return -1
		}
		return cmp.Or(a.touched.Compare(b.touched), cmp.Compare(a.id, b.id))
	})
	ids := make([]string, 0, n)
	for _, r := range list[:min(n, len(list))] {
		ids = append(ids, r.id)
	}
	slices.Sort(ids) // neighbours in the store are removed together
	return ids
}

type candidate struct {
	id      string
	touched time.Time
	kept    bool
}

func (c *Core) remove(ctx context.Context, ids []string, reason string) {
	for chunk := range slices.Chunk(ids, flushChunk) {
		if err := c.drop(ctx, chunk); err != nil {
			c.opt.Logger.Warn("Old issues could not be removed, it is tried again.", zap.Error(err))
			return
		}
		c.opt.Observe.Evicted(len(chunk), reason)
	}
}

// drop removes issues that nothing waits for, with their aliases, from the store and from memory.
func (c *Core) drop(ctx context.Context, ids []string) error {
	c.flushMu.Lock()
	defer c.flushMu.Unlock()
	gone := make(map[string]bool, len(ids))
	all := make([]string, 0, len(ids))
	for _, id := range ids {
		sh := c.shard(id)
		sh.Lock()
		e := sh.issues[id]
		// One that is judged by its outline now has something waiting at once.
		if e != nil && (e.hot == nil || (e.hot.pending == nil && e.hot.flying == nil && !e.hot.cold)) {
			gone[id], e.leaving = true, true
			all = append(all, id)
		}
		sh.Unlock()
	}
	for i := range c.shards {
		if !c.aliased.Load() {
			break
		}
		sh := &c.shards[i]
		sh.Lock()
		for id, e := range sh.issues {
			if e.merged != "" && gone[e.merged] {
				all = append(all, id)
			}
		}
		sh.Unlock()
	}
	if err := c.store.Delete(ctx, all); err != nil {
		for _, id := range all {
			sh := c.shard(id)
			sh.Lock()
			if e := sh.issues[id]; e != nil {
				e.leaving = false
			}
			sh.Unlock()
		}
		return err
	}
	for _, id := range all {
		c.forget(id)
	}
	return nil
}

// forget removes an entry from memory, unless something came for it meanwhile.
func (c *Core) forget(id string) {
	sh := c.shard(id)
	sh.Lock()
	e := sh.issues[id]
	if e == nil {
		sh.Unlock()
		return
	}
	if e.waits() {
		// It lives on as a new record with what is waiting.
		e.leaving = false
		rec := e.hot.rec
		e.hot.rec = nil
		if rec != nil && e.hot.meta == nil {
			e.hot.meta = &Occurrence{
				Issue: id, Title: rec.Title, Culprit: rec.Culprit, Owner: rec.Owner, Level: rec.Level, Service: rec.Service, Basis: rec.Basis,
				Fingerprint: rec.Fingerprint,
			}
			e.hot.wait().meta = e.hot.meta
		}
		sh.Unlock()
		return
	}
	delete(sh.issues, id)
	if e.hot != nil {
		c.hot.Add(-1)
	}
	if e.merged == "" && !e.ghost {
		c.issues.Add(-1)
	}
	sh.Unlock()
	if c.watch.any() {
		c.watch.tell(Update{Issue: Summary{ID: id}, Removed: true})
	}
}

// cool frees the memory of issues that were not judged for a while, when there are too many.
func (c *Core) cool(now time.Time) {
	over := int(c.hot.Load()) - c.opt.HotIssues
	if over <= 0 {
		return
	}
	var list []candidate
	for i := range c.shards {
		sh := &c.shards[i]
		sh.Lock()
		for id, e := range sh.issues {
			if e.hot != nil && !e.waits() {
				list = append(list, candidate{id: id, touched: e.hot.used})
			}
		}
		sh.Unlock()
	}
	slices.SortFunc(list, func(a, b candidate) int { return a.touched.Compare(b.touched) })
	c.flushMu.Lock()
	defer c.flushMu.Unlock()
	for _, it := range list[:min(over+c.opt.HotIssues/10, len(list))] {
		sh := c.shard(it.id)
		sh.Lock()
		if e := sh.issues[it.id]; e != nil && e.hot != nil && !e.waits() {
			e.hot = nil
			c.hot.Add(-1)
		}
		sh.Unlock()
	}
}

// forgetConsumers drops the outboxes of consumers that are gone.
func (c *Core) forgetConsumers(ctx context.Context, now time.Time) {
	all, err := c.store.Consumers(ctx)
	if err != nil {
		return
	}
	for name, at := range all {
		if now.Sub(at) > c.opt.Retention {
			if err := c.store.Unsubscribe(ctx, name); err != nil {
				return
			}
			c.opt.Logger.Info("An outbox that nobody reads was removed.", zap.String("consumer", name))
		}
	}
}
