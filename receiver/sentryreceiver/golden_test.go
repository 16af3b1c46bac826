package sentryreceiver

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/golden"
	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/pdatatest/plogtest"
	"github.com/stretchr/testify/require"
)

// TestEvents converts an event of each SDK whose cost is measured; UPDATE=1 writes what is expected.
func TestEvents(t *testing.T) {
	files, err := filepath.Glob("testdata/events/*.envelope")
	require.NoError(t, err)
	require.Len(t, files, 4)
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".envelope"), func(t *testing.T) {
			body, err := os.ReadFile(file)
			require.NoError(t, err)
			c := newConversion("42", "checkout", "1", time.Unix(1795345037, 0), attachmentPolicy{})
			defer c.done()
			e, err := c.read(body)
			require.NoError(t, err)
			c.envelope(&e)
			expected := strings.TrimSuffix(file, ".envelope") + ".yaml"
			if os.Getenv("UPDATE") != "" {
				require.NoError(t, golden.WriteLogsToFile(expected, c.logs))
			}
			want, err := golden.ReadLogs(expected)
			require.NoError(t, err)
			require.NoError(t, plogtest.CompareLogs(want, c.logs))
		})
	}
}
