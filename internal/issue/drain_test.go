package issue_test

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/issue/store/memory"
)

// refusing is a store whose first write fails when something else was counted meanwhile.
type refusing struct {
	issue.Store
	meanwhile func()
	counts    map[string]uint64
}

func (s *refusing) Update(ctx context.Context, txs []*issue.Tx) error {
	if f := s.meanwhile; f != nil {
		s.meanwhile = nil
		f()
		return errors.New("disk on fire")
	}
	return s.Store.Update(ctx, txs)
}

// Close is the last moment to look.
func (s *refusing) Close() error {
	err := s.Scan(context.Background(), func(r *issue.Record) bool {
		s.counts[r.ID] = r.Count
		return true
	})
	return errors.Join(err, s.Store.Close())
}

// What was counted while an earlier write failed is written by Shutdown too.
func TestShutdownWritesAll(t *testing.T) {
	store := &refusing{Store: memory.New(), counts: map[string]uint64{}}
	core := issue.NewCore(issue.Options{Store: store, Flush: time.Hour, FlushNew: 2 * time.Millisecond})
	require.NoError(t, core.Start(t.Context()))
	occurrence := func(n byte) issue.Occurrence {
		return issue.Occurrence{Key: issue.Key{n}, Issue: "a", Title: "Error", Service: "shop", Time: time.Now()}
	}
	failed := make(chan struct{})
	store.meanwhile = func() {
		core.Judge(t.Context(), []issue.Occurrence{occurrence(2), occurrence(3)}, nil)
		close(failed)
	}
	core.Judge(t.Context(), []issue.Occurrence{occurrence(1)}, nil)
	<-failed
	require.NoError(t, core.Shutdown(t.Context()))
	require.Equal(t, map[string]uint64{"a": 3}, store.counts)
}
