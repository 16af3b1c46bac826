package issue

import (
	"slices"
	"sync"
	"sync/atomic"
)

// Defaults and bounds of the breadcrumbs.
const (
	defaultCrumbTraces = 20000
	defaultCrumbs      = 30
	maxCrumbBytes      = 2 << 10  // of one record: message and data are cut
	maxTraceBytes      = 32 << 10 // of one trace: its oldest records go
	crumbShards        = 64
)

// Breadcrumbs keeps the last records of each trace, from all services, until an error of the trace
// asks for them. Bounded by traces, records per trace and bytes; sharded by trace ID. The zero value is
// ready to use, and safe for concurrent use.
type Breadcrumbs struct {
	traces   atomic.Int64
	perTrace atomic.Int64
	shards   [crumbShards]crumbShard
}

type crumbShard struct {
	sync.Mutex
	traces map[[16]byte]*crumbTrace
	ring   [][16]byte // in the order of arrival, from next on: the oldest trace goes first
	next   int
	_      [64]byte
}

type crumbTrace struct {
	crumbs []Breadcrumb // a ring, oldest at start
	start  int
	bytes  int
}

// Resize sets the bounds. The greatest of all callers counts.
func (b *Breadcrumbs) Resize(traces, perTrace int) {
	raise(&b.traces, int64(traces))
	raise(&b.perTrace, int64(perTrace))
}

func raise(v *atomic.Int64, to int64) {
	for {
		have := v.Load()
		if to <= have || v.CompareAndSwap(have, to) {
			return
		}
	}
}

func (b *Breadcrumbs) bounds() (tracesPerShard, perTrace int) {
	traces, per := b.traces.Load(), b.perTrace.Load()
	if traces == 0 {
		traces = defaultCrumbTraces
	}
	if per == 0 {
		per = defaultCrumbs
	}
	return int((traces + crumbShards - 1) / crumbShards), int(per)
}

func (b *Breadcrumbs) shard(trace [16]byte) *crumbShard {
	h := uint64(0)
	for i := 8; i < 16; i++ {
		h = h<<8 | uint64(trace[i]^trace[i-8])
	}
	return &b.shards[mix(h)%crumbShards]
}

// Add keeps a record of a trace. The caller must not change crumb.Data afterwards.
func (b *Breadcrumbs) Add(trace [16]byte, crumb Breadcrumb) {
	if trace == ([16]byte{}) {
		return
	}
	limit, per := b.bounds()
	crumb.Message = clip(crumb.Message, maxCrumbBytes)
	size := crumb.size()
	if size > maxCrumbBytes {
		crumb.Data = nil
		size = crumb.size()
	}
	sh := b.shard(trace)
	sh.Lock()
	defer sh.Unlock()
	t := sh.traces[trace]
	if t == nil {
		t = &crumbTrace{}
		sh.enter(trace, t, limit)
	}
	if len(t.crumbs) < per {
		t.unroll()
		t.crumbs = append(t.crumbs, crumb)
	} else {
		t.bytes -= t.crumbs[t.start].size()
		t.crumbs[t.start] = crumb
		t.start = (t.start + 1) % len(t.crumbs)
	}
	for t.bytes += size; t.bytes > maxTraceBytes && len(t.crumbs) > 1; {
		t.unroll()
		t.bytes -= t.crumbs[0].size()
		t.crumbs = slices.Delete(t.crumbs, 0, 1)
	}
}

// enter adds a trace, in place of the oldest one when there are enough.
func (sh *crumbShard) enter(trace [16]byte, t *crumbTrace, limit int) {
	if sh.traces == nil {
		sh.traces = map[[16]byte]*crumbTrace{}
	}
	if len(sh.ring) < limit {
		// The bound may have been raised: the ring grows where its oldest element is.
		sh.ring = slices.Insert(sh.ring, sh.next, trace)
		sh.next = (sh.next + 1) % limit
		if sh.next > len(sh.ring) {
			sh.next = 0
		}
	} else {
		delete(sh.traces, sh.ring[sh.next])
		sh.ring[sh.next] = trace
		sh.next = (sh.next + 1) % len(sh.ring)
	}
	sh.traces[trace] = t
}

// unroll puts the oldest record first in memory.
func (t *crumbTrace) unroll() {
	if t.start == 0 {
		return
	}
	t.crumbs = append(slices.Clone(t.crumbs[t.start:]), t.crumbs[:t.start]...)
	t.start = 0
}

// size in bytes, about.
func (c *Breadcrumb) size() int {
	n := 128 + len(c.Service) + len(c.Category) + len(c.Level) + len(c.Message) + len(c.SpanID)
	for k, v := range c.Data {
		n += 32 + len(k) + len(v)
	}
	return n
}

// Of returns the records of a trace, oldest first; nil when there are none.
func (b *Breadcrumbs) Of(trace [16]byte) []Breadcrumb {
	sh := b.shard(trace)
	sh.Lock()
	defer sh.Unlock()
	t := sh.traces[trace]
	if t == nil || len(t.crumbs) == 0 {
		return nil
	}
	out := make([]Breadcrumb, 0, len(t.crumbs))
	out = append(append(out, t.crumbs[t.start:]...), t.crumbs[:t.start]...)
	slices.SortStableFunc(out, func(a, b Breadcrumb) int { return a.Time.Compare(b.Time) })
	return out
}
