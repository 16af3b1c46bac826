package issue

import (
	"context"
	"slices"
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
		if c.isHot(id) || missing[id] != nil {
			continue
		}
		if missing == nil {
			missing = map[string]*Occurrence{}
		}
		missing[id] = o
		if c.limit.allows(o.Service, now, false) {
			claim = append(claim, id)
			continue
		}
		ask = append(ask, id)
		if x := overflowOf(o); !c.isHot(x.Issue) && missing[x.Issue] == nil {
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

func (c *Core) isHot(id string) bool {
	sh := c.shard(id)
	sh.Lock()
	defer sh.Unlock()
	e := sh.issues[id]
	return e != nil && e.hot != nil && e.hot.ready()
}

// ready tells that the record was read, or that there is none.
func (h *hotEntry) ready() bool { return h.rec != nil || h.meta != nil }

func (c *Core) open(ctx context.Context, ids []string, claim bool, missing map[string]*Occurrence, now time.Time) {
	if len(ids) == 0 {
		return
	}
	opened := make([]Opened, len(ids))
	if c.down() {
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
		if opened[i].Record == nil && !known && o.Basis != ByOverflow && !c.limit.allows(o.Service, now, true) {
			continue
		}
		sh.Lock()
		if e := sh.issues[id]; e == nil || e.hot == nil || !e.hot.ready() {
			c.enter(sh, o, opened[i], now)
		}
		sh.Unlock()
	}
}

// openMerged takes in an alias that another process made, and the issue it leads to.
func (c *Core) openMerged(ctx context.Context, r *Record, o *Occurrence, now time.Time) {
	sh := c.shard(r.ID)
	sh.Lock()
	c.show(sh, r, nil)
	sh.Unlock()
	if !c.isHot(r.Merged) {
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
		h.rec, h.nextSpread = r, 2*r.Count
		for _, s := range r.Samples {
			if s.Release != "" && !slices.Contains(h.sampledReleases, s.Release) {
				h.sampledReleases = append(h.sampledReleases, s.Release)
			}
		}
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
		e.index()
		sh.issues[id] = e
		c.issues.Add(1)
		if h.queued { // with the ghost
			sh.dirty = append(sh.dirty, e)
		}
	}
	e.hot = h
	return e
}
