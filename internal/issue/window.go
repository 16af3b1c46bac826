package issue

import (
	"encoding/binary"
	"sync"
	"time"
)

// window is a bounded map that forgets: each shard has two generations, and when the young one is full or
// old enough the other one goes. So an entry lives at least as long as half of the bound lasts, at most
// twice the age.
type window[K comparable, V any] struct {
	shards [64]windowShard[K, V]
	size   int // of one generation of one shard
	age    time.Duration
}

type windowShard[K comparable, V any] struct {
	sync.Mutex
	young, old map[K]V
	since      time.Time
	_          [64]byte // a cache line of its own
}

func newWindow[K comparable, V any](entries int, age time.Duration) *window[K, V] {
	w := &window[K, V]{size: max(entries/2/64, 16), age: age}
	for i := range w.shards {
		w.shards[i].young = map[K]V{}
	}
	return w
}

// shard of an ID by 16 of its bytes. Trace IDs may have random bits only in their lower half.
func (w *window[K, V]) shard(id [16]byte) *windowShard[K, V] {
	h := mix(binary.LittleEndian.Uint64(id[8:]) ^ binary.LittleEndian.Uint64(id[:8]))
	return &w.shards[h%uint64(len(w.shards))]
}

// get and put want the shard's lock.
func (s *windowShard[K, V]) get(k K) (V, bool) {
	if v, ok := s.young[k]; ok {
		return v, true
	}
	v, ok := s.old[k]
	return v, ok
}

func (s *windowShard[K, V]) put(w *window[K, V], k K, v V, now time.Time) {
	if len(s.young) >= w.size || (len(s.young) > 0 && now.Sub(s.since) > w.age) {
		s.old, s.young, s.since = s.young, make(map[K]V, len(s.young)), now
	} else if len(s.young) == 0 {
		s.since = now
	}
	s.young[k] = v
}
