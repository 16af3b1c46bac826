package issue

import (
	"slices"
	"time"
)

// keyEntry is what is remembered of an occurrence key: the verdict, in few bytes since there are many of them.
type keyEntry struct {
	issue       string
	moved       string // the issue that the occurrence was moved to
	count       uint64
	users       uint64
	first, last int64 // unix nanoseconds; 0 = none
	state       uint8 // index into states
	flags       uint8
}

const (
	keyRepeat uint8 = 1 << iota
	keyFirst
	keyMilestone // the count is one
)

// states by their number in stored forms: only ever add at the end.
var states = [...]State{New, Ongoing, Resolved, Regressed, Escalating, Muted}

func entryOf(v *Verdict) keyEntry {
	e := keyEntry{issue: v.Issue, count: v.Count, users: v.Users, first: nanos(v.FirstSeen), last: nanos(v.LastSeen)}
	e.state = uint8(max(slices.Index(states[:], v.State), 0))
	if v.Repeat {
		e.flags |= keyRepeat
	}
	if v.First {
		e.flags |= keyFirst
	}
	if v.Milestone > 0 {
		e.flags |= keyMilestone
	}
	return e
}

func (e *keyEntry) verdict() Verdict {
	v := Verdict{
		Issue: e.issue, State: states[e.state], Repeat: e.flags&keyRepeat != 0, First: e.flags&keyFirst != 0, Count: e.count,
		Users: e.users, FirstSeen: fromNanos(e.first), LastSeen: fromNanos(e.last),
	}
	if e.flags&keyMilestone != 0 {
		v.Milestone = v.Count
	}
	return v
}

func nanos(t time.Time) int64 {
	if t.IsZero() {
		return 0
	}
	return t.UnixNano()
}

func fromNanos(n int64) time.Time {
	if n == 0 {
		return time.Time{}
	}
	return time.Unix(0, n).UTC()
}

// key returns the verdict on a key that was judged before.
func (c *Core) key(k Key) (Verdict, bool) {
	sh, hash := c.keys.shard(k)
	sh.Lock()
	defer sh.Unlock()
	if e := sh.get(k, hash); e != nil {
		return e.verdict(), true
	}
	return Verdict{}, false
}

func (c *Core) setKey(k Key, v *Verdict, now time.Time) {
	sh, hash := c.keys.shard(k)
	sh.Lock()
	defer sh.Unlock()
	if e := sh.get(k, hash); e != nil {
		*e = entryOf(v)
		return
	}
	sh.put(c.keys, k, hash, entryOf(v), now)
}

// move remembers which issue counts an occurrence now.
func (c *Core) move(m moved) {
	sh, hash := c.keys.shard(m.key)
	sh.Lock()
	defer sh.Unlock()
	if e := sh.get(m.key, hash); e != nil {
		e.moved = m.issue
	}
}

// Known implements [Registry]. Of an occurrence that was moved since it was judged it tells the issue
// that counts it now, as a repeat.
func (c *Core) Known(key Key) (Verdict, bool) {
	sh, hash := c.keys.shard(key)
	sh.Lock()
	e := sh.get(key, hash)
	if e == nil {
		sh.Unlock()
		return Verdict{}, false
	}
	v, to := e.verdict(), e.moved
	sh.Unlock()
	if to != "" {
		v = c.look(to)
		v.Repeat = true
	}
	return v, true
}
