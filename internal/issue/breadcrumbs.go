package issue

import (
	"encoding/binary"
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
	keptTraceBytes     = 4 << 10  // a buffer that grew larger is not used for the next trace
	firstTraceBytes    = 512      // of a new buffer, at least
	crumbShards        = 64
)

// Breadcrumbs keeps the last records of each trace, from all services, until an error of the trace
// asks for them. Bounded by traces, records per trace and bytes; sharded by trace ID. The zero value is
// ready to use, and safe for concurrent use.
//
// Records are kept encoded, in one buffer a trace: nearly every record becomes a breadcrumb and hardly one
// is ever read, so that adding must neither allocate nor give the garbage collector anything to follow.
type Breadcrumbs struct {
	traces   atomic.Int64
	perTrace atomic.Int64
	shards   [crumbShards]crumbShard
}

type crumbShard struct {
	sync.Mutex
	index map[[16]byte]int32 // trace -> its place in slots
	slots []crumbTrace       // in the order of arrival, from next on: the oldest trace goes first
	next  int
	_     [64]byte
}

// crumbTrace are the records of one trace, encoded one after another from buf[from] on.
type crumbTrace struct {
	id   [16]byte
	buf  []byte
	from int
	n    int
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
	h := binary.BigEndian.Uint64(trace[:8]) ^ binary.BigEndian.Uint64(trace[8:])
	return &b.shards[mix(h)%crumbShards]
}

// Add keeps a record of a trace. [CrumbWriter] is for those of a whole batch.
func (b *Breadcrumbs) Add(trace [16]byte, crumb *Crumb) {
	if trace == ([16]byte{}) {
		return
	}
	var buf [512]byte // most fit
	b.put(trace, crumb.append(buf[:0], crumb.shorten()), 1)
}

// put keeps n encoded records of a trace.
func (b *Breadcrumbs) put(trace [16]byte, records []byte, n int) {
	limit, per := b.bounds()
	for n > 1 && (n > per || len(records) > maxTraceBytes) {
		records = records[encoded(records):]
		n--
	}
	sh := b.shard(trace)
	sh.Lock()
	defer sh.Unlock()
	i, ok := sh.index[trace]
	if !ok {
		i = sh.enter(trace, limit)
	}
	t := &sh.slots[i]
	for t.n > 0 && (t.n+n > per || len(t.buf)-t.from+len(records) > maxTraceBytes) {
		t.from += encoded(t.buf[t.from:])
		t.n--
	}
	if t.n == 0 {
		t.buf, t.from = t.buf[:0], 0
	} else if t.from > 0 && cap(t.buf)-len(t.buf) < len(records) {
		t.buf = t.buf[:copy(t.buf, t.buf[t.from:])]
		t.from = 0
	}
	if t.buf == nil {
		t.buf = make([]byte, 0, max(firstTraceBytes, len(records)+len(records)/2))
	}
	t.buf = append(t.buf, records...)
	t.n += n
}

// enter adds a trace, in place of the oldest one when there are enough, and returns its place.
func (sh *crumbShard) enter(trace [16]byte, limit int) int32 {
	if sh.index == nil {
		sh.index = map[[16]byte]int32{}
	}
	i := sh.next
	// The bound may be raised later: the list then grows when the oldest trace is its first.
	if i == 0 && len(sh.slots) < limit {
		i = len(sh.slots)
		sh.slots = append(sh.slots, crumbTrace{})
	} else {
		delete(sh.index, sh.slots[i].id)
		sh.next = (i + 1) % len(sh.slots)
	}
	t := &sh.slots[i]
	t.id, t.buf, t.from, t.n = trace, t.buf[:0], 0, 0
	if cap(t.buf) > keptTraceBytes {
		t.buf = nil
	}
	sh.index[trace] = int32(i)
	return int32(i)
}

// Of returns the records of a trace, oldest first; nil when there are none.
func (b *Breadcrumbs) Of(trace [16]byte) []Breadcrumb {
	sh := b.shard(trace)
	sh.Lock()
	defer sh.Unlock()
	i, ok := sh.index[trace]
	if !ok {
		return nil
	}
	t := &sh.slots[i]
	out := make([]Breadcrumb, t.n)
	rest := t.buf[t.from:]
	for k := range out {
		out[k], rest = decode(rest)
	}
	slices.SortStableFunc(out, func(a, b Breadcrumb) int { return a.Time.Compare(b.Time) })
	return out
}
