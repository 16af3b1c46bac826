package storetest

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/internal/issue"
)

func notify(id string, names ...string) *issue.Tx {
	return change(id, func(r *issue.Record) []issue.Notice {
		r.Title = "t"
		out := make([]issue.Notice, len(names))
		for i, n := range names {
			out[i] = issue.Notice{Name: n, Time: start, Issue: issue.Summary{ID: id, Count: uint64(i)}, Reason: "because"}
		}
		return out
	})
}

func claim(t *testing.T, s issue.Store, consumer string, limit int, now time.Time) []issue.Notice {
	t.Helper()
	list, err := s.Claim(t.Context(), consumer, limit, now, time.Minute)
	require.NoError(t, err)
	return list
}

func testOutbox(t *testing.T, _ Target, s issue.Store) {
	update(t, s, notify("a", "before anybody subscribed"))
	require.Empty(t, claim(t, s, "c", 10, start))
	require.NoError(t, s.Subscribe(t.Context(), "c", start))
	require.NoError(t, s.Subscribe(t.Context(), "c", start)) // again
	require.NoError(t, s.Subscribe(t.Context(), "d", start))
	update(t, s, notify("a", "one", "two"))
	update(t, s, notify("b", "three"))
	first := claim(t, s, "c", 2, start)
	require.Len(t, first, 2)
	require.Equal(t, "one", first[0].Name)
	require.Equal(t, "a", first[0].Issue.ID)
	require.Equal(t, "because", first[0].Reason)
	require.Equal(t, start, first[0].Time)
	require.Equal(t, "two", first[1].Name)
	require.Less(t, first[0].Seq, first[1].Seq)
	// Held ones are not given again, until the lease ends.
	rest := claim(t, s, "c", 10, start.Add(time.Second))
	require.Len(t, rest, 1)
	require.Equal(t, "three", rest[0].Name)
	require.Empty(t, claim(t, s, "c", 10, start.Add(2*time.Second)))
	require.NoError(t, s.Done(t.Context(), "c", []uint64{first[0].Seq, 12345}))
	require.NoError(t, s.Done(t.Context(), "c", nil))
	again := claim(t, s, "c", 10, start.Add(time.Hour))
	require.Len(t, again, 2)
	require.Equal(t, "two", again[0].Name)
	// The other consumer has all of them.
	require.Len(t, claim(t, s, "d", 10, start), 3)
}

func testOutboxAtomic(t *testing.T, _ Target, s issue.Store) {
	require.NoError(t, s.Subscribe(t.Context(), "c", start))
	update(t, s, notify("a", "kept"))
	// A change that is not made leaves no notice.
	bad := notify("b", "lost")
	broken := issue.Tx{IDs: []string{"b"}, Apply: func(rs []*issue.Record) []issue.Notice {
		out := bad.Apply(rs)
		rs[0].Resolution = &issue.Resolution{Time: time.Date(100000, 1, 1, 0, 0, 0, 0, time.UTC)} // JSON can't say that
		return out
	}}
	require.Error(t, s.Update(t.Context(), []*issue.Tx{&broken}))
	require.Nil(t, open(t, s, "b"))
	list := claim(t, s, "c", 10, start)
	require.Len(t, list, 1)
	require.Equal(t, "kept", list[0].Name)
}

func testOutboxBound(t *testing.T, target Target, s issue.Store) {
	if target.Slow {
		t.Skip("too slow here; tested with the real server")
	}
	require.NoError(t, s.Subscribe(t.Context(), "c", start))
	const bound, over = 10000, 200
	names := make([]string, 1000)
	for n := 0; n < bound+over; n += len(names) {
		for i := range names {
			names[i] = fmt.Sprint(n + i)
		}
		update(t, s, notify("a", names...))
	}
	first := claim(t, s, "c", 1, start)
	require.Len(t, first, 1)
	require.Equal(t, fmt.Sprint(1000), first[0].Name, "the oldest are dropped")
}

func testConsumers(t *testing.T, _ Target, s issue.Store) {
	require.NoError(t, s.Subscribe(t.Context(), "c", start))
	require.NoError(t, s.Subscribe(t.Context(), "d", start.Add(time.Minute)))
	all, err := s.Consumers(t.Context())
	require.NoError(t, err)
	require.Len(t, all, 2)
	require.WithinDuration(t, start, all["c"], 0)
	update(t, s, notify("a", "one"))
	claim(t, s, "c", 1, start.Add(2*time.Hour))
	all, err = s.Consumers(t.Context())
	require.NoError(t, err)
	require.WithinDuration(t, start.Add(2*time.Hour), all["c"], 0)
	require.NoError(t, s.Unsubscribe(t.Context(), "c"))
	require.NoError(t, s.Unsubscribe(t.Context(), "never"))
	require.Empty(t, claim(t, s, "c", 10, start))
	update(t, s, notify("a", "two"))
	require.NoError(t, s.Subscribe(t.Context(), "c", start))
	require.Empty(t, claim(t, s, "c", 10, start), "what came while nobody subscribed is not kept")
	require.Len(t, claim(t, s, "d", 10, start), 2)
}

func testLeases(t *testing.T, _ Target, s issue.Store) {
	take := func(owner string, now time.Time) bool {
		ok, err := s.Lease(t.Context(), "gauge", owner, now, time.Minute)
		require.NoError(t, err)
		return ok
	}
	require.True(t, take("one", start))
	require.True(t, take("one", start), "the owner extends it")
	require.False(t, take("two", start))
	require.NoError(t, s.Unlease(t.Context(), "gauge", "two"))
	require.False(t, take("two", start), "only the owner gives it back")
	require.NoError(t, s.Unlease(t.Context(), "gauge", "one"))
	require.True(t, take("two", start))
	other, err := s.Lease(t.Context(), "other", "one", start, time.Minute)
	require.NoError(t, err)
	require.True(t, other)
}

func testBlobs(t *testing.T, _ Target, s issue.Store) {
	require.NoError(t, s.PutBlob(t.Context(), "services/a", []byte("1")))
	require.NoError(t, s.PutBlob(t.Context(), "services/b", []byte{0, 255}))
	require.NoError(t, s.PutBlob(t.Context(), "other", []byte("3")))
	require.NoError(t, s.PutBlob(t.Context(), "services/a", []byte("4")))
	got, err := s.Blobs(t.Context(), "services/")
	require.NoError(t, err)
	require.Equal(t, map[string][]byte{"services/a": []byte("4"), "services/b": {0, 255}}, got)
	require.NoError(t, s.PutBlob(t.Context(), "services/a", nil))
	got, err = s.Blobs(t.Context(), "services/")
	require.NoError(t, err)
	require.Len(t, got, 1)
}

func testReopen(t *testing.T, target Target, s issue.Store) {
	if target.Reopen == nil {
		t.Skip("the data of this store ends with it")
	}
	require.NoError(t, s.Subscribe(t.Context(), "c", start))
	update(t, s, change("a", add(3)), notify("b", "one", "two"))
	update(t, s, change("a", func(r *issue.Record) []issue.Notice { r.PutEvent(1, &issue.Event{ID: "x"}); return nil }))
	require.NoError(t, s.PutBlob(t.Context(), "k", []byte("v")))
	first := claim(t, s, "c", 1, start)
	require.NoError(t, s.Done(t.Context(), "c", []uint64{first[0].Seq}))
	require.NoError(t, s.Close())
	s = target.Reopen(t, s)
	t.Cleanup(func() { _ = s.Close() })
	require.EqualValues(t, 3, open(t, s, "a").Count)
	events, err := s.Events(t.Context(), "a")
	require.NoError(t, err)
	require.Len(t, events, 1)
	list := claim(t, s, "c", 10, start.Add(time.Hour))
	require.Len(t, list, 1)
	require.Equal(t, "two", list[0].Name)
	update(t, s, notify("b", "three"))
	later := claim(t, s, "c", 10, start.Add(2*time.Hour))
	require.Len(t, later, 2)
	require.Greater(t, later[1].Seq, later[0].Seq)
	blobs, err := s.Blobs(t.Context(), "")
	require.NoError(t, err)
	require.Equal(t, map[string][]byte{"k": []byte("v")}, blobs)
}
