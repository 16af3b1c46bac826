package tracecontext

import (
	"bufio"
	"os"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestRealLogs searches lines of real systems that know no traces: nothing may be found in them.
func TestRealLogs(t *testing.T) {
	dir := os.Getenv("CULPRIT_SHARED")
	if dir == "" {
		dir = "../../../shared"
	}
	files, _ := filepath.Glob(filepath.Join(dir, "data/loghub/*.tsv"))
	if len(files) == 0 {
		t.Skip("NOT TESTED: no real log lines found; set CULPRIT_SHARED to look for false trace IDs in them")
	}
	finder := NewFinder(nil, nil)
	lines := 0
	for _, name := range files {
		file, err := os.Open(name)
		require.NoError(t, err)
		scanner := bufio.NewScanner(file)
		for scanner.Scan() {
			var s Scan
			finder.Text(scanner.Text(), &s)
			r, ok := s.Result()
			require.False(t, ok, "%s: %s gives %x by %s", filepath.Base(name), scanner.Text(), r.TraceID, r.Source)
			lines++
		}
		require.NoError(t, scanner.Err())
		require.NoError(t, file.Close())
	}
	require.Greater(t, lines, 1000)
}
