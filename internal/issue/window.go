package issue

import (
	"encoding/binary"
	"sync"
	"time"
)

// window is a bounded map that forgets the oldest first: each shard is a ring of entries in the order of their
// arrival, with an index over it. A look costs one access to the index, where most are answered "no", and one to the
// entry; putting allocates nothing once the ring has grown. An entry lives for twice the age, or until the bound is
// reached.
type window[V any] struct {
	shards [64]windowShard[V]
	size   int   // entries of one shard
	age    int64 // seconds
}

type windowShard[V any] struct {
	sync.Mutex
	ring   []windowEntry[V] // a deque: used entries from oldest on
	oldest int
	used   int
	index  []windowCell // open addressing with linear probing; a power of two, at most half full
	spare  V            // the value that was forgotten last, to be used again
	_      [64]byte     // a cache line of its own
}

type windowEntry[V any] struct {
	id    [16]byte
	at    int64 // unix seconds
	hash  uint32
	value V
}

type windowCell struct {
	hash uint32
	slot uint32 // place in the ring + 1; 0 = free
}

const windowStart = 16 // entries of a new shard

func newWindow[V any](entries int, age time.Duration) *window[V] {
	return &window[V]{size: max(entries/64, windowStart), age: 2 * int64(age/time.Second)}
}

// shard of an ID, and its hash within it. Trace IDs may have random bits only in their lower half.
func (w *window[V]) shard(id [16]byte) (*windowShard[V], uint32) {
	h := mix(binary.LittleEndian.Uint64(id[8:]) ^ binary.LittleEndian.Uint64(id[:8]))
	return &w.shards[h%uint64(len(w.shards))], uint32(h >> 32)
}

// get returns an entry's value, which may be changed in place; nil = none. Like all others it wants the shard's lock.
func (s *windowShard[V]) get(id [16]byte, hash uint32) *V {
	if len(s.index) == 0 {
		return nil
	}
	mask := uint32(len(s.index) - 1)
	for i := hash & mask; s.index[i].slot != 0; i = (i + 1) & mask {
		if c := s.index[i]; c.hash == hash && s.ring[c.slot-1].id == id {
			return &s.ring[c.slot-1].value
		}
	}
	return nil
}

// put adds an entry that is not there yet.
func (s *windowShard[V]) put(w *window[V], id [16]byte, hash uint32, v V, now time.Time) {
	at := now.Unix()
	for n := 0; n < 2 && s.used > 0 && at-s.ring[s.oldest].at > w.age; n++ {
		s.forget()
	}
	if s.used == len(s.ring) {
		if s.used < w.size {
			s.grow(w.size)
		} else {
			s.forget()
		}
	}
	slot := (s.oldest + s.used) % len(s.ring)
	s.used++
	s.ring[slot] = windowEntry[V]{id, at, hash, v}
	s.link(hash, slot)
}

func (s *windowShard[V]) link(hash uint32, slot int) {
	mask := uint32(len(s.index) - 1)
	i := hash & mask
	for s.index[i].slot != 0 {
		i = (i + 1) & mask
	}
	s.index[i] = windowCell{hash, uint32(slot + 1)}
}

// grow doubles the ring, at most to size, and makes the index anew.
func (s *windowShard[V]) grow(size int) {
	ring := make([]windowEntry[V], min(max(2*len(s.ring), windowStart), size))
	n := copy(ring, s.ring[s.oldest:])
	copy(ring[n:], s.ring[:s.oldest])
	cells := 2 * windowStart
	for cells < 2*len(ring) {
		cells *= 2
	}
	s.ring, s.oldest, s.index = ring, 0, make([]windowCell, cells)
	for i := range s.used {
		s.link(ring[i].hash, i)
	}
}

// forget removes the oldest entry.
func (s *windowShard[V]) forget() {
	e := &s.ring[s.oldest]
	mask := uint32(len(s.index) - 1)
	i := e.hash & mask
	for s.index[i].slot != uint32(s.oldest+1) {
		i = (i + 1) & mask
	}
	// Those behind it move up, so that no look ends at the gap.
	for j := (i + 1) & mask; s.index[j].slot != 0; j = (j + 1) & mask {
		if home := s.index[j].hash & mask; (j-home)&mask >= (j-i)&mask {
			s.index[i] = s.index[j]
			i = j
		}
	}
	s.index[i] = windowCell{}
	s.spare = e.value
	*e = windowEntry[V]{}
	s.oldest = (s.oldest + 1) % len(s.ring)
	s.used--
}
