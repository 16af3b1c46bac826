package target

import (
	"context"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/card"
	"github.com/otel-culprit/culprit/internal/stacktrace"
	"github.com/otel-culprit/culprit/test/trackers"
)

var _ = register(subject{
	service: "rollbar", noNotes: true, wait: 13e9,
	limited: trackers.Answer(429, map[string]string{"X-Rate-Limit-Remaining-Seconds": "13"}, `{"err":1}`),
	make: func(url string) maker {
		c := DefaultRollbar()
		c.Token, c.WriteToken, c.URL = secret, trackers.WriteSecret, url
		return &c
	},
})

// Chains are outermost first; frames have the most recent call last.
func TestRollbarOrder(t *testing.T) {
	c := newCard(card.Open, "a", 1)
	c.Event.Exceptions = []stacktrace.Exception{
		{Type: "Outer", Frames: []stacktrace.Frame{{Function: "crash", File: "a.go"}, {Function: "main", File: "b.go"}}},
		{Type: "Inner", Parent: 0, Relation: stacktrace.Cause},
	}
	chain := (&rollbar{cfg: &RollbarConfig{}}).body(c)["trace_chain"].([]any)
	require.Len(t, chain, 2)
	outer := chain[0].(map[string]any)
	assert.Equal(t, "Outer", outer["exception"].(map[string]any)["class"])
	assert.Equal(t, "main", outer["frames"].([]any)[0].(map[string]any)["method"])
	assert.Equal(t, "crash", outer["frames"].([]any)[1].(map[string]any)["method"])
	_, err := (&rollbar{cfg: &RollbarConfig{}}).Resolve(context.Background(), Ref{}, c)
	require.NoError(t, err, "without a token for it nothing is resolved")
}
