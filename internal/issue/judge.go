package issue

import (
	"context"
	"errors"
	"slices"
	"time"

	"go.uber.org/zap"
)

// maxAhead is how far in the future a record's time may be; clocks of hosts differ. What is further ahead is
// taken for now.
const maxAhead = 5 * time.Minute

// Judge implements [Registry].
func (c *Core) Judge(ctx context.Context, batch []Occurrence, out []Verdict) []Verdict {
	if len(batch) == 0 {
		return out
	}
	now := c.opt.Now()
	c.warm(ctx, batch, now)
	var tally tally
	out = slices.Grow(out, len(batch))
	if c.shared != nil && !c.down() {
		out = c.judgeShared(ctx, batch, out, now, &tally)
	} else {
		for i := range batch {
			o := batch[i]
			o.Time = sane(o.Time, now)
			out = append(out, c.judge(&o, now, &tally))
		}
	}
	c.opt.Observe.Judged(tally.counted, tally.repeats, tally.resent, tally.overflow, tally.fresh)
	return out
}

type tally struct{ counted, repeats, resent, overflow, fresh int }

// sane returns the time of an occurrence in UTC; now where it is missing or lies in the future.
func sane(t, now time.Time) time.Time {
	if t.Unix() <= 0 || t.Sub(now) > maxAhead {
		return now.UTC()
	}
	return t.UTC()
}

// judge decides on one occurrence by what this process knows.
func (c *Core) judge(o *Occurrence, now time.Time, tally *tally) Verdict {
	if o.TraceID == ([16]byte{}) {
		sh, hash := c.keys.shard(o.Key)
		sh.Lock()
		defer sh.Unlock()
		if k := sh.get(o.Key, hash); k != nil {
			tally.resent++
			return c.verdictOf(k)
		}
		v := c.count(o, now, tally)
		sh.put(c.keys, o.Key, hash, c.entryOf(&v), now)
		return v
	}
	sh, hash := c.traces.shard(o.TraceID)
	sh.Lock()
	defer sh.Unlock()
	if v, ok := c.key(o.Key); ok {
		tally.resent++
		return v
	}
	o.Issue = c.alias(o.Issue)
	var v Verdict
	if t := sh.get(o.TraceID, hash); t != nil {
		v = c.carryOut((*t).add(o), o, now, tally)
		c.relate(o.TraceID, *t)
	} else {
		t := sh.spare // of a trace that was forgotten
		if sh.spare = nil; t == nil || c.shared != nil {
			t = &traceRec{} // with others' decisions it may still be read
		}
		t.reset()
		v = c.carryOut(t.add(o), o, now, tally)
		sh.put(c.traces, o.TraceID, hash, t, now)
		c.relate(o.TraceID, t)
	}
	keys, hash := c.keys.shard(o.Key)
	keys.Lock()
	keys.put(c.keys, o.Key, hash, c.entryOf(&v), now) // it is not there: others with this key have this trace
	keys.Unlock()
	return v
}

// carryOut does what was decided for an occurrence.
func (c *Core) carryOut(d decision, o *Occurrence, now time.Time, tally *tally) Verdict {
	for i := range d.uncnt {
		u := d.uncnt[i].occurrence()
		u.line = d.line(i)
		c.take(&u, now)
		c.move(d.moved[i])
	}
	var v Verdict
	if d.repeat {
		tally.repeats++
		v = c.look(d.issue)
		v.Repeat = true
		c.notedRepeat(o.Key, &v)
	} else {
		o.line = d.line(len(d.uncnt))
		v = c.count(o, now, tally)
	}
	for _, a := range d.affected {
		c.affect(a.issue, a.service, now)
	}
	return v
}

// alias follows merges.
func (c *Core) alias(id string) string {
	if !c.aliased.Load() {
		return id
	}
	for range 4 {
		sh := c.shard(id)
		sh.Lock()
		e := sh.issues[id]
		next := ""
		if e != nil {
			next = e.merged
		}
		sh.Unlock()
		if next == "" {
			break
		}
		id = next
	}
	return id
}

// count counts an occurrence for its issue, or for the overflow issue of its service.
func (c *Core) count(o *Occurrence, now time.Time, tally *tally) Verdict {
	tally.counted++
	id := c.alias(o.Issue)
	sh := c.shard(id)
	sh.Lock()
	e := sh.issues[id]
	if e == nil || (e.hot == nil && !c.cold(e, now)) {
		// warm did not let it in.
		sh.Unlock()
		x := overflowOf(o)
		o, id = &x, x.Issue
		tally.overflow++
		sh = c.shard(id)
		sh.Lock()
		if e = sh.issues[id]; e == nil || e.hot == nil {
			e = c.enter(sh, &x, Opened{Born: e == nil}, now)
		}
	}
	v := e.add(c, sh, o, now)
	if v.First {
		tally.fresh++
	}
	urgent := e.hot.urgent
	sh.Unlock()
	if urgent {
		c.wake()
	}
	return v
}

// add adds an occurrence to what waits to be written; under the shard's lock.
func (e *entry) add(c *Core, sh *coreShard, o *Occurrence, now time.Time) Verdict {
	h := e.hot
	h.used = now
	d := h.wait()
	first := h.born
	if first {
		h.born = false
	}
	if d.meta == nil && h.rec == nil {
		d.meta = h.meta
		d.overflow = h.overflow
	}
	d.count(o, now, 1)
	before := e.count
	e.count++
	if e.first.IsZero() || o.Time.Before(e.first) {
		e.first = o.Time
	}
	if o.Time.After(e.last) {
		e.last = o.Time
	}
	e.touched = now
	e.user(d, o.who())
	h.predict(e, d, o, now)
	milestone := uint64(0)
	if i, ok := slices.BinarySearch(c.opt.Milestones, e.count); ok && before < c.opt.Milestones[i] {
		milestone = e.count
		h.urgent = true
	}
	e.sample(c, d, o, now)
	c.queue(sh, e)
	v := Verdict{
		Issue: e.id, State: e.state, First: first, Count: e.count, Milestone: milestone, Users: e.users, FirstSeen: e.first,
		LastSeen: e.last,
	}
	c.noted(sh, d, o.Key, &v)
	return v
}

// predict says which state the occurrence brings about. The store decides; where it is ours alone, this is
// what it will say.
func (h *hotEntry) predict(e *entry, d *delta, o *Occurrence, now time.Time) {
	switch e.state {
	case Resolved:
		if h.rec == nil {
			return
		}
		if _, yes := h.rec.Resolution.reopens(o.Time, o.Release); yes {
			e.state = Regressed
			d.reopenAt, d.reopenRelease = o.Time, o.Release
			h.urgent = true
		}
	case Muted:
		if h.rec == nil {
			return
		}
		if _, over := h.rec.Mute.ends(now, e.count); over {
			e.state = Ongoing
			h.urgent = true
		}
	}
}

func (h *hotEntry) wait() *delta {
	if h.pending == nil {
		h.pending = newDelta()
	}
	return h.pending
}

// user counts an affected user.
func (e *entry) user(d *delta, u uint64) {
	if u == 0 {
		return
	}
	h := e.hot
	if slices.Contains(h.lastUsers[:], u) {
		return
	}
	h.lastUsers[h.nextUser%uint8(len(h.lastUsers))] = u
	h.nextUser++
	d.users.insert(u)
	if h.cold {
		// Who is among the users of before is not known here; the next write tells.
		e.users = max(e.users, d.users.count(false))
		return
	}
	if h.users == nil {
		h.users = &userSet{}
		if h.rec != nil {
			h.users = h.rec.userSet().clone()
		}
		h.users.merge(&d.users) // some may have come before the record
	}
	h.users.insert(u)
	e.users = h.users.count(false)
}

// take gives an occurrence back: another issue counts it.
func (c *Core) take(o *Occurrence, now time.Time) {
	id := c.alias(o.Issue)
	sh := c.shard(id)
	sh.Lock()
	defer sh.Unlock()
	e := c.hold(sh, id, now)
	e.hot.wait().count(o, now, -1)
	if e.count = addSigned(e.count, -1); e.count == 0 {
		e.first, e.last = time.Time{}, time.Time{}
	}
	c.queue(sh, e)
}

// affect lists a service with an issue.
func (c *Core) affect(issue, service string, now time.Time) {
	id := c.alias(issue)
	sh := c.shard(id)
	sh.Lock()
	defer sh.Unlock()
	e := c.hold(sh, id, now)
	e.hot.wait().services.add(service, 1, maxServices)
	c.queue(sh, e)
}

// hold returns the entry of an issue that another process may know better; under the shard's lock.
func (c *Core) hold(sh *coreShard, id string, now time.Time) *entry {
	e := sh.issues[id]
	if e == nil {
		e = &entry{id: id, state: New, ghost: true, touched: now}
		sh.issues[id] = e
	}
	if e.hot == nil {
		e.hot = &hotEntry{nextSpread: max(2*e.count, 1), used: now}
		e.sampled = now.UnixNano()
		c.hot.Add(1)
	}
	return e
}

// look returns a verdict on an issue that nothing is counted for.
func (c *Core) look(issue string) Verdict {
	id := c.alias(issue)
	sh := c.shard(id)
	sh.Lock()
	defer sh.Unlock()
	e := sh.issues[id]
	if e == nil {
		return Verdict{Issue: id, State: New}
	}
	return Verdict{Issue: id, State: e.state, Count: e.count, Users: e.users, FirstSeen: e.first, LastSeen: e.last}
}

// queue marks an entry as one to be written; under the shard's lock.
func (c *Core) queue(sh *coreShard, e *entry) {
	if !e.hot.queued {
		e.hot.queued = true
		sh.dirty = append(sh.dirty, e)
		if len(sh.dirty) == c.crowd() {
			c.crowded.Store(true)
			c.wake()
		}
	}
}

// crowd is how many issues of one shard may wait before all are written at once: each takes memory.
func (c *Core) crowd() int { return max(2*c.opt.HotIssues/len(c.shards), 64) }

func (c *Core) wake() {
	if c.urgent.Swap(true) {
		return
	}
	select {
	case c.kick <- struct{}{}:
	default:
	}
}

// awayFor is how long a store that could not be reached is left alone.
const awayFor = time.Second

// down tells that the store could not be reached and has not answered since. Records do not wait for it then: it is asked
// again, after awayFor, by those for whom nobody waits.
func (c *Core) down() bool { return c.away.Load() != 0 }

func (c *Core) isAway(now time.Time) bool {
	return c.away.Load() > now.UnixNano()
}

func (c *Core) wentAway(err error, now time.Time) {
	if errors.Is(err, context.Canceled) {
		return
	}
	if c.away.Swap(now.Add(awayFor).UnixNano()) == 0 {
		c.opt.Logger.Warn("The issues' store does not answer. Errors flow on; their counts are caught up when it is back.", zap.Error(err))
	}
}

func (c *Core) isBack() {
	if c.away.Swap(0) != 0 {
		c.opt.Logger.Info("The issues' store answers again.")
	}
}
