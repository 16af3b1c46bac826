package issue

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"go.uber.org/zap"
)

// Swaps that lose against other processes are decided again, so often at most.
const swapTries = 5

// group is what a batch has for one cell: a trace, or an occurrence without one.
type group struct {
	cell  string
	trace [16]byte
	at    []int // indexes into the batch
	old   []byte
	rec   traceRec
	now   []decision // for each of at; used when resent is false
	again []int      // index+1 into rec.Told of an occurrence that was judged before, else 0
}

// judgeShared decides with all other processes: what is known of each trace is a cell in the store, compared and
// set in one round trip for the whole batch.
func (c *Core) judgeShared(ctx context.Context, batch []Occurrence, out []Verdict, now time.Time, tally *tally) []Verdict {
	occ := make([]Occurrence, len(batch))
	verdicts := make([]Verdict, len(batch))
	var groups []*group
	index := map[string]*group{}
	for i := range batch {
		o := batch[i]
		o.Time = sane(o.Time, now)
		o.Issue = c.alias(o.Issue)
		occ[i] = o
		if v, ok := c.key(o.Key); ok {
			tally.resent++
			verdicts[i] = v
			continue
		}
		cell := "k" + string(o.Key[:])
		if o.TraceID != ([16]byte{}) {
			cell = "t" + string(o.TraceID[:])
		}
		g := index[cell]
		if g == nil {
			g = &group{cell: cell, trace: o.TraceID, old: c.cell(o.TraceID)}
			index[cell] = g
			groups = append(groups, g)
		}
		g.at = append(g.at, i)
	}
	agreed := c.agree(ctx, groups, occ, now)
	for _, g := range groups {
		if agreed[g] && g.trace != ([16]byte{}) {
			sh, hash := c.traces.shard(g.trace)
			sh.Lock()
			if t := sh.get(g.trace, hash); t != nil {
				*t = &g.rec
			} else {
				sh.put(c.traces, g.trace, hash, &g.rec, now)
			}
			sh.Unlock()
		}
		for j, i := range g.at {
			o := &occ[i]
			switch {
			case !agreed[g]:
				verdicts[i] = c.judge(o, now, tally)
				continue
			case g.again[j] > 0:
				tally.resent++
				t := g.rec.Told[g.again[j]-1]
				v := c.look(t.Issue)
				v.State, v.Repeat, v.First = t.State, t.Repeat, t.First
				verdicts[i] = v
			default:
				verdicts[i] = c.carryOut(g.now[j], o, now, tally)
			}
			c.setKey(o.Key, &verdicts[i], now)
		}
	}
	return append(out, verdicts...)
}

// cell returns what this process last knew of a trace, as it is in the store.
func (c *Core) cell(trace [16]byte) []byte {
	if trace == ([16]byte{}) {
		return nil
	}
	sh, hash := c.traces.shard(trace)
	sh.Lock()
	defer sh.Unlock()
	t := sh.get(trace, hash)
	if t == nil {
		return nil
	}
	b, err := json.Marshal(*t)
	if err != nil {
		return nil
	}
	return b
}

// agree decides the groups and makes the store take the decisions. A group that is not in the result could not be
// agreed on; it is decided by this process alone.
func (c *Core) agree(ctx context.Context, groups []*group, occ []Occurrence, now time.Time) map[*group]bool {
	agreed := map[*group]bool{}
	todo := groups
	for range swapTries {
		if len(todo) == 0 {
			return agreed
		}
		ledger, err := c.openLedger(context.WithoutCancel(ctx))
		if err != nil {
			c.wentAway(err, now)
			return agreed
		}
		swaps := make([]Swap, len(todo))
		for i, g := range todo {
			swaps[i] = Swap{Cell: g.cell, Old: g.old, New: c.decide(g, occ, ledger), Lines: g.lines()}
		}
		// Also when the caller gives up (a client that left, a partition that was revoked): what it sent comes again, perhaps
		// to another process, and that has to know of this decision. The store's own timeout ends it.
		results, err := c.shared.Swap(context.WithoutCancel(ctx), ledger, swaps, 2*c.opt.Window)
		if err != nil {
			// It may have been done, or still be on its way; this process counts them by itself now.
			c.leaveLedger(ledger, lineIDs(todo))
			c.wentAway(err, now)
			return agreed
		}
		var lost []*group
		for i, g := range todo {
			if results[i].OK {
				agreed[g] = true
				continue
			}
			if results[i].Closed {
				c.leaveLedger(ledger, nil) // the store has lost it, or this process was taken for dead
			} else {
				g.old = results[i].Now
			}
			lost = append(lost, g)
		}
		todo = lost
	}
	return agreed
}

// decide judges a group over the cell's old value and returns the new one.
func (c *Core) decide(g *group, occ []Occurrence, ledger string) []byte {
	g.rec = traceRec{}
	if len(g.old) > 0 && json.Unmarshal(g.old, &g.rec) != nil {
		g.rec = traceRec{} // of another version
	}
	g.now, g.again = make([]decision, len(g.at)), make([]int, len(g.at))
	for j, i := range g.at {
		o := &occ[i]
		for n, t := range g.rec.Told {
			if t.Key == o.Key {
				g.again[j] = n + 1
			}
		}
		if g.again[j] > 0 {
			continue
		}
		var d decision
		if g.trace != ([16]byte{}) {
			d = g.rec.add(o)
		}
		t := told{Key: o.Key, Issue: o.Issue, Repeat: d.repeat}
		if d.repeat {
			t.Issue = d.issue
		}
		t.State, t.First = c.foresee(t.Issue, o, d.repeat)
		for k := range d.uncnt {
			u := d.uncnt[k].occurrence()
			d.lines = append(d.lines, c.line(ledger, &u, true, false))
		}
		if !d.repeat {
			d.lines = append(d.lines, c.line(ledger, o, false, t.First))
		}
		g.now[j] = d
		if len(g.rec.Told) < maxTold {
			g.rec.Told = append(g.rec.Told, t)
		}
	}
	b, err := json.Marshal(&g.rec)
	if err != nil {
		return g.old
	}
	return b
}

// foresee says which state a verdict will have, and whether it will be the first of its issue.
func (c *Core) foresee(id string, o *Occurrence, repeat bool) (State, bool) {
	sh := c.shard(id)
	sh.Lock()
	defer sh.Unlock()
	e := sh.issues[id]
	if e == nil {
		return New, !repeat
	}
	state := e.state
	if h := e.hot; h != nil && h.rec != nil && !repeat && state == Resolved {
		if _, yes := h.rec.Resolution.reopens(o.Time, o.Release); yes {
			state = Regressed
		}
	}
	return state, e.hot != nil && e.hot.born && !repeat
}

// freshen reads what other processes changed, unless that was done just now. For those who look, not for Judge.
func (c *Core) freshen(ctx context.Context) {
	now := c.opt.Now()
	if c.shared == nil || c.isAway(now) || now.UnixNano()-c.synced.Load() < int64(100*time.Millisecond) {
		return
	}
	if err := c.sync(ctx); err != nil {
		c.opt.Logger.Debug("The changes of other collectors could not be read.", zap.Error(err))
	}
}

// sync takes in the records that other processes changed.
func (c *Core) sync(ctx context.Context) error {
	c.syncMu.Lock()
	defer c.syncMu.Unlock()
	now := c.opt.Now()
	if c.isAway(now) {
		return ErrUnavailable
	}
	if !c.loaded.Load() {
		if err := c.load(ctx); err != nil {
			return err
		}
	}
	ids, position, err := c.shared.Changed(ctx, c.since.Load())
	if err != nil {
		if errors.Is(err, ErrUnavailable) {
			c.wentAway(err, now)
		}
		return err
	}
	for len(ids) > 0 {
		n := min(len(ids), flushChunk)
		if err := c.takeIn(ctx, ids[:n], now); err != nil {
			return err
		}
		ids = ids[n:]
	}
	c.since.Store(position)
	c.synced.Store(now.UnixNano())
	c.isBack()
	return nil
}

// takeIn reads records and shows them.
func (c *Core) takeIn(ctx context.Context, ids []string, now time.Time) error {
	c.flushMu.Lock()
	defer c.flushMu.Unlock()
	opened, err := c.store.Open(ctx, ids, false)
	if err != nil {
		return err
	}
	for i, o := range opened {
		if o.Record == nil {
			c.forget(ids[i])
			continue
		}
		r := o.Record
		sh := c.shard(r.ID)
		sh.Lock()
		e := sh.issues[r.ID]
		if e != nil && e.hot != nil && e.hot.rec != nil && e.hot.rec.Version >= r.Version {
			sh.Unlock()
			continue // our own write
		}
		var waiting *delta
		before := State("")
		if e != nil {
			before = e.state
			if h := e.hot; h != nil {
				waiting = h.pending
				h.rec = r
				if h.flying != nil {
					if waiting == nil {
						waiting = h.flying
					} else {
						both := delta{}
						both.n = h.flying.n + waiting.n
						both.first, both.last = waiting.first, waiting.last
						waiting = &both
					}
				}
			}
		}
		e = c.show(sh, r, waiting)
		var u Update
		tell := false
		if r.Merged == "" {
			u, tell = c.told(e, &r.Issue, now, before != r.State)
		}
		sh.Unlock()
		if r.Merged != "" {
			c.unhot(r.ID)
			c.watch.tell(Update{Issue: Summary{ID: r.ID}, Removed: true})
		} else if tell {
			c.watch.tell(u)
		}
	}
	return nil
}
