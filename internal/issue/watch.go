package issue

import (
	"context"
	"sync"
	"sync/atomic"
	"time"
)

// watchers are those who want to hear of changes.
type watchers struct {
	mu     sync.Mutex
	list   map[chan Update]bool
	late   map[string]bool // issues whose last change was not told yet
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

// tellEvery is how often watchers hear of one issue at most, changes of state apart.
const tellEvery = time.Second

// told returns the update of an issue that was just brought up to date, or remembers to tell of it later; under the
// shard's lock.
func (c *Core) told(e *entry, i *Issue, now time.Time, atOnce bool) (Update, bool) {
	if !c.watch.any() {
		return Update{}, false
	}
	if !atOnce && now.Sub(e.told) < tellEvery {
		c.watch.mu.Lock()
		defer c.watch.mu.Unlock()
		if c.watch.late == nil {
			c.watch.late = map[string]bool{}
		}
		c.watch.late[e.id] = true
		return Update{}, false
	}
	e.told = now
	return Update{Issue: c.summary(i)}, true
}

// tellLate tells of the changes that came too soon after others.
func (c *Core) tellLate(now time.Time) {
	w := &c.watch
	w.mu.Lock()
	late := w.late
	w.late = nil
	w.mu.Unlock()
	for id := range late {
		sh := c.shard(id)
		sh.Lock()
		e := sh.issues[id]
		var i Issue
		switch {
		case e == nil || e.merged != "":
			sh.Unlock()
			continue
		case e.hot != nil && e.hot.rec != nil:
			i = e.fresh(e.hot.rec)
		default:
			i = e.outline()
		}
		u, tell := c.told(e, &i, now, false)
		sh.Unlock()
		if tell {
			w.tell(u)
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
