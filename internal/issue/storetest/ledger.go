package storetest

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/internal/issue"
)

// testLedger: a line is there with its cell or not at all, and is removed once, with the change that counts it.
func testLedger(t *testing.T, target Target, s issue.Store) {
	one, two := twins(t, target, s)
	line := func(id uint64) issue.Line {
		return issue.Line{Ledger: "one.1", ID: id, Data: []byte{0, 255, byte(id)}}
	}
	swap := func(cell, old string, lines ...issue.Line) issue.Swapped {
		t.Helper()
		w := issue.Swap{Cell: cell, New: []byte("x"), Lines: lines}
		if old != "" {
			w.Old = []byte(old)
		}
		out, err := one.Swap(t.Context(), "one.1", []issue.Swap{w}, time.Minute)
		require.NoError(t, err)
		return out[0]
	}
	left := func() []issue.Line {
		t.Helper()
		lines, err := two.AdoptLedger(t.Context(), "one.1", 1000)
		require.NoError(t, err)
		slices.SortFunc(lines, func(a, b issue.Line) int { return int(a.ID) - int(b.ID) })
		return slices.CompactFunc(lines, func(a, b issue.Line) bool { return a.ID == b.ID })
	}
	count := func(st issue.Store, by uint64, lines ...issue.Line) (gone []int) {
		t.Helper()
		tx := change("a", add(by))
		tx.Lines = func() []issue.Line { return lines }
		tx.Gone = func(index []int) {
			gone = append(gone, index...)
			lines = nil
			tx.Apply = change("a", add(0)).Apply
		}
		update(t, st, tx)
		return gone
	}

	total := func() uint64 { return open(t, two, "a").Count }

	require.True(t, swap("c1", "", line(1)).Closed, "it is not open")
	require.NoError(t, one.OpenLedger(t.Context(), "one.1", nil, time.Minute))
	require.True(t, swap("c1", "", line(1)).OK)
	require.True(t, swap("c2", "", line(2), line(3)).OK)
	require.True(t, swap("c3", "", line(4), line(5)).OK)
	require.False(t, swap("c2", "other", line(9)).OK)
	require.Empty(t, count(one, 1, line(1)))

	alive, orphans, err := two.KeepLedger(t.Context(), "two.1", time.Minute)
	require.NoError(t, err)
	require.False(t, alive)
	require.Empty(t, orphans, "its process lives")
	alive, _, err = one.KeepLedger(t.Context(), "one.1", time.Millisecond)
	require.NoError(t, err)
	require.True(t, alive)
	require.Eventually(t, func() bool {
		if target.Pass != nil {
			target.Pass(time.Second)
		}
		_, orphans, err := two.KeepLedger(t.Context(), "two.1", time.Minute)
		return err == nil && slices.Equal(orphans, []string{"one.1"})
	}, 10*time.Second, 10*time.Millisecond)

	require.Equal(t, []issue.Line{line(2), line(3), line(4), line(5)}, left())
	require.True(t, swap("c9", "", line(9)).Closed, "it was adopted")
	require.Empty(t, count(two, 10, line(2), line(3)), "the first to remove them counts them")
	require.Equal(t, []int{0, 1}, count(one, 100, line(2), line(3), line(4)))
	require.EqualValues(t, 11, total())
	require.Equal(t, []issue.Line{line(4), line(5)}, left())

	// Its process drops one itself.
	require.NoError(t, one.OpenLedger(t.Context(), "one.2", []issue.ClosedLedger{{Name: "one.1", Drop: []uint64{5, 77}}}, time.Minute))
	require.Equal(t, []issue.Line{line(4)}, left())
	require.Empty(t, count(two, 1000, line(4)))
	require.Empty(t, left())
	_, orphans, err = two.KeepLedger(t.Context(), "two.1", time.Minute)
	require.NoError(t, err)
	require.Empty(t, orphans)
	require.EqualValues(t, 1011, total())
}
