package errorissueprocessor

import (
	"hash/maphash"
	"sync"

	"github.com/otel-culprit/culprit/internal/grouping"
)

// The bounds of the cache: an entry takes about twice its text.
const (
	groupShards  = 16
	groupEntries = 64 // of a shard and generation
	maxGrouped   = 8 << 10
)

// groups remembers to which issues the last errors belong: an error that comes again and again is
// parsed once. Grouping is a pure function of its input, so what is remembered is always right. Two
// generations bound it. Results are shared; nobody may change them.
type groups struct {
	grouper *grouping.Grouper
	off     bool // user rules look at attributes, which are not part of the key
	shards  [groupShards]groupShard
}

type groupKey [2]uint64

type groupShard struct {
	mu       sync.Mutex
	now, old map[groupKey]*grouping.Result // guarded by mu
}

// group returns the issue of an error.
func (g *groups) group(in *grouping.Input) *grouping.Result {
	if g.off || len(in.Stack)+len(in.Body)+len(in.Message) > maxGrouped {
		result := g.grouper.Group(in)
		return &result
	}
	key := keyOf(in)
	sh := &g.shards[key[0]%groupShards]
	sh.mu.Lock()
	r, ok := sh.now[key]
	if !ok {
		if r, ok = sh.old[key]; ok {
			sh.put(key, r)
		}
	}
	sh.mu.Unlock()
	if ok {
		return r
	}
	result := g.grouper.Group(in)
	sh.mu.Lock()
	sh.put(key, &result)
	sh.mu.Unlock()
	return &result
}

// put adds an entry; under the lock.
func (sh *groupShard) put(key groupKey, r *grouping.Result) {
	if len(sh.now) >= groupEntries {
		sh.old, sh.now = sh.now, nil
	}
	if sh.now == nil {
		sh.now = make(map[groupKey]*grouping.Result, groupEntries)
	}
	sh.now[key] = r
}

// Two seeds of this process make 128 bits that nobody outside can foresee.
var groupSeeds = [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}

// keyOf hashes everything that grouping looks at. A text's place counts too: no field can stand in for
// another.
func keyOf(in *grouping.Input) groupKey {
	const prime = 0x9e3779b97f4a7c15
	var key groupKey
	for i, seed := range groupSeeds {
		h := uint64(0)
		for _, s := range [...]string{
			in.Service, string(in.Language), in.Type, in.Message, in.Stack, in.Body, in.Template, in.Operation, in.Status,
		} {
			h *= prime
			if s != "" {
				h ^= maphash.String(seed, s)
			}
		}
		key[i] = h
	}
	return key
}
