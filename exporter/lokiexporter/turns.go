package lokiexporter

import (
	"context"
	"fmt"
	"hash/maphash"
	"slices"
	"time"
)

// turns lets one push of a stream be on its way at a time.
//
// Loki numbers the entries of a stream before it writes them to its write-ahead log, and holds no lock in between. Of two
// pushes at once the later one can be written first: a Loki that restarts then takes the earlier one, which it had
// acknowledged, for a copy and drops it whole (grafana/loki v3.7.8, pkg/ingester: instance.Push, stream.Push; counted there as
// loki_ingester_wal_duplicate_entries_total).
type turns struct {
	seed  maphash.Seed
	slots [256]chan struct{} // streams share slots: bounded memory, at the price of a few needless waits
}

func newTurns() *turns {
	t := &turns{seed: maphash.MakeSeed()}
	for i := range t.slots {
		t.slots[i] = make(chan struct{}, 1)
	}
	return t
}

// take waits until no other push of the request's streams is on its way, at most as long as a push may take (0 = as long as
// ctx lives): so a server that does not answer delays a shutdown by two such times, not by one for each of the queue's consumers.
func (t *turns) take(ctx context.Context, r *request, limit time.Duration) (release func(), err error) {
	if limit > 0 {
		var cancel context.CancelFunc
		ctx, cancel = context.WithTimeout(ctx, limit)
		defer cancel()
	}
	slots := t.of(r)
	for n, i := range slots {
		select {
		case t.slots[i] <- struct{}{}:
		case <-ctx.Done():
			t.release(slots[:n])
			return nil, fmt.Errorf("wait for an earlier push of the same stream to Loki: %w", ctx.Err())
		}
	}
	return func() { t.release(slots) }, nil
}

func (t *turns) release(slots []int) {
	for _, i := range slots {
		<-t.slots[i]
	}
}

// of returns the slots of a request's streams, each once and in order: requests that share several don't wait for each other.
func (t *turns) of(r *request) []int {
	slots := make([]int, len(r.streams))
	for i := range r.streams {
		var h maphash.Hash
		h.SetSeed(t.seed)
		_, _ = h.WriteString(r.tenant)
		_ = h.WriteByte(0)
		_, _ = h.WriteString(r.streams[i].labels)
		slots[i] = int(h.Sum64() % uint64(len(t.slots)))
	}
	slices.Sort(slots)
	return slices.Compact(slots)
}
