package issueregistryextension

import (
	"runtime"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/extension/extensiontest"

	"github.com/otel-culprit/culprit/extension/issueregistryextension/internal/metadata"
)

var garbage [][]byte

func TestReadyReturnsMemory(t *testing.T) {
	kept := func() int64 {
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		return int64(m.HeapIdle - m.HeapReleased)
	}
	for range 64 {
		garbage = append(garbage, make([]byte, 1<<20))
	}
	garbage = nil
	runtime.GC()
	require.Greater(t, kept(), int64(32<<20))
	r := newRegistry(extensiontest.NewNopSettings(metadata.Type), createDefaultConfig().(*Config))
	require.NoError(t, r.Ready())
	require.NoError(t, r.Shutdown(t.Context()))
	assert.Less(t, kept(), int64(32<<20))
	require.NoError(t, r.NotReady())
}
