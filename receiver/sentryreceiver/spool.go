package sentryreceiver

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"
)

// budget bounds the memory of everything that came in and is not delivered yet, in bytes.
type budget struct {
	limit int64
	used  atomic.Int64
}

func (b *budget) take(n int64) bool {
	if b.used.Add(n) <= b.limit {
		return true
	}
	b.used.Add(-n)
	return false
}

func (b *budget) give(n int64) { b.used.Add(-n) }

// Times of the spool.
const (
	firstPause = 50 * time.Millisecond
	longPause  = 5 * time.Second
	drainTime  = 5 * time.Second // at shutdown, when its context sets no deadline
)

// spool keeps accepted data that the pipelines do not take for now, in memory, and offers it again,
// oldest first. SDKs throw away what a server refuses.
type spool struct {
	deliver func(ctx context.Context, p *parcel) (retry error)
	lost    func(p *parcel)
	memory  *budget

	mu    sync.Mutex // protects queue
	queue []*parcel
	wake  chan struct{} // holds an element when there is something to do

	cancel context.CancelFunc
	done   sync.WaitGroup
}

func newSpool(s *sentryReceiver, memory *budget) *spool {
	return &spool{deliver: s.deliver, lost: s.countLost, memory: memory, wake: make(chan struct{}, 1)}
}

// add takes what remains of a parcel; false when there is no room.
func (s *spool) add(p *parcel) bool {
	if !s.memory.take(p.size) {
		return false
	}
	s.mu.Lock()
	s.queue = append(s.queue, p)
	s.mu.Unlock()
	select {
	case s.wake <- struct{}{}:
	default:
	}
	return true
}

func (s *spool) start() {
	ctx, cancel := context.WithCancel(context.Background())
	s.cancel = cancel
	s.done.Go(func() { s.run(ctx) })
}

func (s *spool) run(ctx context.Context) {
	pause := firstPause
	for {
		p := s.head()
		if p == nil {
			pause = firstPause
			select {
			case <-ctx.Done():
				return
			case <-s.wake:
			}
			continue
		}
		if s.deliver(ctx, p) == nil {
			s.pop()
			pause = firstPause
			continue
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(pause):
			pause = min(2*pause, longPause)
		}
	}
}

func (s *spool) head() *parcel {
	s.mu.Lock()
	defer s.mu.Unlock()
	if len(s.queue) == 0 {
		return nil
	}
	return s.queue[0]
}

// pop removes the head, which only the one goroutine that delivers does.
func (s *spool) pop() {
	s.mu.Lock()
	p := s.queue[0]
	s.queue[0] = nil
	s.queue = s.queue[1:]
	s.mu.Unlock()
	s.memory.give(p.size)
}

// stop delivers what is left until the deadline and reports what could not be.
func (s *spool) stop(ctx context.Context) error {
	s.cancel()
	s.done.Wait()
	if _, ok := ctx.Deadline(); !ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, drainTime)
		defer cancel()
	}
	for p := s.head(); p != nil; p = s.head() {
		err := s.deliver(ctx, p)
		if err == nil {
			s.pop()
			continue
		}
		select {
		case <-ctx.Done():
			n := len(s.queue)
			for range n {
				s.lost(s.queue[0])
				s.pop()
			}
			return fmt.Errorf("%d requests that were accepted are lost: %w", n, err)
		case <-time.After(firstPause):
		}
	}
	return nil
}
