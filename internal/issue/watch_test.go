package issue_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/issue/store/memory"
)

// TestWatchersHearOfTheLastChange: many changes within a second are told of as one, but the last is told.
func TestWatchersHearOfTheLastChange(t *testing.T) {
	c := issue.NewCore(issue.Options{Store: memory.New(), Flush: 50 * time.Millisecond})
	require.NoError(t, c.Start(t.Context()))
	defer func() { require.NoError(t, c.Shutdown(context.Background())) }()
	updates := c.Watch(t.Context())
	const n = 20
	go func() {
		for k := range uint64(n) {
			c.Judge(t.Context(), []issue.Occurrence{keyed(k+1, idA)}, nil)
			time.Sleep(10 * time.Millisecond)
		}
	}()
	heard := 0
	for patience := time.After(20 * time.Second); ; {
		select {
		case u := <-updates:
			heard++
			if u.Issue.Count == n {
				require.Less(t, heard, n, "they are told of together")
				return
			}
		case <-patience:
			t.Fatal("the last change was not told")
		}
	}
}
