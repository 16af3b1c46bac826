package errorissueprocessor

import (
	"sync"
	"sync/atomic"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

const traceShards = 64

// traceSet remembers which traces have an issue, so that their later spans can be marked. It is
// bounded; the oldest trace is forgotten first.
type traceSet struct {
	used   atomic.Bool
	shards [traceShards]traceShard
}

type traceShard struct {
	mu   sync.Mutex
	has  map[pcommon.TraceID]struct{} // guarded by mu
	ring []pcommon.TraceID            // guarded by mu; in the order of their coming
	next int                          // guarded by mu
	size int
}

func newTraceSet(size int) *traceSet {
	s := &traceSet{}
	for i := range s.shards {
		s.shards[i].size = (size + traceShards - 1) / traceShards
	}
	return s
}

func (s *traceSet) shard(id pcommon.TraceID) *traceShard {
	return &s.shards[id[15]%traceShards]
}

func (s *traceSet) add(id pcommon.TraceID) {
	sh := s.shard(id)
	if id.IsEmpty() || sh.size == 0 {
		return
	}
	s.used.Store(true)
	sh.mu.Lock()
	defer sh.mu.Unlock()
	if _, ok := sh.has[id]; ok {
		return
	}
	if sh.has == nil {
		sh.has = make(map[pcommon.TraceID]struct{})
	}
	sh.has[id] = struct{}{}
	if len(sh.ring) < sh.size {
		sh.ring = append(sh.ring, id)
		return
	}
	delete(sh.has, sh.ring[sh.next])
	sh.ring[sh.next] = id
	sh.next = (sh.next + 1) % sh.size
}

func (s *traceSet) contains(id pcommon.TraceID) bool {
	if !s.used.Load() || id.IsEmpty() {
		return false
	}
	sh := s.shard(id)
	sh.mu.Lock()
	defer sh.mu.Unlock()
	_, ok := sh.has[id]
	return ok
}
