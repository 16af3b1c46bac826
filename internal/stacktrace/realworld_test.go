package stacktrace

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// sharedData finds a file of the shared samples, which are not part of the repository.
func sharedData(t *testing.T, name string) string {
	t.Helper()
	dir := os.Getenv("CULPRIT_SHARED")
	if dir == "" {
		dir = "../../../shared"
	}
	path := filepath.Join(dir, "data", name)
	if _, err := os.Stat(path); err != nil {
		t.Skipf("NOT TESTED: traces of other projects' test suites: %s is absent (set CULPRIT_SHARED)", path)
	}
	return path
}

// TestRealWorld parses traces out of other projects' test suites. What those projects expect differs
// from one to the other, so a share is asserted: lines of the listed frames, and functions where the
// project names one.
func TestRealWorld(t *testing.T) {
	data, err := os.ReadFile(sharedData(t, "stacks/realworld.jsonl"))
	require.NoError(t, err)
	type expectation struct {
		FrameCount *int `json:"frame_count"`
		Frames     map[string]struct {
			Function *string
			Line     *int
		}
	}
	parsed, rows, frames, found, functions, named := 0, 0, 0, 0, 0, 0
	for _, line := range strings.Split(strings.TrimSpace(string(data)), "\n") {
		var r struct {
			ID, Lang, Stacktrace string
			Expect               expectation
		}
		require.NoError(t, json.Unmarshal([]byte(line), &r))
		if r.Expect.FrameCount != nil && *r.Expect.FrameCount == 0 {
			continue
		}
		rows++
		got, ok := Parse(r.Stacktrace, Unknown)
		if !ok {
			t.Logf("%s: not parsed: %.300q", r.ID, r.Stacktrace)
			continue
		}
		parsed++
		// Projects drop frames without a name or place differently: look for the listed frame.
		outer := got.Exceptions[0].Frames
		for index, want := range r.Expect.Frames {
			i, err := strconv.Atoi(index)
			require.NoError(t, err)
			if want.Line == nil || *want.Line == 0 {
				continue
			}
			frames++
			at := -1
			for j := range outer {
				if outer[j].Line == *want.Line && (at < 0 || max(j-i, i-j) < max(at-i, i-at)) {
					at = j
				}
			}
			if at < 0 {
				t.Logf("%s: frame %s at line %d: none of %d", r.ID, index, *want.Line, len(outer))
				continue
			}
			found++
			if want.Function == nil || *want.Function == "" || strings.HasPrefix(*want.Function, "<") || strings.HasPrefix(*want.Function, "?") {
				continue
			}
			named++
			a, b := bareName(jsFunction(*want.Function)), bareName(outer[at].Function)
			if a == b || a == "" && b == "" {
				functions++
			} else {
				t.Logf("%s: frame %s: %q, want %q", r.ID, index, outer[at].Function, *want.Function)
			}
		}
	}
	t.Logf("parsed %d of %d, lines %d of %d, functions %d of %d", parsed, rows, found, frames, functions, named)
	require.GreaterOrEqual(t, share(parsed, rows), 0.9)
	require.GreaterOrEqual(t, share(found, frames), 0.9)
	require.GreaterOrEqual(t, share(functions, named), 0.9)
}
