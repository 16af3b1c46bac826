package storetest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/internal/issue"
)

// testJournal: entries are written with the changes, survive, and are bounded by time and size.
func testJournal(t *testing.T, target Target, s issue.Store) {
	j, ok := s.(issue.Journal)
	if !ok {
		t.Skip("it keeps no journal")
	}
	write := func(at time.Time, data string, forget time.Time, limit int64) {
		t.Helper()
		require.NoError(t, j.UpdateWith(t.Context(), []*issue.Tx{change("a", add(1))}, issue.Entry{Time: at, Data: []byte(data)}, forget, limit))
	}
	read := func() (all []string) {
		t.Helper()
		require.NoError(t, j.Entries(t.Context(), func(e issue.Entry) bool {
			all = append(all, e.Time.UTC().Format("15:04 ")+string(e.Data))
			return true
		}))
		return all
	}
	require.Empty(t, read())
	long := start.Add(-time.Hour)
	write(start, "one", long, 1000)
	write(start.Add(time.Minute), "two", long, 1000)
	require.NoError(t, j.UpdateWith(t.Context(), nil, issue.Entry{Time: start.Add(2 * time.Minute), Data: []byte("three")}, long, 1000))
	require.EqualValues(t, 2, open(t, s, "a").Count)
	require.Equal(t, []string{"09:00 one", "09:01 two", "09:02 three"}, read())
	write(start.Add(3*time.Minute), "four", start, 1000)
	require.Equal(t, []string{"09:01 two", "09:02 three", "09:03 four"}, read(), "the first is too old")
	if target.Reopen != nil {
		require.NoError(t, s.Close())
		j = target.Reopen(t, s).(issue.Journal)
		t.Cleanup(func() { _ = j.Close() })
		require.Equal(t, []string{"09:01 two", "09:02 three", "09:03 four"}, read())
	}
	write(start.Add(4*time.Minute), "five", start, 30)
	require.Equal(t, []string{"09:03 four", "09:04 five"}, read(), "they take too much")
}
