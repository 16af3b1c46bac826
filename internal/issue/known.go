package issue

import (
	"slices"
	"strings"
	"time"
)

// keyEntry is what is remembered of an occurrence key: the verdict, in few bytes and without a pointer since there are
// many of them.
type keyEntry struct {
	issue       uint64 // see ref
	moved       uint64 // the issue that the occurrence was moved to, where the flag says so
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
	// Flags below do not travel: a note has room for those above.
	keyMoved
	keyOddIssue
	keyOddMoved
)

// states by their number in stored forms: only ever add at the end.
var states = [...]State{New, Ongoing, Resolved, Regressed, Escalating, Muted}

// constant returns an equal state whose text is not part of a larger one.
func (s State) constant() State {
	for _, known := range states {
		if s == known {
			return known
		}
	}
	return State(strings.Clone(string(s)))
}

func (c *Core) entryOf(v *Verdict) keyEntry {
	issue := c.refOf(v.Issue)
	e := keyEntry{issue: issue.bits, count: v.Count, users: v.Users, first: nanos(v.FirstSeen), last: nanos(v.LastSeen)}
	e.state, e.flags = said(v)
	if issue.odd {
		e.flags |= keyOddIssue
	}
	return e
}

// said returns the part of a verdict that must stay the same.
func said(v *Verdict) (state, flags uint8) {
	if v.Repeat {
		flags |= keyRepeat
	}
	if v.First {
		flags |= keyFirst
	}
	if v.Milestone > 0 {
		flags |= keyMilestone
	}
	return uint8(max(slices.Index(states[:], v.State), 0)), flags
}

func (c *Core) verdictOf(e *keyEntry) Verdict {
	v := Verdict{
		Issue: c.id(ref{e.issue, e.flags&keyOddIssue != 0}), State: states[e.state], Repeat: e.flags&keyRepeat != 0,
		First: e.flags&keyFirst != 0, Count: e.count, Users: e.users, FirstSeen: fromNanos(e.first), LastSeen: fromNanos(e.last),
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
		return c.verdictOf(e), true
	}
	return Verdict{}, false
}

func (c *Core) setKey(k Key, v *Verdict, now time.Time) {
	sh, hash := c.keys.shard(k)
	sh.Lock()
	defer sh.Unlock()
	if e := sh.get(k, hash); e != nil {
		*e = c.entryOf(v)
		return
	}
	sh.put(c.keys, k, hash, c.entryOf(v), now)
}

// move remembers which issue counts an occurrence now.
func (c *Core) move(m moved) {
	sh, hash := c.keys.shard(m.key)
	sh.Lock()
	defer sh.Unlock()
	if e := sh.get(m.key, hash); e != nil {
		to := c.refOf(m.issue)
		e.moved = to.bits
		e.flags = e.flags&^keyOddMoved | keyMoved
		if to.odd {
			e.flags |= keyOddMoved
		}
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
	found := *e
	sh.Unlock()
	if found.flags&keyMoved == 0 {
		return c.verdictOf(&found), true
	}
	v := c.look(c.id(ref{found.moved, found.flags&keyOddMoved != 0}))
	v.Repeat = true
	return v, true
}
