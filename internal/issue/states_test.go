package issue_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/internal/issue"
)

func (r *rig) state(id string) issue.State {
	i := r.get(id)
	last := i.History[len(i.History)-1]
	require.Equal(r.t, i.State, last.To)
	require.NotEmpty(r.t, last.Reason)
	return i.State
}

func (r *rig) reason(id string) string {
	h := r.get(id).History
	return h[len(h)-1].Reason
}

func TestNewBecomesOngoing(t *testing.T) {
	r := newRig(t)
	r.fail(idA)
	r.clock.add(23 * time.Hour)
	r.care()
	require.Equal(t, issue.New, r.state(idA))
	r.clock.add(time.Hour)
	r.care()
	require.Equal(t, issue.Ongoing, r.state(idA))
	require.Equal(t, issue.Ongoing, r.fail(idA).State)
}

func TestResolveAndRegress(t *testing.T) {
	r := newRig(t)
	r.fail(idA)
	r.clock.add(time.Minute)
	i, err := r.Resolve(t.Context(), idA, issue.Resolve{})
	require.NoError(t, err)
	require.Equal(t, issue.Resolved, i.State)
	require.Equal(t, "resolved by hand", r.reason(idA))
	// A record that happened before and comes late does not reopen it.
	require.Equal(t, issue.Resolved, r.fail(idA, at(r.clock.now().Add(-time.Second))).State)
	require.Equal(t, issue.Resolved, r.state(idA))
	r.clock.add(time.Second)
	require.Equal(t, issue.Regressed, r.fail(idA).State)
	require.Equal(t, issue.Regressed, r.state(idA))
	require.Equal(t, "seen again after it was resolved", r.reason(idA))
	require.Nil(t, r.get(idA).Resolution)
	r.clock.add(24 * time.Hour)
	r.care()
	require.Equal(t, issue.Ongoing, r.state(idA))
}

func TestResolveInNextRelease(t *testing.T) {
	r := newRig(t)
	r.fail(idA, release("1.3.0"))
	r.fail(idA, release("1.3.2"))
	r.fail(idB, release("1.4.0")) // of the same service
	r.get(idB)
	r.clock.add(time.Minute)
	_, err := r.Resolve(t.Context(), idA, issue.Resolve{NextRelease: true})
	require.NoError(t, err)
	r.clock.add(time.Minute)
	for _, v := range []string{"1.3.2", "1.4.0", "1.2.0", "1.3.10", "", "1.4.0-rc1"} {
		require.Equal(t, issue.Resolved, r.fail(idA, release(v)).State, v)
	}
	require.Equal(t, issue.Resolved, r.state(idA))
	require.Equal(t, issue.Regressed, r.fail(idA, release("1.10.0")).State)
	require.Equal(t, issue.Regressed, r.state(idA))
	require.Equal(t, "seen in 1.10.0 after it was resolved in 1.4.0", r.reason(idA))
}

func TestQuietIssuesAreResolved(t *testing.T) {
	r := newRig(t, func(o *issue.Options) { o.Rules.ResolveAfter = 48 * time.Hour })
	r.fail(idA)
	r.fail(idB)
	_, err := r.Mute(t.Context(), idB, issue.MuteFor{})
	require.NoError(t, err)
	r.clock.add(49 * time.Hour)
	r.care()
	require.Equal(t, issue.Resolved, r.state(idA))
	require.Equal(t, "not seen for 2 days", r.reason(idA))
	require.Equal(t, issue.Muted, r.state(idB))
	require.Equal(t, issue.Regressed, r.fail(idA).State)
	require.Equal(t, issue.Regressed, r.state(idA))
}

func TestMutes(t *testing.T) {
	t.Run("for a time", func(t *testing.T) {
		r := newRig(t)
		r.fail(idA)
		_, err := r.Mute(t.Context(), idA, issue.MuteFor{Duration: time.Hour})
		require.NoError(t, err)
		require.Equal(t, issue.Muted, r.fail(idA).State)
		r.clock.add(time.Hour)
		r.care()
		require.Equal(t, issue.Ongoing, r.state(idA))
		require.Equal(t, "the time of its mute is over", r.reason(idA))
	})
	t.Run("until n more", func(t *testing.T) {
		r := newRig(t)
		r.fail(idA)
		i, err := r.Mute(t.Context(), idA, issue.MuteFor{Count: 3})
		require.NoError(t, err)
		require.EqualValues(t, 4, i.Mute.UntilCount)
		require.Equal(t, issue.Muted, r.fail(idA).State)
		require.Equal(t, issue.Muted, r.fail(idA).State)
		require.Equal(t, issue.Ongoing, r.fail(idA).State)
		require.Equal(t, issue.Ongoing, r.state(idA))
		require.Nil(t, r.get(idA).Mute)
	})
	t.Run("until it escalates", func(t *testing.T) {
		r := newRig(t)
		r.history(idA, 200, 10)
		_, err := r.Mute(t.Context(), idA, issue.MuteFor{Escalating: true})
		require.NoError(t, err)
		r.burst(idA, 20)
		require.Equal(t, issue.Muted, r.state(idA))
		r.burst(idA, 500)
		require.Equal(t, issue.Escalating, r.state(idA))
	})
	t.Run("for ever", func(t *testing.T) {
		r := newRig(t)
		r.history(idA, 200, 10)
		_, err := r.Mute(t.Context(), idA, issue.MuteFor{})
		require.NoError(t, err)
		r.burst(idA, 5000)
		require.Equal(t, issue.Muted, r.state(idA))
		_, err = r.Reopen(t.Context(), idA, "")
		require.NoError(t, err)
		require.Equal(t, "reopened by hand", r.get(idA).History[len(r.get(idA).History)-1].Reason)
	})
	t.Run("refused", func(t *testing.T) {
		r := newRig(t)
		r.fail(idA)
		_, err := r.Mute(t.Context(), idA, issue.MuteFor{Duration: -1})
		var invalid *issue.InvalidError
		require.ErrorAs(t, err, &invalid)
		_, err = r.Mute(t.Context(), "unknown", issue.MuteFor{})
		require.ErrorIs(t, err, issue.ErrNotFound)
	})
}

// history lets an issue occur n times an hour for some hours.
func (r *rig) history(id string, hours, n int) {
	for range hours {
		for range n {
			r.fail(id)
		}
		r.get(id) // writes
		r.clock.add(time.Hour)
	}
	r.care()
}

// burst lets an issue occur n times within five minutes.
func (r *rig) burst(id string, n int) {
	for range 5 {
		for range n / 5 {
			r.fail(id)
		}
		r.clock.add(time.Minute)
	}
	r.get(id)
}

func TestEscalation(t *testing.T) {
	t.Run("steady is calm", func(t *testing.T) {
		r := newRig(t)
		r.history(idA, 300, 20)
		require.Equal(t, issue.Ongoing, r.state(idA))
		r.burst(idA, 60)
		require.Equal(t, issue.Ongoing, r.state(idA))
	})
	t.Run("within minutes", func(t *testing.T) {
		r := newRig(t)
		r.history(idA, 200, 20)
		begin := r.clock.now()
		for r.state(idA) != issue.Escalating {
			for range 30 { // ninety times its rate
				r.fail(idA)
			}
			r.clock.add(time.Minute)
			require.Less(t, r.clock.now().Sub(begin), 6*time.Minute)
		}
		require.Contains(t, r.reason(idA), "more than the forecast of")
		// Calm again.
		r.clock.add(4 * time.Hour)
		r.care()
		require.Equal(t, issue.Escalating, r.state(idA))
		r.clock.add(3 * time.Hour)
		r.care()
		require.Equal(t, issue.Ongoing, r.state(idA))
	})
	t.Run("a young issue", func(t *testing.T) {
		r := newRig(t)
		r.burst(idA, 1000)
		require.Equal(t, issue.New, r.state(idA), "there is no history to compare with")
		r = newRig(t)
		r.history(idA, 3, 5)
		r.burst(idA, 45)
		require.Equal(t, issue.New, r.state(idA))
		r.burst(idA, 10)
		require.Equal(t, issue.Escalating, r.state(idA))
	})
	t.Run("its first hours", func(t *testing.T) {
		r := newRig(t)
		r.history(idA, 2, 5)
		r.burst(idA, 1000)
		require.Equal(t, issue.New, r.state(idA), "nothing is known of it yet")
		r = newRig(t)
		r.history(idA, 6, 1)
		r.burst(idA, 45) // far more than ten times one
		require.Equal(t, issue.New, r.state(idA))
		r.burst(idA, 10)
		require.Equal(t, issue.Escalating, r.state(idA))
		r = newRig(t)
		r.history(idA, 30, 1)
		r.burst(idA, 15)
		require.Equal(t, issue.Escalating, r.state(idA), "it is no longer young")
	})
	t.Run("old records are no incident", func(t *testing.T) {
		r := newRig(t)
		r.history(idA, 200, 5)
		for range 5000 {
			r.fail(idA, at(r.clock.now().Add(-30*time.Hour)))
		}
		require.Equal(t, issue.Ongoing, r.state(idA))
	})
}

func TestNoticesGoWithTheirChanges(t *testing.T) {
	r := newRig(t)
	require.NoError(t, r.Subscribe(t.Context(), "issues/lifecycle"))
	r.fail(idA, release("1.0"))
	for range 11 {
		r.fail(idA)
	}
	r.clock.add(time.Minute)
	_, err := r.Resolve(t.Context(), idA, issue.Resolve{Reason: "fixed"})
	require.NoError(t, err)
	r.clock.add(time.Minute)
	r.fail(idA, release("1.1"))
	r.get(idA)
	list, err := r.Claim(t.Context(), "issues/lifecycle", 10, time.Minute)
	require.NoError(t, err)
	type short struct {
		name      string
		state     issue.State
		previous  issue.State
		milestone uint64
		count     uint64
	}
	var got []short
	var seqs []uint64
	for _, n := range list {
		got = append(got, short{n.Name, n.Issue.State, n.Previous, n.Milestone, n.Issue.Count})
		seqs = append(seqs, n.Seq)
		require.Equal(t, idA, n.Issue.ID)
		require.Equal(t, "http://localhost:4380/issues/"+idA, n.Issue.URL)
		require.NotNil(t, n.Event)
	}
	require.Equal(t, []short{
		{issue.EventOccurrence, issue.New, "", 0, 12},
		{issue.EventMilestone, issue.New, "", 10, 12},
		{issue.EventStateChanged, issue.Resolved, issue.New, 0, 12},
		{issue.EventStateChanged, issue.Regressed, issue.Resolved, 0, 13},
	}, got)
	require.Equal(t, "1.0", list[0].Event.Release)
	require.Equal(t, "1.1", list[3].Event.Release)
	require.Contains(t, list[2].Reason, "fixed")
	require.NoError(t, r.Done(t.Context(), "issues/lifecycle", seqs))
	r.clock.add(time.Hour)
	list, err = r.Claim(t.Context(), "issues/lifecycle", 10, time.Minute)
	require.NoError(t, err)
	require.Empty(t, list)
}

func TestMergeAndSplit(t *testing.T) {
	r := newRig(t)
	for range 3 {
		r.fail(idA, release("1"), func(o *issue.Occurrence) { o.User = "u1" })
	}
	for range 4 {
		r.fail(idB, release("2"), func(o *issue.Occurrence) { o.User = "u2"; o.Service = "shop" })
	}
	r.fail(idC)
	i, err := r.Merge(t.Context(), idA, []string{idB})
	require.NoError(t, err)
	require.EqualValues(t, 7, i.Count)
	require.EqualValues(t, 2, i.Users)
	require.Equal(t, []string{idB}, i.Aliases)
	require.Len(t, i.Releases, 2)
	require.EqualValues(t, 4, i.Services["shop"])
	require.Equal(t, idA, r.get(idB).ID, "the alias leads to it")
	v := r.fail(idB)
	require.Equal(t, idA, v.Issue)
	require.EqualValues(t, 8, v.Count)
	require.EqualValues(t, 8, r.get(idA).Count)
	// The merged issue into another one.
	i, err = r.Merge(t.Context(), idC, []string{idB})
	require.NoError(t, err)
	require.Equal(t, idC, i.ID)
	require.EqualValues(t, 9, i.Count)
	require.ElementsMatch(t, []string{idA, idB}, i.Aliases)
	require.Equal(t, idC, r.fail(idB).Issue)
	require.Equal(t, idC, r.fail(idA).Issue)
	page, err := r.List(t.Context(), issue.Query{})
	require.NoError(t, err)
	require.Len(t, page.Issues, 1)

	_, err = r.Split(t.Context(), idC, []string{"eeeeeeeeeeeeeeee"})
	var invalid *issue.InvalidError
	require.ErrorAs(t, err, &invalid)
	i, err = r.Split(t.Context(), idC, []string{idB})
	require.NoError(t, err)
	require.Equal(t, []string{idA}, i.Aliases)
	require.EqualValues(t, 11, i.Count)
	v = r.fail(idB)
	require.Equal(t, idB, v.Issue)
	require.EqualValues(t, 1, v.Count)

	_, err = r.Merge(t.Context(), idA, []string{idA})
	require.ErrorAs(t, err, &invalid)
	_, err = r.Merge(t.Context(), idA, []string{"eeeeeeeeeeeeeeee"})
	require.ErrorIs(t, err, issue.ErrNotFound)
}

func TestEviction(t *testing.T) {
	r := newRig(t, func(o *issue.Options) { o.MaxIssues = 3; o.Rules.ResolveAfter = -1 })
	r.fail(idA)
	require.NoError(t, r.SetTicket(t.Context(), "issue_tracker/jira", idA, issue.Ticket{ExternalID: "OPS-1"}))
	r.clock.add(time.Minute)
	r.fail(idB)
	_, err := r.Mute(t.Context(), idB, issue.MuteFor{})
	require.NoError(t, err)
	for _, id := range []string{"1111111111111111", "2222222222222222", "3333333333333333"} {
		r.clock.add(time.Minute)
		r.fail(id)
		r.get(id)
	}
	r.care()
	list := func() (ids []string) {
		page, err := r.List(t.Context(), issue.Query{})
		require.NoError(t, err)
		for _, i := range page.Issues {
			ids = append(ids, i.ID)
		}
		return ids
	}
	require.Equal(t, []string{"3333333333333333", idB, idA}, list(), "the oldest go, but not those with a ticket or a manual state")
	require.True(t, r.fail("1111111111111111").First)
	r.get("1111111111111111")
	r.clock.add(721 * time.Hour)
	r.fail("4444444444444444")
	r.get("4444444444444444")
	r.care()
	require.Equal(t, []string{"4444444444444444"}, list(), "retention takes all")
	_, err = r.Get(t.Context(), idA)
	require.ErrorIs(t, err, issue.ErrNotFound)
}

func TestTickets(t *testing.T) {
	r := newRig(t)
	require.ErrorIs(t, r.SetTicket(t.Context(), "jira", idA, issue.Ticket{}), issue.ErrNotFound)
	_, ok, err := r.Ticket(t.Context(), "jira", idA)
	require.NoError(t, err)
	require.False(t, ok)
	r.fail(idA)
	want := issue.Ticket{ExternalID: "OPS-1", Status: "open"}
	require.NoError(t, r.SetTicket(t.Context(), "jira", idA, want))
	r.fail(idA)
	r.get(idA)
	got, ok, err := r.Ticket(t.Context(), "jira", idA)
	require.NoError(t, err)
	require.True(t, ok)
	require.Equal(t, want, got)
}

func TestShutdownWithoutStartAndTwice(t *testing.T) {
	c := issue.NewCore(issue.Options{})
	require.NoError(t, c.Shutdown(context.Background()))
	require.NoError(t, c.Shutdown(context.Background()))
}
