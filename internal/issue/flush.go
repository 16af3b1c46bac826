package issue

import (
	"context"
	"errors"
	"slices"
	"strings"
	"time"

	"go.uber.org/zap"
)

// flushChunk is how many issues are handed to the store at a time.
const flushChunk = 1000

// flushLoop writes new issues and changed states within FlushNew, everything within Flush.
func (c *Core) flushLoop(ctx context.Context) {
	defer c.workers.Done()
	all := time.NewTicker(c.opt.Flush)
	defer all.Stop()
	for {
		everything := false
		select {
		case <-ctx.Done():
			return
		case <-all.C:
			everything = true
			c.tellLate(c.opt.Now())
		case <-c.full:
			everything = true // what waits can't be removed
		case <-c.kick:
			// A group: what comes within this time is written together.
			select {
			case <-ctx.Done():
				return
			case <-time.After(c.opt.FlushNew / 2):
			}
			c.urgent.Store(false)
			everything = c.crowded.Swap(false)
		}
		if err := c.flush(ctx, everything); err != nil && ctx.Err() == nil {
			c.opt.Logger.Debug("Issues were not written, they are kept and written later.", zap.Error(err))
		}
		c.trim(ctx)
	}
}

// work is one entry on its way to the store.
type work struct {
	e     *entry
	d     *delta
	known *Record
	cold  bool
	rec   *Record // of the last call of Apply
	out   []Notice
}

// flush writes what is waiting: everything, or only what is urgent.
func (c *Core) flush(ctx context.Context, everything bool) error {
	now := c.opt.Now()
	if c.isAway(now) && ctx.Err() == nil {
		return ErrUnavailable
	}
	c.flushMu.Lock()
	defer c.flushMu.Unlock()
	return c.flushLocked(ctx, everything, now)
}

func (c *Core) flushLocked(ctx context.Context, everything bool, now time.Time) error {
	var traces [][16]byte
	var told []byte
	if everything {
		traces, told = c.takeRelated()
	}
	list := c.collect(everything)
	// Neighbours of one another in the store: each of its pages is then written by one chunk only.
	slices.SortFunc(list, func(a, b *work) int { return strings.Compare(a.e.id, b.e.id) })
	var errs []error
	if len(list) == 0 && everything {
		errs = append(errs, c.update(ctx, nil, nil, told, now)) // of repeats there may be something to note
	}
	left := len(list)
	for chunk := range slices.Chunk(list, flushChunk) {
		start := time.Now()
		var last []byte
		if left -= len(chunk); left == 0 && len(errs) == 0 {
			last = told
		}
		err := c.write(ctx, chunk, last, now)
		c.opt.Observe.Flushed(len(chunk), time.Since(start), err)
		if err == nil {
			c.isBack()
			continue
		}
		errs = append(errs, err)
		c.requeue(chunk)
		if errors.Is(err, ErrUnavailable) {
			c.wentAway(err, now)
		} else if !errors.Is(err, context.Canceled) {
			c.opt.Logger.Warn("The issues could not be written; they are kept in memory and written again.", zap.Error(err))
		}
	}
	err := errors.Join(errs...)
	if err != nil {
		c.giveRelated(traces)
	}
	return err
}

// collect takes what is waiting out of the entries.
func (c *Core) collect(everything bool) []*work {
	var list []*work
	for i := range c.shards {
		sh := &c.shards[i]
		sh.Lock()
		keep := sh.dirty[:0]
		for _, e := range sh.dirty {
			h := e.hot
			if h == nil {
				continue // merged or removed meanwhile
			}
			if !everything && !h.urgent {
				keep = append(keep, e)
				continue
			}
			h.queued, h.urgent = false, false
			if h.flying == nil {
				// A delta that failed keeps its number: it may have been counted.
				h.flying, h.pending = h.pending, nil
				if h.flying == nil {
					continue
				}
				c.seq++
				h.flying.seq = c.seq
			}
			list = append(list, &work{e: e, d: h.flying, known: h.rec, cold: h.cold})
		}
		clear(sh.dirty[len(keep):])
		sh.dirty = keep
		sh.Unlock()
	}
	return list
}

// waiting tells whether something is still to be written that can be: what was put off is another process's to write first.
func (c *Core) waiting() bool {
	for i := range c.shards {
		sh := &c.shards[i]
		sh.Lock()
		found := slices.ContainsFunc(sh.dirty, func(e *entry) bool { return e.hot != nil && e.hot.flying == nil && e.hot.pending != nil })
		sh.Unlock()
		if found {
			return true
		}
	}
	return false
}

func (c *Core) requeue(chunk []*work) {
	for _, w := range chunk {
		sh := c.shard(w.e.id)
		sh.Lock()
		if w.e.hot != nil && w.e.hot.flying != nil {
			c.queue(sh, w.e)
		}
		sh.Unlock()
	}
}

// write applies deltas in the store, and writes down what was told of traces.
func (c *Core) write(ctx context.Context, chunk []*work, told []byte, now time.Time) error {
	txs := make([]*Tx, len(chunk))
	clean := c.cleaner()
	for i, w := range chunk {
		clean(w.d)
		tx := &Tx{IDs: []string{w.e.id}}
		if w.known != nil {
			tx.Known = []*Record{w.known}
		}
		tx.Apply = func(recs []*Record) []Notice {
			r := recs[0]
			sh := c.shard(r.ID)
			sh.Lock() // the record may be the one that is being judged by
			defer sh.Unlock()
			w.rec = r
			w.out = c.applied(r, w.d, now)
			return w.out
		}
		c.cover(tx, w)
		txs[i] = tx
	}
	if err := c.update(ctx, txs, chunk, told, now); err != nil {
		return err
	}
	for _, w := range chunk {
		c.written(ctx, w, now)
	}
	return nil
}

// applied applies a delta to a record and completes the notices.
func (c *Core) applied(r *Record, d *delta, now time.Time) []Notice {
	if r.Merged != "" {
		return nil
	}
	out := r.apply(d, c.opt.Process, now, &c.opt.Rules, c.opt.Milestones)
	c.complete(r, out)
	return out
}

// complete gives notices the issue as it is after the change.
func (c *Core) complete(r *Record, out []Notice) {
	for i := range out {
		out[i].Issue = c.summary(&r.Issue)
	}
}

// written brings the entry up to date with what is stored now.
func (c *Core) written(ctx context.Context, w *work, now time.Time) {
	r := w.rec
	sh := c.shard(w.e.id)
	sh.Lock()
	h := w.e.hot
	if h == nil || h.flying != w.d {
		sh.Unlock()
		return // the entry was replaced, and its work was in the group twice
	}
	switch {
	case r.Merged != "":
		// Another process merged it: its counts belong elsewhere.
		d, pending := h.flying, h.pending
		h.flying, h.pending = nil, nil
		sh.unnote(d, pending)
		c.show(sh, r, nil)
		w.e.hot = nil
		c.hot.Add(-1)
		sh.Unlock()
		for _, d := range []*delta{d, pending} {
			if d != nil {
				c.redirect(ctx, r.Merged, d, now)
			}
		}
		return
	case r.Empty() && w.d.meta != nil && w.d.n == 0:
		// Its occurrences turned out to be another issue's before it was written: it was never there.
		h.flying, h.born, h.tries = nil, true, 0
		sh.done(w.d)
		if h.pending != nil {
			c.queue(sh, w.e)
		}
		sh.Unlock()
		return
	case r.Empty() || r.Applied[c.opt.Process] < w.d.seq:
		c.putOff(sh, w.e)
		ghost := w.e.ghost && w.e.hot == nil
		sh.Unlock()
		if ghost {
			c.forget(w.e.id)
		}
		return
	}
	h.tries = 0
	h.flying = nil
	h.learn(r)
	sh.done(w.d)
	w.d = nil
	before := w.e.state
	c.show(sh, r, h.pending)
	h.born = h.born || w.e.count == 0
	if h.users != nil {
		if c.shared != nil {
			h.users = r.userSet().clone() // others count too
			if h.pending != nil {
				h.users.merge(&h.pending.users)
			}
		}
		w.e.users = h.users.count(true)
	}
	if h.pending != nil {
		c.queue(sh, w.e)
	} else if over := c.hot.Load() - int64(c.opt.HotIssues); over > 0 && c.shared == nil && w.e.plain() && (w.cold || over > int64(c.opt.HotIssues/4)) {
		// What was in memory before is more likely to be needed again; see also cool.
		w.e.hot = nil
		c.hot.Add(-1)
	}
	u, tell := c.told(w.e, &r.Issue, now, len(w.out) > 0 || before != r.State)
	sh.Unlock()
	if tell {
		c.watch.tell(u)
	}
}

// maxTries is how often something is put off: the process that knows the issue writes it within a second, or is gone.
const maxTries = 30

// putOff keeps a delta that the store's record can't take yet; under the shard's lock.
func (c *Core) putOff(sh *coreShard, e *entry) {
	h := e.hot
	if h.tries++; h.tries > maxTries {
		if h.rec == nil && h.meta == nil {
			// Nobody ever wrote the issue.
			sh.unnote(h.flying, h.pending)
			h.flying, h.pending, e.hot = nil, nil, nil
			c.hot.Add(-1)
			return
		}
		h.flying.force = true
	}
	if h.meta != nil && h.rec != nil {
		h.rec = nil // it was removed, and lives on
		h.flying.meta = h.meta
	}
	if h.pending != nil {
		h.flying.merge(h.pending)
		h.pending.free() // its notes are the other's now
		h.pending = nil
	}
	c.queue(sh, e)
}

// redirect counts a delta for the issue that its own one was merged into.
func (c *Core) redirect(ctx context.Context, id string, d *delta, now time.Time) {
	id = c.alias(id)
	if !c.isHot(id, now) {
		opened, err := c.store.Open(ctx, []string{id}, false)
		if err != nil || opened[0].Record == nil {
			return
		}
		sh := c.shard(id)
		sh.Lock()
		c.enter(sh, &Occurrence{Issue: id}, opened[0], now)
		sh.Unlock()
	}
	sh := c.shard(id)
	sh.Lock()
	defer sh.Unlock()
	if e := sh.issues[id]; e != nil && e.hot != nil {
		e.hot.wait().merge(d)
		e.count = addSigned(e.count, d.n)
		c.queue(sh, e)
	}
}

// cleaner returns a function that redacts what a delta brings, each text once.
func (c *Core) cleaner() func(*delta) {
	if c.opt.Redact == nil {
		return (*delta).fold
	}
	memo := map[tagValue]string{}
	clean := func(t tagValue) tagValue {
		out, ok := memo[t]
		if !ok {
			out = c.opt.Redact(t.value, t.key)
			memo[t] = out
		}
		return tagValue{t.key, out}
	}
	return func(d *delta) {
		d.fold()
		tags := d.tags.list
		dirty := slices.ContainsFunc(tags, func(t tagCount) bool { return clean(t.tagValue) != t.tagValue })
		if dirty {
			d.tags = tagCounts{}
			for _, t := range tags {
				d.tags.add(clean(t.tagValue), t.n)
			}
		}
		for i := range d.samples {
			if d.samples[i].event != nil {
				d.samples[i].event = redactEvent(d.samples[i].event, c.opt.Redact)
			}
		}
	}
}
