package web

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/internal/issue"
)

func TestHoles(t *testing.T) {
	for title, want := range map[string]int{
		"": 0, "charge failed": 0, "<num>": 1, "order <num> of <uuid> failed": 2, "a < b > c": 0, "<script>alert(1)</script>": 1, "<>": 0, "x<": 0,
		"<img src=x>": 0, "<<num>>": 1, "found <*>": 1,
	} {
		text, marks := "", 0
		for _, h := range holes(title) {
			text += h.Text
			if h.Hole {
				marks++
				require.True(t, strings.HasPrefix(h.Text, "<") && strings.HasSuffix(h.Text, ">"))
			}
		}
		require.Equal(t, title, text)
		require.Equal(t, want, marks, title)
	}
}

func TestThePeriodFitsTheIssues(t *testing.T) {
	now := time.Now()
	young, old := issue.Issue{FirstSeen: now.Add(-time.Hour)}, issue.Issue{FirstSeen: now.Add(-25 * time.Hour)}
	require.Equal(t, periodDay, periodFor(now, young))
	require.Equal(t, periodTwoWeeks, periodFor(now, young, old))
	require.Equal(t, periodTwoWeeks, periodFor(now))
}
