package harness

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// UseFull lets the test run otelcol-culprit-full: $CULPRIT_COLLECTOR_FULL, else bin/otelcol-culprit-full, which is built when it
// is not there.
func UseFull(t *testing.T) {
	t.Helper()
	path := os.Getenv("CULPRIT_COLLECTOR_FULL")
	if path == "" {
		path = filepath.Join(Root(), "bin", "otelcol-culprit-full")
		if _, err := os.Stat(path); err != nil {
			out, code := Run(t, Root(), nil, "make", "full")
			require.Zero(t, code, out)
		}
	}
	t.Setenv("CULPRIT_COLLECTOR", path)
}
