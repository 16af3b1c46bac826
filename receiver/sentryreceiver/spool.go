package sentryreceiver

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"go.uber.org/zap"
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

// spool keeps accepted requests that the pipelines do not take for now and offers them again, oldest
// first: in memory, and in the store where there is one. SDKs throw away what a server refuses.
type spool struct {
	receiver *sentryReceiver
	memory   *budget
	store    *spoolStore // set by start; nil = memory only

	mu    sync.Mutex // protects queue and store
	queue []*parcel
	wake  chan struct{} // holds an element when there is something to do

	cancel context.CancelFunc
	done   sync.WaitGroup
}

func newSpool(s *sentryReceiver, memory *budget) *spool {
	return &spool{receiver: s, memory: memory, wake: make(chan struct{}, 1)}
}

// add takes a parcel; false when there is no room.
func (s *spool) add(p *parcel) bool {
	if !s.memory.take(p.size()) {
		return false
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.store != nil {
		if err := s.store.add(context.Background(), p); err != nil {
			s.memory.give(p.size())
			s.receiver.log.Error("Request cannot be stored and is refused", zap.Error(err))
			return false
		}
	}
	s.queue = append(s.queue, p)
	select {
	case s.wake <- struct{}{}:
	default:
	}
	return true
}

// start takes over what the store has from before.
func (s *spool) start(ctx context.Context, store *spoolStore) error {
	if store != nil {
		parcels, damaged, err := store.load(ctx)
		if err != nil {
			return fmt.Errorf("read the spool: %w", err)
		}
		if damaged > 0 {
			s.receiver.log.Error("Stored requests are damaged and lost", zap.Int("requests", damaged))
		}
		for _, p := range parcels {
			s.memory.used.Add(p.size()) // it was accepted: there is no saying no
		}
		s.queue, s.store = parcels, store
	}
	run, cancel := context.WithCancel(context.Background())
	s.cancel = cancel
	s.done.Go(func() { s.run(run) })
	return nil
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
		if s.offer(ctx, p) == nil {
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

// offer gives a parcel to the pipelines again. The error says that something is left for later.
func (s *spool) offer(ctx context.Context, p *parcel) error {
	b, err := p.batch(s.receiver)
	if err != nil { // it was an envelope when it was accepted: the store gave back something else
		s.receiver.log.Error("Stored request is damaged and lost", zap.Error(err))
		return nil
	}
	before := p.size()
	retry := s.receiver.deliver(ctx, b)
	p.keep(b)
	s.memory.used.Add(p.size() - before)
	return retry
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
	if s.store != nil {
		if err := s.store.remove(context.Background(), p); err != nil {
			s.receiver.log.Error("Delivered request stays in the storage and is sent again after a restart", zap.Error(err))
		}
	}
	s.mu.Unlock()
	s.memory.give(p.size())
}

// stop delivers what is left. What cannot be is in the store for the next start; without one it is
// tried until the deadline, and reported.
func (s *spool) stop(ctx context.Context) error {
	s.cancel()
	s.done.Wait()
	if _, ok := ctx.Deadline(); !ok {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, drainTime)
		defer cancel()
	}
	for p := s.head(); p != nil; p = s.head() {
		err := s.offer(ctx, p)
		if err == nil {
			s.pop()
			continue
		}
		if s.store != nil {
			break
		}
		select {
		case <-ctx.Done():
			n := len(s.queue)
			for range n {
				s.receiver.countLost(s.queue[0])
				s.pop()
			}
			return fmt.Errorf("%d requests that were accepted are lost: %w", n, err)
		case <-time.After(firstPause):
		}
	}
	return s.store.close(ctx)
}
