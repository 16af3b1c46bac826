package storetest

import (
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/internal/issue"
)

func twins(t *testing.T, target Target, s issue.Store) (one, two issue.Shared) {
	t.Helper()
	if target.Twin == nil {
		t.Skip("this store belongs to one process")
	}
	other := target.Twin(t, s)
	t.Cleanup(func() { _ = other.Close() })
	return s.(issue.Shared), other.(issue.Shared)
}

func testTwins(t *testing.T, target Target, s issue.Store) {
	one, two := twins(t, target, s)
	update(t, one, change("a", add(1)))
	mine := open(t, one, "a")
	update(t, two, change("a", add(10)))
	// One still thinks that its record is the stored one; its change is made over the fresh one.
	tx := change("a", add(100))
	tx.Known = []*issue.Record{mine}
	update(t, one, tx)
	require.EqualValues(t, 111, open(t, two, "a").Count)

	require.NoError(t, one.Subscribe(t.Context(), "c", start))
	update(t, two, notify("a", "one", "two", "three"))
	a, b := claim(t, one, "c", 2, start), claim(t, two, "c", 2, start)
	require.Len(t, a, 2)
	require.Len(t, b, 1, "what one has claimed the other does not get")
	require.Equal(t, "three", b[0].Name)

	got, err := two.Lease(t.Context(), "x", "two", start, time.Minute)
	require.NoError(t, err)
	require.True(t, got)
	got, err = one.Lease(t.Context(), "x", "one", start, time.Minute)
	require.NoError(t, err)
	require.False(t, got)
}

func testTwinsClaim(t *testing.T, target Target, s issue.Store) {
	one, two := twins(t, target, s)
	var born atomic.Int32
	var wg sync.WaitGroup
	for _, st := range []issue.Store{one, two, one, two} {
		wg.Go(func() {
			list, err := st.Open(t.Context(), []string{"a"}, true)
			if err == nil && list[0].Born {
				born.Add(1)
			}
		})
	}
	wg.Wait()
	require.EqualValues(t, 1, born.Load())
}

func testChanged(t *testing.T, target Target, s issue.Store) {
	one, two := twins(t, target, s)
	_, at, err := two.Changed(t.Context(), ^uint64(0))
	require.NoError(t, err)
	update(t, one, change("a", add(1)), change("b", add(1)))
	ids, at, err := two.Changed(t.Context(), at)
	require.NoError(t, err)
	slices.Sort(ids)
	require.Equal(t, []string{"a", "b"}, ids)
	ids, at, err = two.Changed(t.Context(), at)
	require.NoError(t, err)
	require.Empty(t, ids)
	require.NoError(t, one.Delete(t.Context(), []string{"b"}))
	ids, _, err = two.Changed(t.Context(), at)
	require.NoError(t, err)
	require.Equal(t, []string{"b"}, ids)
}

func testCells(t *testing.T, target Target, s issue.Store) {
	one, two := twins(t, target, s)
	swap := func(st issue.Shared, cell string, old, now []byte) issue.Swapped {
		t.Helper()
		out, err := st.Swap(t.Context(), "", []issue.Swap{{Cell: cell, Old: old, New: now}}, time.Minute)
		require.NoError(t, err)
		require.Len(t, out, 1)
		return out[0]
	}
	cell := "t\x00\xff\n"
	require.True(t, swap(one, cell, nil, []byte("1")).OK)
	require.Equal(t, issue.Swapped{Now: []byte("1")}, swap(two, cell, nil, []byte("2")))
	require.True(t, swap(two, cell, []byte("1"), []byte{0, 255}).OK)
	require.Equal(t, issue.Swapped{Now: []byte{0, 255}}, swap(one, cell, []byte("1"), []byte("3")))
	require.Equal(t, issue.Swapped{}, swap(one, "other", []byte("1"), []byte("3")), "it is not there")
	out, err := one.Swap(t.Context(), "", nil, time.Minute)
	require.NoError(t, err)
	require.Empty(t, out)
}
