package issue_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/internal/issue"
)

// TestAnIssueWithoutOccurrencesIsNotToldOf: the caller's record came first, so that its issue was new; then the deeper
// one came and took the occurrence over.
func TestAnIssueWithoutOccurrencesIsNotToldOf(t *testing.T) {
	caller := told{issue.SpanEvent, idB, "shop", 1, 0, wrapped}
	deeper := told{issue.SpanEvent, idA, "billing", 2, 1, cause}
	for name, written := range map[string]bool{"before it is written": false, "after it was written": true} {
		t.Run(name, func(t *testing.T) {
			r := newRig(t, func(o *issue.Options) { o.FlushNew = time.Hour }) // written when the test says
			require.NoError(t, r.Subscribe(t.Context(), "tracker"))
			claim := func() (out []string) {
				r.counts(idA, idB) // writes what waits
				list, err := r.Claim(t.Context(), "tracker", 100, time.Minute)
				require.NoError(t, err)
				for _, n := range list {
					require.Equal(t, issue.EventOccurrence, n.Name)
					require.NotNil(t, n.Event)
					out = append(out, n.Issue.ID)
					require.NoError(t, r.Done(t.Context(), "tracker", []uint64{n.Seq}))
				}
				return out
			}
			require.True(t, r.trace(1, caller)[0].First)
			if written {
				require.EqualValues(t, 1, r.get(idB).Count)
			}
			require.True(t, r.trace(1, deeper)[0].First)
			require.Equal(t, []uint64{1, 0}, r.counts(idA, idB))
			require.Equal(t, []string{idA}, claim())
			page, err := r.List(t.Context(), issue.Query{})
			require.NoError(t, err)
			require.Len(t, page.Issues, 1)

			// Then it happens by itself: it is new now.
			r.clock.add(time.Minute)
			v := r.trace(2, caller)[0]
			require.True(t, v.First)
			require.Equal(t, issue.New, v.State)
			require.Equal(t, []string{idB}, claim())
			i := r.get(idB)
			require.EqualValues(t, 1, i.Count)
			require.Equal(t, i.LastSeen, i.FirstSeen)
			require.Len(t, i.Events, 1)
		})
	}
}
