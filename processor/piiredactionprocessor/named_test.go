package piiredactionprocessor

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestNamedValues: the name lies beside the value in a map, before it in a list of arguments.
func TestNamedValues(t *testing.T) {
	lr := record(redactLogs(t, testConfig(nil), one("start", map[string]any{
		"env": []any{
			map[string]any{"name": "API_KEY", "value": "abc"},
			map[string]any{"name": "MODE", "value": "fast"},
			map[string]any{"Key": "db.password", "Value": int64(12345678)},
		},
		"process.command_args": []any{"app", "--password", "hunter2", "--token", "/run/token", "--verbose", "x"},
		"list":                 []any{"--password", "hunter2"},
	})))
	assert.Equal(t, map[string]any{
		"env": []any{
			map[string]any{"name": "API_KEY", "value": "[REDACTED]"},
			map[string]any{"name": "MODE", "value": "fast"},
			map[string]any{"Key": "db.password", "Value": "[REDACTED]"},
		},
		"process.command_args": []any{"app", "--password", "[REDACTED]", "--token", "/run/token", "--verbose", "x"},
		"list":                 []any{"--password", "hunter2"},
	}, lr.Attributes().AsRaw())
}
