package issue_test

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/internal/issue"
)

// TestTracesOverARestart: the records of a trace that tell of one failure count once in every order, wherever among them the
// registry is started again.
func TestTracesOverARestart(t *testing.T) {
	records := []told{
		{issue.SpanEvent, idA, "billing", 3, 2, cause},
		{issue.SpanEvent, idB, "orders", 2, 1, wrapped},
		{issue.SpanEvent, idC, "shop", 1, 0, twice},
		{issue.LogRecord, idA, "billing", 3, 2, cause},
	}
	dir := t.TempDir()
	clock := newClock()
	trace, n, want := byte(0), uint64(0), uint64(0)
	permutations(len(records), func(p []int) {
		for cut := 1; cut < len(p); cut++ {
			trace++
			want++
			r := reopened(t, dir, clock)
			r.n = n
			for i, k := range p {
				if i == cut {
					require.NoError(t, r.Shutdown(context.Background()))
					last := r.n
					r = reopened(t, dir, clock)
					r.n = last
				}
				r.trace(trace, records[k])
			}
			n = r.n
			require.Equal(t, []uint64{want, 0, 0}, r.counts(idA, idB, idC), "%v, restarted before record %d", p, cut)
			require.NoError(t, r.Shutdown(context.Background()))
		}
	})
	r := reopened(t, dir, clock)
	require.Equal(t, map[string]uint64{"billing": want, "orders": want, "shop": want}, r.get(idA).Services)
}
