package issue_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/issue/store/file"
)

// reopened returns a rig over a file, in which every issue is cold.
func reopened(t *testing.T, dir string, clock *clock) *rig {
	s, err := file.Open(dir, nil)
	require.NoError(t, err)
	r := newRig(t, func(o *issue.Options) { o.Store, o.Now = s, clock.now })
	r.clock = clock
	return r
}

func by(user, route string) func(*issue.Occurrence) {
	return func(o *issue.Occurrence) {
		o.User, o.Release, o.Tags = user, "1.0.0", map[string]string{"http.route": route}
	}
}

// TestColdIssues: what is not in memory is judged and counted as if it were.
func TestColdIssues(t *testing.T) {
	dir := t.TempDir()
	clock := newClock()
	r := reopened(t, dir, clock)
	for n := range 3 {
		r.fail(idA, by(fmt.Sprint("user", n), "/pay"))
		r.fail(idB)
		r.fail(idC)
	}
	_, err := r.Resolve(t.Context(), idB, issue.Resolve{})
	require.NoError(t, err)
	_, err = r.Mute(t.Context(), idC, issue.MuteFor{Count: 2})
	require.NoError(t, err)
	begin := clock.now()
	require.NoError(t, r.Shutdown(context.Background()))

	clock.add(25 * time.Hour)
	r = reopened(t, dir, clock)
	r.n = 100
	v := r.fail(idA, by("user1", "/pay"))
	require.Equal(t, issue.Verdict{Issue: idA, State: issue.New, Count: 4, Users: 3, FirstSeen: begin, LastSeen: clock.now()}, v)
	r.fail(idA, by("user7", "/refund"))
	i := r.get(idA)
	require.EqualValues(t, 5, i.Count)
	require.EqualValues(t, 4, i.Users)
	require.Equal(t, issue.Ongoing, i.State, "the record's own time was over")
	require.Equal(t, map[string]issue.Counts{"http.route": {"/pay": 4, "/refund": 1}}, i.Tags)
	require.Equal(t, clock.now(), i.Events[len(i.Events)-1].Time, "the latest event is kept")
	require.EqualValues(t, 4, r.fail(idA, by("user7", "/refund")).Users)

	require.Equal(t, issue.Regressed, r.fail(idB).State, "what needs the record reads it")
	require.Equal(t, issue.Muted, r.fail(idC).State)
	require.Equal(t, issue.Ongoing, r.fail(idC).State)
}

// TestColdBatches: two records of one batch, one of them moved to another issue, are counted right while both issues are cold.
func TestColdBatches(t *testing.T) {
	dir := t.TempDir()
	clock := newClock()
	r := reopened(t, dir, clock)
	r.fail(idA)
	r.fail(idB)
	require.NoError(t, r.Shutdown(context.Background()))
	r = reopened(t, dir, clock)
	r.n = 100
	r.trace(1, told{issue.SpanEvent, idA, "shop", 1, 0, wrapped}, told{issue.SpanEvent, idB, "billing", 2, 1, cause})
	require.Equal(t, []uint64{1, 2}, r.counts(idA, idB))
	require.Contains(t, r.get(idB).Services, "shop")
}

// TestEndlessNewIssues: there are never more issues than the bound allows, also between two rounds of care, and those with a
// ticket stay.
func TestEndlessNewIssues(t *testing.T) {
	const bound, batch = 2000, 500
	r := newRig(t, func(o *issue.Options) { o.MaxIssues, o.HotIssues, o.MaxNew, o.Flush = bound, 200, -1, 0 })
	r.fail(idA)
	require.NoError(t, r.SetTicket(t.Context(), "issue_tracker/jira", idA, issue.Ticket{ExternalID: "OPS-1"}))
	list := make([]issue.Occurrence, batch)
	for n := range 40 {
		r.clock.add(time.Second)
		for i := range list {
			list[i] = r.occurrence(fmt.Sprintf("%016x", 1+n*batch+i))
		}
		r.judge(list...)
		require.LessOrEqual(t, r.Size(), bound+1000+batch)
	}
	require.Eventually(t, func() bool { return r.Size() <= bound+100 }, 30*time.Second, 10*time.Millisecond)
	require.EqualValues(t, 2, r.fail(idA).Count)
}
