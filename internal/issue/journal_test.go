package issue_test

import (
	"context"
	"encoding/binary"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/issue/store/file"
)

// restartable is a registry over a file that can be started again. end closes the store below it, so that its last
// flush goes nowhere: what a kill leaves.
func restartable(t *testing.T, dir string, keys int) (c *issue.Core, s issue.Store, end func()) {
	t.Helper()
	f, err := file.Open(dir, nil)
	require.NoError(t, err)
	s = f
	c = issue.NewCore(issue.Options{Store: f, MaxNew: -1, Keys: keys, Traces: 64, Flush: 20 * time.Millisecond})
	require.NoError(t, c.Start(t.Context()))
	return c, s, func() {
		require.NoError(t, s.Close())
		_ = c.Shutdown(context.Background())
	}
}

func keyed(n uint64, id string) issue.Occurrence {
	o := issue.Occurrence{Issue: id, Title: "ValueError", Level: "error", Service: "billing", Signal: issue.LogRecord, Time: time.Now()}
	binary.BigEndian.PutUint64(o.Key[:], n)
	return o
}

// TestABatchThatIsSentAgainAfterARestart counts once and gets the same answer.
func TestABatchThatIsSentAgainAfterARestart(t *testing.T) {
	dir := t.TempDir()
	batch := []issue.Occurrence{keyed(1, idA), keyed(2, idA), keyed(3, idB)}
	// The fourth is the same failure as the fifth, told by the caller.
	for n, w := range []told{{issue.SpanEvent, idC, "billing", 2, 1, cause}, {issue.SpanEvent, idB, "shop", 1, 0, wrapped}} {
		o := keyed(uint64(10+n), w.issue)
		o.TraceID[15], o.Signal, o.Service, o.Root = 9, w.signal, w.service, w.root
		o.SpanID[7], o.ParentSpanID[7] = w.span, w.parent
		batch = append(batch, o)
	}
	c, s, end := restartable(t, dir, 0)
	before := c.Judge(t.Context(), batch, nil)
	require.True(t, before[0].First)
	require.True(t, before[4].Repeat)
	counted := func(c *issue.Core) (out []uint64) {
		for _, id := range []string{idA, idB, idC} {
			i, err := c.Get(t.Context(), id)
			require.NoError(t, err)
			out = append(out, i.Count)
		}
		return out
	}
	require.Equal(t, []uint64{2, 1, 1}, counted(c))
	require.Eventually(t, func() bool { // a second of counts is what may be lost
		counts := map[string]uint64{}
		require.NoError(t, s.Scan(t.Context(), func(r *issue.Record) bool { counts[r.ID] = r.Count; return true }))
		return counts[idA] == 2 && counts[idB] == 1 && counts[idC] == 1
	}, time.Minute, 10*time.Millisecond)
	end()

	for range 2 {
		c, _, end = restartable(t, dir, 0)
		after := c.Judge(t.Context(), batch, nil)
		for i := range after {
			require.Equal(t, before[i].Issue, after[i].Issue, i)
			require.Equal(t, before[i].State, after[i].State, i)
			require.Equal(t, before[i].Repeat, after[i].Repeat, i)
			require.Equal(t, before[i].First, after[i].First, i)
		}
		require.Equal(t, []uint64{2, 1, 1}, counted(c))
		v, ok := c.Known(batch[4].Key)
		require.True(t, ok)
		require.True(t, v.Repeat)
		end()
	}
}

// TestTheJournalIsBounded: what is remembered over a restart takes a bounded part of the file.
func TestTheJournalIsBounded(t *testing.T) {
	const keys = 64 * 100
	dir := t.TempDir()
	c, _, end := restartable(t, dir, keys)
	n := uint64(0)
	for range 100 {
		batch := make([]issue.Occurrence, 500)
		for i := range batch {
			n++
			batch[i] = keyed(n, idA)
		}
		c.Judge(t.Context(), batch, nil)
		time.Sleep(5 * time.Millisecond)
	}
	time.Sleep(100 * time.Millisecond)
	end()
	s, err := file.Open(dir, nil)
	require.NoError(t, err)
	size := 0
	require.NoError(t, s.Entries(t.Context(), func(e issue.Entry) bool { size += len(e.Data); return true }))
	require.NoError(t, s.Close())
	require.Positive(t, size)
	require.LessOrEqual(t, size, keys*20+64*128)
}
