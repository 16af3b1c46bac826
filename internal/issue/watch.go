package issue

import (
	"context"
	"sync"
	"sync/atomic"
)

// watchers are those who want to hear of changes.
type watchers struct {
	mu     sync.Mutex
	list   map[chan Update]bool
	n      atomic.Int32
	closed bool
}

// maxWatchers bounds open streams.
const maxWatchers = 256

func (w *watchers) any() bool { return w.n.Load() > 0 }

// tell never waits: who is too slow misses something.
func (w *watchers) tell(u Update) {
	if !w.any() {
		return
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	for ch := range w.list {
		select {
		case ch <- u:
		default:
		}
	}
}

func (w *watchers) close() {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.closed = true
	for ch := range w.list {
		delete(w.list, ch)
		close(ch)
	}
	w.n.Store(0)
}

func (w *watchers) remove(ch chan Update) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.list[ch] {
		delete(w.list, ch)
		close(ch)
		w.n.Store(int32(len(w.list)))
	}
}

// Watch implements [Source]. The channel is closed when ctx ends, at shutdown, and at once when there are too
// many watchers.
func (c *Core) Watch(ctx context.Context) <-chan Update {
	w := &c.watch
	ch := make(chan Update, 256)
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.closed || len(w.list) >= maxWatchers {
		close(ch)
		return ch
	}
	if w.list == nil {
		w.list = map[chan Update]bool{}
	}
	w.list[ch] = true
	w.n.Store(int32(len(w.list)))
	context.AfterFunc(ctx, func() { w.remove(ch) })
	return ch
}
