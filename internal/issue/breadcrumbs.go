package issue

import (
	"slices"
	"sync"
	"sync/atomic"
	"time"
)

// Defaults and bounds of the breadcrumbs.
const (
	defaultCrumbTraces = 20000
	defaultCrumbs      = 30
	maxCrumbBytes      = 2 << 10  // of one record: message and data are cut
	maxTraceBytes      = 32 << 10 // of one trace: its oldest records go
	keptTraceBytes     = 4 << 10  // a buffer that grew larger is not used for the next trace
	firstTraceBytes    = 512      // of a new buffer, at least
)

// Breadcrumbs keeps the last records of each trace, from all services, until an error of the trace
// asks for them. Bounded by traces, records per trace and bytes; sharded by trace ID. The zero value is
// ready to use, and safe for concurrent use.
//
// Records are kept encoded, in one buffer a trace: nearly every record becomes a breadcrumb and hardly one
// is ever read, so that adding must neither allocate nor give the garbage collector anything to follow.
type Breadcrumbs struct {
	ready    sync.Once
	traces   window[crumbTrace]
	perTrace atomic.Int64
}

// crumbTrace are the records of one trace, encoded one after another from buf[from] on.
type crumbTrace struct {
	buf  []byte
	from int32
	n    int32
}

// Resize sets the bounds. The greatest of all callers counts.
func (b *Breadcrumbs) Resize(traces, perTrace int) {
	b.ready.Do(func() {}) // no defaults
	size := max(1, (traces+len(b.traces.shards)-1)/len(b.traces.shards))
	for i := range b.traces.shards {
		b.traces.shards[i].Lock()
	}
	b.traces.size = max(b.traces.size, size)
	for i := range b.traces.shards {
		b.traces.shards[i].Unlock()
	}
	for {
		have := b.perTrace.Load()
		if int64(perTrace) <= have || b.perTrace.CompareAndSwap(have, int64(perTrace)) {
			return
		}
	}
}

// start sets the bounds of those that nobody sized.
func (b *Breadcrumbs) start() {
	b.traces.size = (defaultCrumbTraces + len(b.traces.shards) - 1) / len(b.traces.shards)
	b.perTrace.Store(defaultCrumbs)
}

// Add keeps a record of a trace. [CrumbWriter] is for those of a whole batch.
func (b *Breadcrumbs) Add(trace [16]byte, crumb *Crumb) {
	if trace == ([16]byte{}) {
		return
	}
	var buf, texts [512]byte // most fit
	b.put(trace, crumb.append(buf[:0], crumb.names(texts[:0])), 1)
}

// put keeps n encoded records of a trace.
func (b *Breadcrumbs) put(trace [16]byte, records []byte, n int) {
	b.ready.Do(b.start)
	per := int(b.perTrace.Load())
	for n > 1 && (n > per || len(records) > maxTraceBytes) {
		records = records[encoded(records):]
		n--
	}
	sh, hash := b.traces.shard(trace)
	sh.Lock()
	defer sh.Unlock()
	if t := sh.get(trace, hash); t != nil {
		t.add(records, n, per)
		return
	}
	t := crumbTrace{buf: sh.spare.buf[:0]} // of a trace that was forgotten
	sh.spare = crumbTrace{}
	if cap(t.buf) > keptTraceBytes {
		t.buf = nil
	}
	t.add(records, n, per)
	sh.put(&b.traces, trace, hash, t, time.Time{}) // always the same time: none is too old
}

// add appends records, in place of the oldest ones when there are enough.
func (t *crumbTrace) add(records []byte, n, per int) {
	for t.n > 0 && (int(t.n)+n > per || len(t.buf)-int(t.from)+len(records) > maxTraceBytes) {
		t.from += int32(encoded(t.buf[t.from:]))
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
	t.n += int32(n)
}

// Of returns the records of a trace, oldest first; nil when there are none.
func (b *Breadcrumbs) Of(trace [16]byte) []Breadcrumb {
	sh, hash := b.traces.shard(trace)
	sh.Lock()
	defer sh.Unlock()
	t := sh.get(trace, hash)
	if t == nil {
		return nil
	}
	out := make([]Breadcrumb, t.n)
	rest := t.buf[t.from:]
	for k := range out {
		out[k], rest = decode(rest)
	}
	slices.SortStableFunc(out, func(a, b Breadcrumb) int { return a.Time.Compare(b.Time) })
	return out
}
