package issue

import (
	"context"
	"slices"
	"strings"
	"time"

	"github.com/otel-culprit/culprit/internal/clip"
)

// warm makes sure that the issues of a batch are in memory. It asks the store, in one go, for those that are
// not; with the store away they are taken for new.
func (c *Core) warm(ctx context.Context, batch []Occurrence, now time.Time) {
	var claim, ask []string
	var missing map[string]*Occurrence
	for i := range batch {
		o := &batch[i]
		id := c.alias(o.Issue)
		if c.isHot(id, now) || missing[id] != nil {
			continue
		}
		if missing == nil {
			missing = map[string]*Occurrence{}
		}
		missing[id] = o
		if c.limit.allows(o.Service, now, false) && c.Size() < c.brim() {
			claim = append(claim, id)
			continue
		}
		ask = append(ask, id)
		if x := overflowOf(o); !c.isHot(x.Issue, now) && missing[x.Issue] == nil {
			missing[x.Issue] = &x
			claim = append(claim, x.Issue)
		}
	}
	if missing == nil {
		return
	}
	c.open(ctx, claim, true, missing, now)
	c.open(ctx, ask, false, missing, now)
}

// isHot tells whether an issue can be judged now. One that the store has need not be read for that, unless its state says
// more than lists know.
func (c *Core) isHot(id string, now time.Time) bool {
	sh := c.shard(id)
	sh.Lock()
	defer sh.Unlock()
	e := sh.issues[id]
	if e == nil {
		return false
	}
	return c.cold(e, now) || (e.hot != nil && e.hot.ready())
}

// cold makes an issue that the store has ready to be judged without its record, where that will do; under the shard's lock.
func (c *Core) cold(e *entry, now time.Time) bool {
	if e.hot != nil || c.shared != nil || !e.plain() {
		return false
	}
	e.hot = &hotEntry{cold: true, nextSpread: 2 * e.count, used: now}
	c.hot.Add(1)
	return true
}

// plain tells that an occurrence changes nothing but counts, as far as can be said without the record.
func (e *entry) plain() bool {
	return e.merged == "" && !e.ghost && !e.leaving && e.count > 0 && e.state != Resolved && e.state != Muted
}

// ready tells that the record was read or need not be, or that there is none.
func (h *hotEntry) ready() bool { return h.rec != nil || h.meta != nil || h.cold }

// learn takes in a record that was read or written.
func (h *hotEntry) learn(r *Record) {
	if h.rec == nil && h.meta == nil {
		h.nextSpread = 2 * r.Count
		for _, s := range r.Samples {
			if s.Release != "" && !slices.Contains(h.sampledReleases, s.Release) {
				h.sampledReleases = append(h.sampledReleases, strings.Clone(s.Release))
			}
		}
	}
	h.rec, h.cold = r, false
}

func (c *Core) open(ctx context.Context, ids []string, claim bool, missing map[string]*Occurrence, now time.Time) {
	if len(ids) == 0 {
		return
	}
	opened := make([]Opened, len(ids))
	if c.down() || (c.shared == nil && c.unheard(ids)) {
		for i := range opened {
			opened[i].Born = claim
		}
	} else if got, err := c.store.Open(ctx, ids, claim); err == nil {
		opened = got
	} else {
		c.wentAway(err, now)
		for i := range opened {
			opened[i].Born = claim // provisional; the store will tell when it is back
		}
	}
	for i, id := range ids {
		o := missing[id]
		if r := opened[i].Record; r != nil && r.Merged != "" {
			c.openMerged(ctx, r, o, now)
			continue
		}
		// Known to the index is known, also while the store is away.
		sh := c.shard(id)
		sh.Lock()
		known := sh.issues[id] != nil
		sh.Unlock()
		if opened[i].Record == nil && !known && o.Basis != ByOverflow && (c.Size() >= c.brim() || !c.limit.allows(o.Service, now, true)) {
			continue
		}
		sh.Lock()
		if e := sh.issues[id]; e == nil || e.hot == nil || !e.hot.ready() {
			c.enter(sh, o, opened[i], now)
		}
		sh.Unlock()
	}
}

// unheard tells that none of the issues is known. A store of one process need not be asked for them then: its index is here.
func (c *Core) unheard(ids []string) bool {
	return !slices.ContainsFunc(ids, func(id string) bool {
		sh := c.shard(id)
		sh.Lock()
		defer sh.Unlock()
		return sh.issues[id] != nil
	})
}

// openMerged takes in an alias that another process made, and the issue it leads to.
func (c *Core) openMerged(ctx context.Context, r *Record, o *Occurrence, now time.Time) {
	sh := c.shard(r.ID)
	sh.Lock()
	c.show(sh, r, nil)
	sh.Unlock()
	if !c.isHot(r.Merged, now) {
		c.open(ctx, []string{r.Merged}, false, map[string]*Occurrence{r.Merged: o}, now)
	}
}

// enter puts an issue into memory; under the shard's lock.
func (c *Core) enter(sh *coreShard, o *Occurrence, found Opened, now time.Time) *entry {
	id := o.Issue
	if found.Record != nil {
		id = found.Record.ID
	}
	e := sh.issues[id]
	h := &hotEntry{used: now, nextSpread: 1}
	if e != nil && e.hot != nil {
		h = e.hot
	} else {
		c.hot.Add(1)
	}
	if r := found.Record; r != nil {
		e = c.show(sh, r, h.pending)
		h.learn(r)
		e.hot = h
		return e
	}
	meta := *o
	meta.Sample, meta.Tags, meta.Root, meta.line = nil, nil, nil, nil
	meta.Issue = id
	meta.Title, meta.Culprit = c.redact(clip.Bytes(meta.Title, maxTextBytes)), c.redact(clip.Bytes(meta.Culprit, maxTextBytes))
	meta.Fingerprint = slices.Clone(meta.Fingerprint)
	for i := range meta.Fingerprint {
		meta.Fingerprint[i].Value = c.redact(clip.Bytes(meta.Fingerprint[i].Value, maxTextBytes))
	}
	h.meta, h.overflow = &meta, o.Basis == ByOverflow
	if e == nil || e.ghost {
		h.born = found.Born
		h.urgent = true
		e = &entry{
			id: id, title: meta.Title, culprit: meta.Culprit, service: meta.Service, owner: meta.Owner, level: meta.Level,
			state: New, touched: now,
		}
		sh.issues[id] = e
		if c.issues.Add(1) > int64(c.opt.MaxIssues+c.slack()) {
			select {
			case c.full <- struct{}{}:
			default:
			}
		}
		if h.queued { // with the ghost
			sh.dirty = append(sh.dirty, e)
		}
	}
	e.hot = h
	return e
}
