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
}

// outbox holds the occurrences that the side pipeline has not taken yet. When it is full the oldest
// gives way.
type outbox struct {
	mu      sync.Mutex
	items   []item // guarded by mu; a ring
	head, n int    // guarded by mu
	wake    chan struct{}
}

func newOutbox(size int) *outbox {
	return &outbox{items: make([]item, 0, min(size, 64)), wake: make(chan struct{}, 1)}
}

// put adds an item and tells whether the oldest was dropped for it. size is the bound.
func (o *outbox) put(it item, size int) (dropped bool) {
	o.mu.Lock()
	if o.n == cap(o.items) && o.n < size {
		grown := make([]item, min(max(2*o.n, 64), size))
		for i := range o.n {
			grown[i] = o.items[(o.head+i)%len(o.items)]
		}
		o.items, o.head = grown, 0
	}
	o.items = o.items[:cap(o.items)]
	if o.n == len(o.items) {
		o.items[o.head] = item{}
		o.head = (o.head + 1) % len(o.items)
		o.n--
		dropped = true
	}
	o.items[(o.head+o.n)%len(o.items)] = it
	o.n++
	o.mu.Unlock()
	select {
	case o.wake <- struct{}{}:
	default:
	}
	return dropped
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
		*it = item{}
		o.head = (o.head + 1) % len(o.items)
		o.n--
	}
	return out, time.Time{}
}

func (o *outbox) len() int {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.n
}
