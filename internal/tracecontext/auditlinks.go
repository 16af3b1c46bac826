package tracecontext

import (
	"sync"
	"time"
)

// The bounds of the calls that wait for their other side, which may come within auditMemory.
const (
	auditSets = 4096 // of a shard
	auditWays = 4    // calls of a set: a line of the processor's cache
)

// linkTable joins the client span of a call with its child, whichever comes first. A call has its place among the few of
// its set, the newest first, where it takes that of the oldest. Half of all spans come here: so there is nothing
// to allocate, and no pointer for the garbage collector to follow.
type linkTable struct {
	mu   sync.Mutex
	sets [][auditWays]linked // made with the first call
}

// linked is what is known of one client span.
type linked struct {
	key    uint64
	at     uint32 // Unix seconds; 0 = nothing
	client uint16 // service of the client span; 0 = not seen
	callee uint16 // service of its child; 0 = not seen
}

// of returns what is known of a call, for reading; t.mu must be held.
func (t *linkTable) of(key uint64, now time.Time) linked {
	if t.sets != nil {
		for _, l := range t.sets[key>>32%auditSets] {
			if l.key == key && l.lives(uint32(now.Unix())) {
				return l
			}
		}
	}
	return linked{}
}

// enter returns the entry of a call, for reading and writing; t.mu must be held.
func (t *linkTable) enter(key uint64, now time.Time) *linked {
	if t.sets == nil {
		t.sets = make([][auditWays]linked, auditSets)
	}
	set, at := &t.sets[key>>32%auditSets], uint32(now.Unix())
	for i := range set {
		if l := &set[i]; l.key == key && l.lives(at) {
			l.at = at
			return l
		}
	}
	copy(set[1:], set[:])
	set[0] = linked{key: key, at: at}
	return &set[0]
}

// lives tells that the entry is not too old; clocks may go back a little.
func (l *linked) lives(now uint32) bool {
	return l.at != 0 && (now <= l.at || now-l.at <= uint32(auditMemory/time.Second))
}
