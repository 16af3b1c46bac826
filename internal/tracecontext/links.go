package tracecontext

import (
	"hash/maphash"
	"sync"
	"time"
)

const linkShards = 32

// Links is a bounded, expiring table of request IDs and the traces they were seen with. A request ID
// that was seen with two traces yields none until it has not been seen for the whole TTL. It holds
// hashes of 128 bits, no request IDs. It is safe for concurrent use.
type Links struct {
	seeds  [2]maphash.Seed
	ttl    int64 // nanoseconds
	shards [linkShards]linkShard
}

type linkShard struct {
	mu    sync.Mutex
	index map[linkKey]int32
	slots []link
	size  int // greatest number of slots
	next  int // the slot that is overwritten next, when all are taken
}

type linkKey [2]uint64

type link struct {
	key   linkKey
	trace [16]byte
	seen  int64 // Unix nanoseconds
	torn  bool  // two traces: keep none
}

// NewLinks returns a table of at most size request IDs, each kept for ttl after it was last seen
// with a trace.
func NewLinks(size int, ttl time.Duration) *Links {
	l := &Links{seeds: [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}, ttl: int64(ttl)}
	for i := range l.shards {
		l.shards[i] = linkShard{index: map[linkKey]int32{}, size: max(1, (size+i)/linkShards)}
	}
	return l
}

func (l *Links) shard(scope, id string) (*linkShard, linkKey) {
	key := linkKey{maphash.String(l.seeds[0], id), maphash.String(l.seeds[1], id)}
	if scope != "" {
		key[0] ^= maphash.String(l.seeds[1], scope)
		key[1] ^= maphash.String(l.seeds[0], scope)
	}
	return &l.shards[key[0]%linkShards], key
}

// Learn notes that a request ID was seen with a trace. IDs of different scopes are different; the
// empty scope is everybody's. It tells whether the ID has lost its trace by that: it was seen with
// another one.
func (l *Links) Learn(scope, id string, trace [16]byte, now time.Time) (torn bool) {
	s, key := l.shard(scope, id)
	at := now.UnixNano()
	s.mu.Lock()
	defer s.mu.Unlock()
	i, known := s.index[key]
	if !known {
		i = s.free()
		s.index[key] = i
		s.slots[i] = link{key: key, trace: trace, seen: at}
		return false
	}
	e := &s.slots[i]
	switch {
	case at-e.seen > l.ttl:
		e.trace, e.torn = trace, false
	case e.torn:
	case !SameTrace(e.trace, trace):
		e.torn, torn = true, true
	default:
		if high, _ := halves(e.trace); high == 0 {
			e.trace = trace // the 64-bit form gives way to the whole
		}
	}
	e.seen = max(e.seen, at)
	return torn
}

// free returns a slot that may be overwritten: a new one, or the oldest.
func (s *linkShard) free() int32 {
	if len(s.slots) < s.size {
		s.slots = append(s.slots, link{})
		return int32(len(s.slots) - 1)
	}
	i := s.next
	s.next = (i + 1) % len(s.slots)
	delete(s.index, s.slots[i].key)
	return int32(i)
}

// Lookup returns the only trace a request ID was seen with.
func (l *Links) Lookup(scope, id string, now time.Time) (trace [16]byte, ok bool) {
	s, key := l.shard(scope, id)
	s.mu.Lock()
	defer s.mu.Unlock()
	i, known := s.index[key]
	if !known || s.slots[i].torn || now.UnixNano()-s.slots[i].seen > l.ttl {
		return trace, false
	}
	return s.slots[i].trace, true
}

// Len returns the number of request IDs in the table, expired ones included.
func (l *Links) Len() int {
	n := 0
	for i := range l.shards {
		s := &l.shards[i]
		s.mu.Lock()
		n += len(s.index)
		s.mu.Unlock()
	}
	return n
}
