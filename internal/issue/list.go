package issue

import (
	"cmp"
	"context"
	"encoding/base64"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/otel-culprit/culprit/internal/clip"
)

// listed is the part of an entry that a list is sorted and shown by.
type listed struct {
	id  string
	key int64
}

// List implements [Source].
func (c *Core) List(ctx context.Context, q Query) (Page, error) {
	c.freshen(ctx)
	limit := cmp.Or(q.Limit, DefaultLimit)
	if limit < 0 || limit > MaxLimit {
		return Page{}, &InvalidError{fmt.Sprintf("'limit' must be 1 to %d, got %d", MaxLimit, q.Limit)}
	}
	sort := cmp.Or(q.Sort, ByLastSeen)
	if !slices.Contains([]Sort{ByLastSeen, ByFirstSeen, ByCount, ByUsers}, sort) {
		return Page{}, &InvalidError{fmt.Sprintf("'sort' must be last_seen, first_seen, count or users, got %q", q.Sort)}
	}
	for _, s := range q.States {
		if !slices.Contains([]State{New, Ongoing, Resolved, Regressed, Escalating, Muted}, s) {
			return Page{}, &InvalidError{fmt.Sprintf("'state' must be new, ongoing, resolved, regressed, escalating or muted, got %q", s)}
		}
	}
	after, err := parseCursor(q.After)
	if err != nil {
		return Page{}, err
	}
	words := strings.Fields(strings.ToLower(q.Text))
	page := Page{States: map[State]int{}}
	var list []listed
	for i := range c.shards {
		sh := &c.shards[i]
		sh.Lock()
		for _, e := range sh.issues {
			if !e.matches(q.Service, words) {
				continue
			}
			page.States[e.state]++
			if len(q.States) > 0 && !slices.Contains(q.States, e.state) {
				continue
			}
			page.Total++
			l := listed{e.id, e.key(sort)}
			if after == nil || order(*after, l) < 0 {
				list = append(list, l)
			}
		}
		sh.Unlock()
	}
	slices.SortFunc(list, order)
	if len(list) > limit {
		list = list[:limit]
		last := list[limit-1]
		page.Next = base64.RawURLEncoding.EncodeToString([]byte(strconv.FormatInt(last.key, 10) + " " + last.id))
	}
	ids := make([]string, len(list))
	for i, l := range list {
		ids[i] = l.id
	}
	page.Issues, err = c.whole(ctx, ids)
	return page, err
}

func (e *entry) matches(service string, words []string) bool {
	if e.merged != "" || (e.count == 0 && !e.kept) {
		return false // an alias, or all its occurrences belong to another issue
	}
	if service != "" && e.service != service && !slices.Contains(e.services, service) {
		return false
	}
	for _, w := range words {
		if !e.mentions(w) {
			return false
		}
	}
	return true
}

// mentions tells whether a word, in lower case, occurs in what a search looks at.
func (e *entry) mentions(word string) bool {
	for _, text := range [...]string{e.title, e.culprit, e.service, e.owner, e.id} {
		if containsFold(text, word) {
			return true
		}
	}
	return slices.ContainsFunc(e.services, func(s string) bool { return containsFold(s, word) })
}

// containsFold tells whether the lower-case form of a text contains a word that is in lower case.
func containsFold(text, word string) bool {
	if strings.Contains(text, word) {
		return true
	}
	for i := range len(text) {
		if c := text[i]; c >= utf8.RuneSelf || 'A' <= c && c <= 'Z' {
			return strings.Contains(strings.ToLower(text), word)
		}
	}
	return false
}

func (e *entry) key(s Sort) int64 {
	switch s {
	case ByFirstSeen:
		return e.first.UnixNano()
	case ByCount:
		return int64(min(e.count, 1<<62))
	case ByUsers:
		return int64(min(e.users, 1<<62))
	}
	return e.last.UnixNano()
}

// order is descending by key; equal ones by ID.
func order(a, b listed) int { return cmp.Or(cmp.Compare(b.key, a.key), cmp.Compare(a.id, b.id)) }

func parseCursor(s string) (*listed, error) {
	if s == "" {
		return nil, nil
	}
	bad := &InvalidError{fmt.Sprintf("'page' must be the value of 'next' of the page before, got %q", clip.Bytes(s, 100))}
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return nil, bad
	}
	key, id, ok := strings.Cut(string(b), " ")
	n, err := strconv.ParseInt(key, 10, 64)
	if !ok || err != nil {
		return nil, bad
	}
	return &listed{id, n}, nil
}

// whole returns issues with everything but their events, in the order of ids. One that vanished is left out.
func (c *Core) whole(ctx context.Context, ids []string) ([]Issue, error) {
	out := make([]Issue, 0, len(ids))
	found := make(map[string]Issue, len(ids))
	var ask []string
	for _, id := range ids {
		sh := c.shard(id)
		sh.Lock()
		e := sh.issues[id]
		switch {
		case e == nil:
		case e.hot != nil && e.hot.rec != nil:
			found[id] = e.fresh(e.hot.rec)
		case e.hot != nil && e.hot.meta != nil:
			found[id] = e.unwritten()
		default:
			ask = append(ask, id)
		}
		sh.Unlock()
	}
	if len(ask) > 0 {
		opened, err := c.store.Open(ctx, ask, false)
		if err != nil && !errors.Is(err, ErrUnavailable) {
			return nil, err
		}
		for i, id := range ask {
			sh := c.shard(id)
			sh.Lock()
			e := sh.issues[id]
			switch {
			case e == nil:
			case err != nil:
				found[id] = e.outline() // better than nothing
			case opened[i].Record != nil && opened[i].Record.Merged == "":
				found[id] = e.fresh(opened[i].Record)
			}
			sh.Unlock()
		}
	}
	for _, id := range ids {
		if i, ok := found[id]; ok {
			out = append(out, i)
		}
	}
	return out, nil
}

// fresh returns a copy of a record's issue with what is still to be written.
func (e *entry) fresh(r *Record) Issue {
	i := r.Clone()
	i.State, i.Count, i.Users, i.FirstSeen, i.LastSeen = e.state, e.count, max(e.users, r.Users), e.first, e.last
	return i
}

// unwritten returns what is known of an issue that is not in the store yet.
func (e *entry) unwritten() Issue {
	i := e.outline()
	i.Basis, i.Fingerprint = e.hot.meta.Basis, slices.Clone(e.hot.meta.Fingerprint)
	return i
}

// outline returns what lists know of an issue.
func (e *entry) outline() Issue {
	i := Issue{
		ID: e.id, Title: e.title, Culprit: e.culprit, Owner: e.owner, Service: e.service, Level: cmp.Or(e.level, "error"), State: e.state,
		FirstSeen: e.first, LastSeen: e.last, Count: e.count, Users: e.users, Services: map[string]uint64{e.service: e.count},
	}
	if !e.last.IsZero() {
		i.Hours, i.LastHour = []uint32{uint32(min(e.count, 1<<32-1))}, e.last.Unix()/3600
	}
	return i
}

// Get implements [Source].
func (c *Core) Get(ctx context.Context, id string) (Issue, error) {
	c.freshen(ctx)
	id = c.alias(id)
	// What waits is written first: the events and tags are only there.
	if c.waits(id) {
		if err := c.flush(ctx, true); err != nil {
			c.opt.Logger.Debug("An issue is shown without its latest occurrences.")
		}
	}
	list, err := c.whole(ctx, []string{id})
	if err != nil {
		return Issue{}, err
	}
	if len(list) == 0 {
		return Issue{}, ErrNotFound
	}
	i := list[0]
	events, err := c.store.Events(ctx, i.ID)
	if err != nil && !errors.Is(err, ErrUnavailable) {
		return Issue{}, err
	}
	for _, e := range events {
		dup := slices.ContainsFunc(i.Events, func(x *Event) bool { return x.ID == e.ID })
		if !dup {
			e.User = hideUser(e.User, "") // earlier versions kept it
			i.Events = append(i.Events, e)
		}
	}
	slices.SortFunc(i.Events, func(a, b *Event) int { return cmp.Or(a.Time.Compare(b.Time), cmp.Compare(a.ID, b.ID)) })
	return i, nil
}

func (c *Core) waits(id string) bool {
	sh := c.shard(id)
	sh.Lock()
	defer sh.Unlock()
	e := sh.issues[id]
	return e != nil && e.waits()
}
