package issue

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestForemost: who is kept goes when nobody else is left, and not because others can't go yet.
func TestForemost(t *testing.T) {
	at := time.Unix(0, 0)
	list := func() []candidate {
		return []candidate{{"kept", at, true}, {"new", at.Add(2 * time.Second), false}, {"old", at.Add(time.Second), false}}
	}
	for _, c := range []struct {
		n, busy int
		want    []string
	}{
		{0, 0, nil},
		{1, 0, []string{"old"}},
		{2, 0, []string{"new", "old"}},
		{3, 0, []string{"kept", "new", "old"}},
		{3, 1, []string{"new", "old"}},
		{9, 1, []string{"kept", "new", "old"}},
		{9, 8, []string{"new", "old"}},
		{-1, 0, nil},
	} {
		require.Equal(t, c.want, foremost(list(), c.n, c.busy), "%+v", c)
	}
}
