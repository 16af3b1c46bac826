package issue_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/issue/store/memory"
)

// The overview says what reading all pages of a list would.
func TestOverview(t *testing.T) {
	core := issue.NewCore(issue.Options{Store: memory.New(), MaxNew: -1})
	require.NoError(t, core.Start(t.Context()))
	t.Cleanup(func() { require.NoError(t, core.Shutdown(t.Context())) })
	now := time.Now().UTC()
	var batch []issue.Occurrence
	for i := range 700 {
		batch = append(batch, issue.Occurrence{
			Key: issue.Key{byte(i), byte(i >> 8), 1}, Issue: fmt.Sprintf("%016x", i), Title: fmt.Sprint("Error ", i), Service: fmt.Sprint("s", i%3),
			Time: now.Add(-time.Duration(i) * time.Second),
		})
	}
	core.Judge(t.Context(), batch, nil)
	_, err := core.Resolve(t.Context(), fmt.Sprintf("%016x", 3), issue.Resolve{})
	require.NoError(t, err)

	counts := map[issue.ServiceState]int64{}
	var all []issue.Outline
	for q := (issue.Query{Limit: issue.MaxLimit}); ; {
		page, err := core.List(t.Context(), q)
		require.NoError(t, err)
		for _, i := range page.Issues {
			counts[issue.ServiceState{Service: i.Service, State: i.State}]++
			all = append(all, issue.Outline{ID: i.ID, Title: i.Title, Service: i.Service, State: i.State})
		}
		if q.After = page.Next; q.After == "" {
			break
		}
	}
	require.Len(t, all, 700)
	for _, n := range []int{0, 1, 50, 700, 1000} {
		o := core.Overview(t.Context(), n)
		require.Equal(t, counts, o.Counts)
		require.ElementsMatch(t, all[:min(n, len(all))], o.Latest)
	}
	require.Equal(t, issue.Outline{ID: "0000000000000003", Title: "Error 3", Service: "s0", State: issue.Resolved}, core.Overview(t.Context(), 4).Latest[3])
}
