package errorissueprocessor

import "sync"

const recentShards = 16

// recent remembers what was used last. Two generations bound it: 2 * recentShards * size entries. It is safe for concurrent use.
type recent[V any] struct {
	size   int // of a shard and generation
	shards [recentShards]recentShard[V]
}

type recentKey [2]uint64

type recentShard[V any] struct {
	mu       sync.Mutex
	now, old map[recentKey]V // guarded by mu
}

func (r *recent[V]) get(key recentKey) (V, bool) {
	sh := &r.shards[key[0]%recentShards]
	sh.mu.Lock()
	defer sh.mu.Unlock()
	v, ok := sh.now[key]
	if !ok {
		if v, ok = sh.old[key]; ok {
			sh.put(key, v, r.size)
		}
	}
	return v, ok
}

func (r *recent[V]) put(key recentKey, v V) {
	sh := &r.shards[key[0]%recentShards]
	sh.mu.Lock()
	defer sh.mu.Unlock()
	sh.put(key, v, r.size)
}

// put adds an entry; under the lock.
func (sh *recentShard[V]) put(key recentKey, v V, size int) {
	if len(sh.now) >= size {
		sh.old, sh.now = sh.now, sh.old
		clear(sh.now)
	}
	if sh.now == nil {
		sh.now = make(map[recentKey]V, size)
	}
	sh.now[key] = v
}
