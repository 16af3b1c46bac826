package errorissueprocessor

import (
	"fmt"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/internal/grouping"
)

func TestGroupsRemember(t *testing.T) {
	g, err := grouping.New(grouping.Config{ByService: true})
	require.NoError(t, err)
	c := newGroups(g, false)
	in := grouping.Input{Service: "shop", Type: "ValueError", Stack: pythonStack}
	first := c.group(&in)
	assert.Same(t, first, c.group(&in))
	other := in
	other.Service = "billing"
	assert.NotEqual(t, first.ID, c.group(&other).ID)
	assert.Equal(t, g.Group(&in), *c.group(&in))

	// Moving a text from one field to another is another error.
	assert.NotEqual(t, keyOf(&grouping.Input{Type: "ab"}), keyOf(&grouping.Input{Message: "ab"}))
	assert.NotEqual(t, keyOf(&grouping.Input{Type: "a", Message: "b"}), keyOf(&grouping.Input{Type: "ab"}))

	for i := range 100_000 {
		c.group(&grouping.Input{Type: strconv.Itoa(i), Message: "x"})
	}
	n := 0
	for i := range c.results.shards {
		n += len(c.results.shards[i].now) + len(c.results.shards[i].old)
	}
	assert.LessOrEqual(t, n, 2*recentShards*groupEntries)
}

// TestGroupsKnowFrames: an error with a message of its own is grouped as without any memory.
func TestGroupsKnowFrames(t *testing.T) {
	for _, rules := range [][]grouping.Rule{nil, {{Match: map[string]string{"exception.message": "*9*"}, Fingerprint: []string{"nine"}}}} {
		g, err := grouping.New(grouping.Config{Rules: rules})
		require.NoError(t, err)
		c := newGroups(g, len(rules) > 0)
		stack := javaTrace(30)
		_, frames, _ := strings.Cut(stack, "\n")
		tails := 0
		for i := range 200 {
			message := fmt.Sprintf("order %d has no items", i)
			in := grouping.Input{Service: "shop", Language: "java", Type: "a.B", Message: message, Stack: "a.B: " + message + "\n" + frames}
			if i%3 == 0 {
				in.Message = "" // the stack alone tells
			}
			want := g.Group(&in)
			require.Equal(t, want, *c.group(&in))
		}
		for i := range c.tails.shards {
			tails += len(c.tails.shards[i].now)
		}
		require.Equal(t, 1, tails)
	}
}
