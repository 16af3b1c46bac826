package issuesconnector

import (
	"sync"

	"github.com/otel-culprit/culprit/internal/issue"
)

// seen remembers the keys of the last occurrences, so that a batch that is sent again is not told
// twice. Two generations bound it: between size and twice size keys are remembered.
type seen struct {
	shards [16]seenShard
}

type seenShard struct {
	mu       sync.Mutex
	now, old map[issue.Key]struct{} // guarded by mu
	size     int
}

func newSeen(size int) *seen {
	s := &seen{}
	for i := range s.shards {
		s.shards[i].size = max(size/len(s.shards), 1)
	}
	return s
}

// add remembers a key and tells whether it is a new one.
func (s *seen) add(k issue.Key) bool {
	sh := &s.shards[k[0]%16]
	sh.mu.Lock()
	defer sh.mu.Unlock()
	if _, ok := sh.now[k]; ok {
		return false
	}
	if _, ok := sh.old[k]; ok {
		return false
	}
	if len(sh.now) >= sh.size {
		sh.old, sh.now = sh.now, nil
	}
	if sh.now == nil {
		sh.now = make(map[issue.Key]struct{})
	}
	sh.now[k] = struct{}{}
	return true
}
