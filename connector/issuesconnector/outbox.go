package issuesconnector

import (
	"sync"
	"time"

	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otel-culprit/culprit/internal/issue"
)

// item is an occurrence on its way out: a copy of the record that told of it.
type item struct {
	key       issue.Key
	due       time.Time // not before
	verdict   issue.Verdict
	logs      plog.Logs     // one log record, or
	traces    ptrace.Traces // one span with at most one event
	isSpan    bool
	milestone uint64 // the event is a milestone's
	size      int    // of the copy, in bytes of OTLP
}

// measure sets the size of the copy.
func (it *item) measure() {
	if it.isSpan {
		it.size = (&ptrace.ProtoMarshaler{}).TracesSize(it.traces)
		return
	}
	it.size = (&plog.ProtoMarshaler{}).LogsSize(it.logs)
}

// maxOutboxBytes bounds the outbox besides the number of its events.
const maxOutboxBytes = 64 << 20

// outbox holds the occurrences that the side pipeline has not taken yet. When it is full the oldest
// give way.
type outbox struct {
	mu      sync.Mutex
	items   []item // guarded by mu; a ring
	head, n int    // guarded by mu
	bytes   int    // guarded by mu
	wake    chan struct{}
}

func newOutbox() *outbox { return &outbox{wake: make(chan struct{}, 1)} }

// put adds an item and returns how many of the oldest were dropped for it. size is the bound in items.
func (o *outbox) put(it item, size int) (dropped int) {
	o.mu.Lock()
	if o.n == len(o.items) && o.n < size {
		grown := make([]item, min(max(2*o.n, 64), size))
		for i := range o.n {
			grown[i] = o.items[(o.head+i)%len(o.items)]
		}
		o.items, o.head = grown, 0
	}
	for o.n > 0 && (o.n == len(o.items) || o.bytes+it.size > maxOutboxBytes) {
		o.drop()
		dropped++
	}
	o.items[(o.head+o.n)%len(o.items)] = it
	o.n++
	o.bytes += it.size
	o.mu.Unlock()
	select {
	case o.wake <- struct{}{}:
	default:
	}
	return dropped
}

// drop removes the oldest; under the lock.
func (o *outbox) drop() {
	o.bytes -= o.items[o.head].size
	o.items[o.head] = item{}
	o.head = (o.head + 1) % len(o.items)
	o.n--
}

// take removes up to limit items that are due and returns when the next one is; zero = there is none.
func (o *outbox) take(limit int, now time.Time, all bool) (out []item, next time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	for o.n > 0 {
		it := &o.items[o.head]
		if len(out) == limit {
			return out, now
		}
		if !all && it.due.After(now) {
			return out, it.due
		}
		out = append(out, *it)
		o.drop()
	}
	return out, time.Time{}
}

func (o *outbox) len() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.n
}
