package issue

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/otel-culprit/culprit/internal/clip"
)

// change edits stored records, each in a transaction of its own, and returns them. f must not keep the
// record. Records that do not exist, or were merged, are left out.
func (c *Core) change(ctx context.Context, ids []string, f func(*Record) []Notice) ([]*Record, error) {
	c.flushMu.Lock()
	defer c.flushMu.Unlock()
	txs := make([]*Tx, len(ids))
	recs := make([]*Record, len(ids))
	notices := make([][]Notice, len(ids))
	for i, id := range ids {
		txs[i] = &Tx{IDs: []string{id}, Known: c.knownRecords([]string{id}), Apply: func(rs []*Record) []Notice {
			r := rs[0]
			sh := c.shard(r.ID)
			sh.Lock()
			defer sh.Unlock()
			recs[i], notices[i] = r, nil
			if r.Version == 0 || r.Merged != "" {
				return nil
			}
			notices[i] = f(r)
			c.complete(r, notices[i])
			return notices[i]
		}}
	}
	if err := c.store.Update(ctx, txs); err != nil {
		return nil, err
	}
	out := recs[:0]
	for i, r := range recs {
		if r.Version == 0 || r.Merged != "" {
			continue
		}
		c.took(r)
		if c.watch.any() && len(notices[i]) > 0 {
			c.watch.tell(Update{Issue: c.summary(&r.Issue)})
		}
		out = append(out, r)
	}
	return out, nil
}

// knownRecords returns what is in memory of the stored records; nil when one is missing. Under flushMu.
func (c *Core) knownRecords(ids []string) []*Record {
	out := make([]*Record, len(ids))
	for i, id := range ids {
		sh := c.shard(id)
		sh.Lock()
		if e := sh.issues[id]; e != nil && e.hot != nil {
			out[i] = e.hot.rec
		}
		sh.Unlock()
		if out[i] == nil {
			return nil
		}
	}
	return out
}

// took brings an entry up to date with a record that was just written.
func (c *Core) took(r *Record) {
	sh := c.shard(r.ID)
	sh.Lock()
	defer sh.Unlock()
	var waiting *delta
	if e := sh.issues[r.ID]; e != nil && e.hot != nil {
		e.hot.learn(r)
		waiting = e.hot.pending
	}
	c.show(sh, r, waiting)
}

// one changes the issue id, whose aliases are followed, and returns it.
func (c *Core) one(ctx context.Context, id string, f func(*Record) ([]Notice, error)) (Issue, error) {
	if err := c.flush(ctx, true); err != nil {
		return Issue{}, err
	}
	id = c.alias(id)
	var refused error
	recs, err := c.change(ctx, []string{id}, func(r *Record) []Notice {
		var out []Notice
		out, refused = f(r)
		return out
	})
	switch {
	case err != nil:
		return Issue{}, err
	case len(recs) == 0:
		return Issue{}, ErrNotFound
	case refused != nil:
		return Issue{}, refused
	}
	return c.Get(ctx, id)
}

// Resolve implements [Source].
func (c *Core) Resolve(ctx context.Context, id string, how Resolve) (Issue, error) {
	now := c.opt.Now()
	known := c.serviceReleases(ctx, id)
	return c.one(ctx, id, func(r *Record) ([]Notice, error) {
		reason := "resolved by hand"
		if how.NextRelease {
			reason = "resolved in the next release by hand"
		}
		if how.Reason != "" {
			reason = clip.Bytes(how.Reason, maxTextBytes) + " (" + reason + ")"
		}
		var out []Notice
		if r.State == Resolved {
			r.History = append(r.History, Change{Time: now, From: Resolved, To: Resolved, Reason: reason})
		} else {
			out = r.to(Resolved, now, reason)
		}
		releases := r.versions()
		for _, v := range known {
			if !slices.Contains(releases, v) {
				releases = append(releases, v)
			}
		}
		r.Resolution = &Resolution{Time: now.UTC(), NextRelease: how.NextRelease, Releases: releases}
		return out, nil
	})
}

// Mute implements [Source].
func (c *Core) Mute(ctx context.Context, id string, how MuteFor) (Issue, error) {
	if how.Duration < 0 {
		return Issue{}, &InvalidError{fmt.Sprintf("'duration' must be positive, got %s; for example '24h'", how.Duration)}
	}
	now := c.opt.Now()
	return c.one(ctx, id, func(r *Record) ([]Notice, error) {
		m := &Mute{Since: now.UTC(), Escalating: how.Escalating}
		reason := "muted by hand"
		if how.Duration > 0 {
			m.Until = now.Add(how.Duration).UTC()
			reason = "muted until " + m.Until.Format(time.RFC3339) + " by hand"
		}
		if how.Count > 0 {
			m.UntilCount = r.Count + how.Count
			reason = fmt.Sprintf("muted until %d more by hand", how.Count)
		}
		if how.Escalating {
			reason = "muted until it escalates by hand"
		}
		if how.Reason != "" {
			reason = clip.Bytes(how.Reason, maxTextBytes) + " (" + reason + ")"
		}
		var out []Notice
		if r.State == Muted {
			r.History = append(r.History, Change{Time: now, From: Muted, To: Muted, Reason: reason})
		} else {
			out = r.to(Muted, now, reason)
		}
		r.Mute = m
		return out, nil
	})
}

// Reopen implements [Source].
func (c *Core) Reopen(ctx context.Context, id, reason string) (Issue, error) {
	now := c.opt.Now()
	reason = cmp.Or(clip.Bytes(reason, maxTextBytes), "reopened by hand")
	return c.one(ctx, id, func(r *Record) ([]Notice, error) {
		return r.to(Ongoing, now, reason), nil
	})
}

// Merge implements [Source].
func (c *Core) Merge(ctx context.Context, id string, others []string) (Issue, error) {
	if err := c.flush(ctx, true); err != nil {
		return Issue{}, err
	}
	id = c.alias(id)
	ids := []string{id}
	for _, o := range others {
		if o = c.alias(o); !slices.Contains(ids, o) {
			ids = append(ids, o)
		}
	}
	if len(ids) == 1 {
		return Issue{}, &InvalidError{"'ids' must name at least one other issue, for example [\"9f2c41d0a3b5e7f1\"]"}
	}
	if len(ids) > 100 {
		return Issue{}, &InvalidError{fmt.Sprintf("'ids' may name at most 99 issues, got %d", len(ids)-1)}
	}
	now := c.opt.Now()
	missing := ""
	var recs []*Record
	err := c.transact(ctx, ids, func(rs []*Record) []Notice {
		recs, missing = rs, ""
		for _, r := range rs {
			if r.Version == 0 || r.Merged != "" {
				missing = r.ID
				return nil
			}
		}
		return c.mergeRecords(rs, now)
	})
	if err != nil {
		return Issue{}, err
	}
	if missing != "" {
		return Issue{}, fmt.Errorf("issue %s: %w", missing, ErrNotFound)
	}
	for _, r := range recs {
		c.took(r)
	}
	for _, r := range recs[1:] {
		c.unhot(r.ID)
		c.watch.tell(Update{Issue: Summary{ID: r.ID}, Removed: true})
	}
	c.repoint(recs)
	c.watch.tell(Update{Issue: c.summary(&recs[0].Issue)})
	return c.Get(ctx, id)
}

func (c *Core) mergeRecords(rs []*Record, now time.Time) []Notice {
	into := rs[0]
	for _, r := range rs[1:] {
		into.mergeFrom(r)
		for _, a := range append([]string{r.ID}, r.Aliases...) {
			if len(into.Aliases) < maxAliases && !slices.Contains(into.Aliases, a) {
				into.Aliases = append(into.Aliases, a)
			}
		}
		into.History = append(into.History, Change{Time: now, From: into.State, To: into.State, Reason: "issue " + r.ID + " was merged into it by hand"})
		for _, s := range r.Samples {
			r.PutEvent(s.Slot, nil)
		}
		alias := Record{Issue: Issue{ID: r.ID}, Version: r.Version, Merged: into.ID, Touched: now, put: r.put}
		*r = alias
	}
	return nil
}

// transact changes several records in one transaction.
func (c *Core) transact(ctx context.Context, ids []string, f func([]*Record) []Notice) error {
	c.flushMu.Lock()
	defer c.flushMu.Unlock()
	return c.store.Update(ctx, []*Tx{{IDs: ids, Apply: f}})
}

// unhot forgets what judging needs of an issue; what waits is counted for the issue it was merged into.
func (c *Core) unhot(id string) {
	sh := c.shard(id)
	sh.Lock()
	e := sh.issues[id]
	if e == nil || e.hot == nil {
		sh.Unlock()
		return
	}
	d, into := e.hot.pending, e.merged
	if e.hot.flying != nil { // was being written when it failed; the flush sees that it is merged
		sh.Unlock()
		return
	}
	e.hot = nil
	sh.unnote(d)
	sh.dirty = slices.DeleteFunc(sh.dirty, func(x *entry) bool { return x == e })
	c.hot.Add(-1)
	sh.Unlock()
	if d != nil && into != "" {
		c.redirect(context.Background(), into, d, c.opt.Now())
	}
}

// repoint leads aliases of the merged issues straight to the new one.
func (c *Core) repoint(recs []*Record) {
	for _, a := range recs[0].Aliases {
		sh := c.shard(a)
		sh.Lock()
		if e := sh.issues[a]; e != nil && e.merged != "" {
			e.merged = recs[0].ID
		}
		sh.Unlock()
	}
}

// Split implements [Source].
func (c *Core) Split(ctx context.Context, id string, aliases []string) (Issue, error) {
	if len(aliases) == 0 {
		return Issue{}, &InvalidError{"'ids' must name at least one of the issue's aliases"}
	}
	now := c.opt.Now()
	id = c.alias(id)
	issue, err := c.one(ctx, id, func(r *Record) ([]Notice, error) {
		for _, a := range aliases {
			if !slices.Contains(r.Aliases, a) {
				return nil, &InvalidError{fmt.Sprintf("%s is no alias of issue %s; its aliases are listed in 'aliases'", a, r.ID)}
			}
		}
		for _, a := range aliases {
			r.Aliases = slices.DeleteFunc(r.Aliases, func(x string) bool { return x == a })
			r.History = append(r.History, Change{Time: now, From: r.State, To: r.State, Reason: "issue " + a + " was split off by hand"})
		}
		return nil, nil
	})
	if err != nil {
		return Issue{}, err
	}
	c.flushMu.Lock()
	defer c.flushMu.Unlock()
	if err := c.store.Delete(ctx, aliases); err != nil {
		return Issue{}, err
	}
	for _, a := range aliases {
		c.forget(a)
	}
	return issue, nil
}
