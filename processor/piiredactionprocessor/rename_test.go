package piiredactionprocessor

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// Whatever a sender puts into one map: no value is lost, each name is there once, and it ends (it is linear; with a look
// along the map for each key this takes minutes).
func TestManyKeys(t *testing.T) {
	const n = 50_000
	attributes := map[string]any{"[EMAIL]": "taken", "culprit.pii.forged": "x"}
	for i := range n {
		attributes[fmt.Sprintf("jo.%d@example.com", i)] = i
		attributes[fmt.Sprintf("plain.%d", i)] = fmt.Sprintf("al%d@example.com", i)
	}
	got := record(redactLogs(t, testConfig(nil), one("x", attributes))).Attributes().AsRaw()
	delete(got, attrCount)
	require.Len(t, got, 2*n+1)
	assert.Equal(t, "taken", got["[EMAIL]"])
	assert.Equal(t, "[EMAIL]", got["plain.7"])
	var sum int64
	for k, v := range got {
		assert.NotContains(t, k, "@")
		if i, ok := v.(int64); ok {
			sum += i
		}
	}
	assert.Equal(t, int64(n*(n-1)/2), sum, "every value once")
}
