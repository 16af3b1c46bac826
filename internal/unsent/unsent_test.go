package unsent

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
)

func TestLogs(t *testing.T) {
	batch := plog.NewLogs()
	for _, service := range []string{"shop", "pay"} {
		rl := batch.ResourceLogs().AppendEmpty()
		rl.Resource().Attributes().PutStr("service.name", service)
		rl.SetSchemaUrl("https://example.com/" + service)
		for _, scope := range []string{"a", "b"} {
			sl := rl.ScopeLogs().AppendEmpty()
			sl.Scope().SetName(scope)
			sl.SetSchemaUrl("https://example.com/" + scope)
			for range 3 {
				sl.LogRecords().AppendEmpty().Body().SetStr(service + " " + scope)
			}
		}
	}
	var all Logs
	require.Zero(t, all.Len())
	for _, rl := range batch.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			for _, lr := range sl.LogRecords().All() {
				all.Add(rl, sl, lr)
			}
		}
	}
	assert.Equal(t, 12, all.Len())
	assert.Equal(t, batch, all.Logs(), "all of a batch is the batch")

	var last Logs
	rl := batch.ResourceLogs().At(1)
	last.Add(rl, rl.ScopeLogs().At(1), rl.ScopeLogs().At(1).LogRecords().At(2))
	rl.ScopeLogs().At(1).LogRecords().At(2).Body().SetStr("changed by its owner")
	require.Equal(t, 1, last.Logs().ResourceLogs().Len())
	got := last.Logs().ResourceLogs().At(0)
	assert.Equal(t, "https://example.com/pay", got.SchemaUrl())
	require.Equal(t, 1, got.ScopeLogs().Len())
	assert.Equal(t, "b", got.ScopeLogs().At(0).Scope().Name())
	assert.Equal(t, "pay b", got.ScopeLogs().At(0).LogRecords().At(0).Body().Str())
}
