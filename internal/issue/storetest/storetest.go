// Package storetest is the conformance suite of [issue.Store]: every store passes it.
package storetest

import (
	"context"
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/internal/issue"
)

// Target is a store under test.
type Target struct {
	// New returns an empty store. It is closed by the suite.
	New func(t *testing.T) issue.Store
	// Reopen returns another store over the data of one that was closed; nil where the data ends with the store.
	Reopen func(t *testing.T, s issue.Store) issue.Store
	// Twin returns a second store over the same data, for another process; nil where there can be none.
	Twin func(t *testing.T, s issue.Store) issue.Store
	// Pass makes time pass for a server that is only an imitation, where it does not by itself; nil = it does.
	Pass func(d time.Duration)
	// Slow leaves out what takes long with a server that is only an imitation.
	Slow bool
}

var start = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)

// Run runs the suite.
func Run(t *testing.T, target Target) {
	for name, f := range map[string]func(*testing.T, Target, issue.Store){
		"open unknown":           testOpenUnknown,
		"claim once":             testClaimOnce,
		"write and read":         testWriteAndRead,
		"known records":          testKnown,
		"nothing to write":       testNothing,
		"several in one":         testSeveral,
		"concurrent increments":  testConcurrent,
		"events":                 testEvents,
		"delete":                 testDelete,
		"scan":                   testScan,
		"outbox":                 testOutbox,
		"outbox of one change":   testOutboxAtomic,
		"outbox bound":           testOutboxBound,
		"consumers":              testConsumers,
		"leases":                 testLeases,
		"blobs":                  testBlobs,
		"closed":                 testClosed,
		"reopen":                 testReopen,
		"twins":                  testTwins,
		"twins claim":            testTwinsClaim,
		"twins see each other":   testChanged,
		"cells":                  testCells,
		"ledger":                 testLedger,
		"large":                  testLarge,
		"text of any kind":       testText,
		"size and compact":       testCompact,
		"everything in a record": testWhole,
		"journal":                testJournal,
	} {
		t.Run(name, func(t *testing.T) {
			s := target.New(t)
			t.Cleanup(func() { _ = s.Close() })
			f(t, target, s)
		})
	}
}

func add(n uint64) func(*issue.Record) []issue.Notice {
	return func(r *issue.Record) []issue.Notice {
		r.Title = "title of " + r.ID
		r.Count += n
		return nil
	}
}

func change(id string, f func(*issue.Record) []issue.Notice) *issue.Tx {
	return &issue.Tx{IDs: []string{id}, Apply: func(rs []*issue.Record) []issue.Notice { return f(rs[0]) }}
}

func update(t *testing.T, s issue.Store, txs ...*issue.Tx) {
	t.Helper()
	require.NoError(t, s.Update(t.Context(), txs))
}

func open(t *testing.T, s issue.Store, id string) *issue.Record {
	t.Helper()
	list, err := s.Open(t.Context(), []string{id}, false)
	require.NoError(t, err)
	require.Len(t, list, 1)
	return list[0].Record
}

func testOpenUnknown(t *testing.T, _ Target, s issue.Store) {
	list, err := s.Open(t.Context(), []string{"a", "b"}, false)
	require.NoError(t, err)
	require.Equal(t, []issue.Opened{{}, {}}, list)
	list, err = s.Open(t.Context(), nil, true)
	require.NoError(t, err)
	require.Empty(t, list)
}

func testClaimOnce(t *testing.T, _ Target, s issue.Store) {
	var born sync.Map
	var wg sync.WaitGroup
	for n := range 8 {
		wg.Go(func() {
			list, err := s.Open(t.Context(), []string{"a", "b"}, true)
			if err == nil && list[0].Born {
				born.Store(n, true)
			}
		})
	}
	wg.Wait()
	count := 0
	born.Range(func(any, any) bool { count++; return true })
	require.Equal(t, 1, count)
	update(t, s, change("a", add(1)))
	list, err := s.Open(t.Context(), []string{"a"}, true)
	require.NoError(t, err)
	require.False(t, list[0].Born)
	require.NotNil(t, list[0].Record)
}

func testWriteAndRead(t *testing.T, _ Target, s issue.Store) {
	for n := range 3 {
		update(t, s, change("a", add(2)))
		r := open(t, s, "a")
		require.EqualValues(t, 2*(n+1), r.Count)
		require.EqualValues(t, n+1, r.Version)
		require.Equal(t, "a", r.ID)
	}
}

func testKnown(t *testing.T, _ Target, s issue.Store) {
	update(t, s, change("a", add(1)))
	known := open(t, s, "a")
	var got *issue.Record
	tx := change("a", func(r *issue.Record) []issue.Notice { got = r; r.Count++; return nil })
	tx.Known = []*issue.Record{known}
	update(t, s, tx)
	require.EqualValues(t, 2, got.Count)
	require.EqualValues(t, 2, got.Version)
	update(t, s, change("a", add(10)))
	// Known is behind now: the stored record counts.
	stale := *got
	stale.Version, stale.Count = 1, 1000
	tx.Known = []*issue.Record{&stale}
	update(t, s, tx)
	require.EqualValues(t, 13, open(t, s, "a").Count)
	// Known, but it is gone.
	require.NoError(t, s.Delete(t.Context(), []string{"a"}))
	tx = change("a", add(1))
	tx.Known = []*issue.Record{got}
	update(t, s, tx)
	require.EqualValues(t, 1, open(t, s, "a").Count)
}

func testNothing(t *testing.T, _ Target, s issue.Store) {
	update(t, s, change("a", func(*issue.Record) []issue.Notice { return nil }))
	require.Nil(t, open(t, s, "a"))
	update(t, s)
}

func testSeveral(t *testing.T, _ Target, s issue.Store) {
	update(t, s, change("a", add(1)), change("b", add(2)), change("a", add(4)))
	require.EqualValues(t, 5, open(t, s, "a").Count)
	// One change over two records.
	update(t, s, &issue.Tx{IDs: []string{"a", "b", "c"}, Apply: func(rs []*issue.Record) []issue.Notice {
		rs[0].Count += rs[1].Count
		*rs[1] = issue.Record{Issue: issue.Issue{ID: "b"}, Version: rs[1].Version, Merged: "a"}
		return nil
	}})
	require.EqualValues(t, 7, open(t, s, "a").Count)
	require.Equal(t, "a", open(t, s, "b").Merged)
	require.Nil(t, open(t, s, "c"))
}

func testConcurrent(t *testing.T, target Target, s issue.Store) {
	stores := []issue.Store{s}
	if target.Twin != nil {
		stores = append(stores, target.Twin(t, s))
	}
	var wg sync.WaitGroup
	errs := make(chan error, 1000)
	for n := range 4 {
		st := stores[n%len(stores)]
		wg.Go(func() {
			for range 25 {
				for { // a store may say that it is busy
					err := st.Update(context.Background(), []*issue.Tx{change("a", add(1)), change(fmt.Sprint("own", n), add(1))})
					if err == nil {
						break
					}
					errs <- err
				}
			}
		})
	}
	wg.Wait()
	n := open(t, s, "a").Count
	require.GreaterOrEqual(t, n, uint64(100))
	require.LessOrEqual(t, n, uint64(100+len(errs)), "only a refused update may have been made twice")
}

func testEvents(t *testing.T, _ Target, s issue.Store) {
	put := func(slot uint8, e *issue.Event) {
		update(t, s, change("a", func(r *issue.Record) []issue.Notice { r.Title = "t"; r.PutEvent(slot, e); return nil }))
	}
	put(0, &issue.Event{ID: "x", Message: "one"})
	put(11, &issue.Event{ID: "y", Message: "two"})
	put(0, &issue.Event{ID: "z", Message: "three"})
	events, err := s.Events(t.Context(), "a")
	require.NoError(t, err)
	require.Len(t, events, 2)
	require.Equal(t, "three", events[0].Message)
	require.Equal(t, "two", events[11].Message)
	put(11, nil)
	events, err = s.Events(t.Context(), "a")
	require.NoError(t, err)
	require.Len(t, events, 1)
	events, err = s.Events(t.Context(), "unknown")
	require.NoError(t, err)
	require.Empty(t, events)
}

func testDelete(t *testing.T, _ Target, s issue.Store) {
	update(t, s, change("a", func(r *issue.Record) []issue.Notice {
		r.Title = "t"
		r.PutEvent(3, &issue.Event{ID: "x"})
		return nil
	}), change("b", add(1)))
	require.NoError(t, s.Delete(t.Context(), []string{"a", "unknown"}))
	require.NoError(t, s.Delete(t.Context(), nil))
	require.Nil(t, open(t, s, "a"))
	require.NotNil(t, open(t, s, "b"))
	events, err := s.Events(t.Context(), "a")
	require.NoError(t, err)
	require.Empty(t, events)
	// It may come back, and is new then.
	list, err := s.Open(t.Context(), []string{"a"}, true)
	require.NoError(t, err)
	require.True(t, list[0].Born)
	update(t, s, change("a", add(1)))
	require.EqualValues(t, 1, open(t, s, "a").Count)
}

func testScan(t *testing.T, _ Target, s issue.Store) {
	const n = 1200
	txs := make([]*issue.Tx, n)
	for i := range txs {
		txs[i] = change(fmt.Sprintf("%016x", i), add(uint64(i)))
	}
	update(t, s, txs...)
	seen := map[string]uint64{}
	require.NoError(t, s.Scan(t.Context(), func(r *issue.Record) bool { seen[r.ID] = r.Count; return true }))
	require.Len(t, seen, n)
	require.EqualValues(t, 17, seen[fmt.Sprintf("%016x", 17)])
	calls := 0
	require.NoError(t, s.Scan(t.Context(), func(*issue.Record) bool { calls++; return calls < 3 }))
	require.Equal(t, 3, calls)
}

func testClosed(t *testing.T, _ Target, s issue.Store) {
	require.NoError(t, s.Close())
	require.NoError(t, s.Close())
	_, err := s.Open(t.Context(), []string{"a"}, false)
	require.ErrorIs(t, err, issue.ErrClosed)
	require.ErrorIs(t, s.Update(t.Context(), []*issue.Tx{change("a", add(1))}), issue.ErrClosed)
	require.ErrorIs(t, s.Scan(t.Context(), func(*issue.Record) bool { return true }), issue.ErrClosed)
}

func testLarge(t *testing.T, _ Target, s issue.Store) {
	big := make([]byte, 300<<10)
	for i := range big {
		big[i] = byte('a' + i%17)
	}
	update(t, s, change("a", func(r *issue.Record) []issue.Notice {
		r.Title = "t"
		r.PutEvent(0, &issue.Event{ID: "x", Stack: string(big), Message: string(big)})
		return nil
	}))
	events, err := s.Events(t.Context(), "a")
	require.NoError(t, err)
	require.NotEmpty(t, events[0].Stack)
	require.Less(t, len(events[0].Stack)+len(events[0].Message), 64<<10)
}

func testText(t *testing.T, _ Target, s issue.Store) {
	title := "<script>\x00 'quotes' \"and\" 한국어 \u2028 {0}"
	update(t, s, change("a", func(r *issue.Record) []issue.Notice {
		r.Title = title
		r.Tags = map[string]issue.Counts{"k\x00": {"": 1, "v\n": 2}}
		return nil
	}))
	require.Equal(t, title, open(t, s, "a").Title)
	require.EqualValues(t, 2, open(t, s, "a").Tags["k\x00"]["v\n"])
}

func testCompact(t *testing.T, _ Target, s issue.Store) {
	ids := make([]string, 300)
	for i := range ids {
		ids[i] = fmt.Sprintf("%016x", i)
		update(t, s, change(ids[i], add(uint64(i))))
	}
	require.NoError(t, s.Delete(t.Context(), ids[100:]))
	require.NoError(t, s.Compact(t.Context()))
	_, err := s.Size(t.Context())
	require.NoError(t, err)
	for i, id := range ids {
		if i < 100 {
			require.EqualValues(t, i, open(t, s, id).Count)
		} else {
			require.Nil(t, open(t, s, id))
		}
	}
}

func testWhole(t *testing.T, _ Target, s issue.Store) {
	whole := Whole("a")
	update(t, s, change("a", func(r *issue.Record) []issue.Notice { *r = *whole; return nil }))
	got := open(t, s, "a")
	want := *Whole("a")
	want.Version = 1
	require.Equal(t, &want, got)
}
