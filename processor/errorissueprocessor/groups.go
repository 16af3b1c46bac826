package errorissueprocessor

import (
	"hash/maphash"

	"github.com/otel-culprit/culprit/internal/grouping"
	"github.com/otel-culprit/culprit/internal/stacktrace"
)

// The bounds of the caches: an entry takes about twice its text.
const (
	groupEntries = 64 // of a shard and generation
	maxGrouped   = 8 << 10
	tailEntries  = 16
	maxTail      = 16 << 10
)

// groups remembers to which issues the last errors belong: an error that comes again and again is
// parsed once. Of one that has a message of its own each time, which its stack begins with, the frames are parsed once.
// Grouping is a pure function of its input, so what is remembered is always right. Results are shared; nobody may change them.
type groups struct {
	grouper *grouping.Grouper
	off     bool // user rules look at attributes, which are not part of the key
	results recent[*grouping.Result]
	tails   recent[*stacktrace.Tail]
}

func newGroups(grouper *grouping.Grouper, rules bool) *groups {
	g := &groups{grouper: grouper, off: rules}
	g.results.size, g.tails.size = groupEntries, tailEntries
	return g
}

// group returns the issue of an error.
func (g *groups) group(in *grouping.Input) *grouping.Result {
	if g.off || len(in.Stack)+len(in.Body)+len(in.Message) > maxGrouped {
		return g.read(in)
	}
	key := keyOf(in)
	r, ok := g.results.get(key)
	if !ok {
		r = g.read(in)
		g.results.put(key, r)
	}
	return r
}

// read groups an error that is not remembered.
func (g *groups) read(in *grouping.Input) *grouping.Result {
	at, ok := stacktrace.TailOf(in.Stack)
	if !ok || len(in.Stack) > maxTail {
		result := g.grouper.Group(in)
		return &result
	}
	key := hashed(string(in.Language), in.Stack[at:])
	tail, known := g.tails.get(key)
	result := g.grouper.GroupTail(in, tail)
	if !known {
		// What is no tail is remembered, too, so that it is not tried again.
		tail, _ = stacktrace.NewTail(in.Stack, in.Language, &result.Trace)
		g.tails.put(key, tail)
	}
	return &result
}

// Two seeds of this process make 128 bits that nobody outside can foresee.
var groupSeeds = [2]maphash.Seed{maphash.MakeSeed(), maphash.MakeSeed()}

// keyOf hashes everything that grouping looks at.
func keyOf(in *grouping.Input) recentKey {
	return hashed(in.Service, string(in.Language), in.Type, in.Message, in.Stack, in.Body, in.Template, in.Operation, in.Status)
}

// hashed hashes texts. A text's place counts too: no one can stand in for another.
func hashed(texts ...string) recentKey {
	const prime = 0x9e3779b97f4a7c15
	var key recentKey
	for i, seed := range groupSeeds {
		h := uint64(0)
		for _, s := range texts {
			h *= prime
			if s != "" {
				h ^= maphash.String(seed, s)
			}
		}
		key[i] = h
	}
	return key
}
