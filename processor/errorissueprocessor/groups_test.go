package errorissueprocessor

import (
	"strconv"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/internal/grouping"
)

func TestGroupsRemember(t *testing.T) {
	g, err := grouping.New(grouping.Config{ByService: true})
	require.NoError(t, err)
	c := &groups{grouper: g}
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
	for i := range c.shards {
		n += len(c.shards[i].now) + len(c.shards[i].old)
	}
	assert.LessOrEqual(t, n, 2*groupShards*groupEntries)
}
