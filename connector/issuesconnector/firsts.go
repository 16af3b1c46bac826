package issuesconnector

import (
	"sync"

	"github.com/otel-culprit/culprit/internal/issue"
)

// Bounds of the first occurrences that are kept until the registry tells of them.
const (
	maxFirsts     = 1000
	maxFirstBytes = 64 << 10 // of one; a larger one is told as the registry has it
)

// firsts keeps the records of new issues' first occurrences. The registry's outbox tells that they
// are to be told of, also after a crash; the record itself has more than the registry's sample: the
// types of its resource attributes, and the attributes that are wanted as tags.
type firsts struct {
	mu    sync.Mutex
	items map[issue.Key]item // guarded by mu
	ring  []issue.Key        // guarded by mu; in the order of their coming
	next  int                // guarded by mu
}

func (f *firsts) put(it item) {
	if it.size > maxFirstBytes {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.items == nil {
		f.items = make(map[issue.Key]item)
	}
	f.items[it.key] = it
	if len(f.ring) < maxFirsts {
		f.ring = append(f.ring, it.key)
		return
	}
	delete(f.items, f.ring[f.next])
	f.ring[f.next] = it.key
	f.next = (f.next + 1) % maxFirsts
}

func (f *firsts) get(key issue.Key) (item, bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	it, ok := f.items[key]
	return it, ok
}

// remove forgets what was told of.
func (f *firsts) remove(key issue.Key) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.items, key)
}
