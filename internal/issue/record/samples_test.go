package record

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
)

// shared returns a folder of the sample data that is kept beside the repository.
func shared(t *testing.T, folder string) string {
	t.Helper()
	root := os.Getenv("CULPRIT_SHARED")
	if root == "" {
		root = "../../../../shared/data"
	}
	dir := filepath.Join(root, folder)
	if _, err := os.Stat(dir); err != nil {
		t.Skipf("NOT TESTED: recognition on the samples of %s, which are not here: %v", folder, err)
	}
	return dir
}

type sample struct {
	ID      string `json:"id"`
	Type    string `json:"exception_type"`
	Message string `json:"exception_message"`
	Stack   string `json:"stacktrace"`
}

func samples(t *testing.T) []sample {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(shared(t, "stacks"), "*.jsonl"))
	require.NoError(t, err)
	var out []sample
	for _, name := range files {
		if filepath.Base(name) == "realworld.jsonl" {
			continue
		}
		f, err := os.Open(name)
		require.NoError(t, err)
		scan := bufio.NewScanner(f)
		scan.Buffer(nil, 4<<20)
		for scan.Scan() {
			var s sample
			require.NoError(t, json.Unmarshal(scan.Bytes(), &s))
			out = append(out, s)
		}
		require.NoError(t, scan.Err())
		require.NoError(t, f.Close())
	}
	return out
}

// TestStacksInBodies writes each sample in the ways in which loggers write it, at level INFO as
// container runtimes do, and wants it recognised.
func TestStacksInBodies(t *testing.T) {
	all := samples(t)
	f := func(name string, least float64, write func(s sample) string) {
		t.Helper()
		found := 0
		var missed []string
		for _, s := range all {
			lr := plog.NewLogRecord()
			lr.SetSeverityNumber(plog.SeverityNumberInfo)
			lr.Body().SetStr(write(s))
			var got Failure
			if log(&errorRules, lr, &got) && got.Input.Stack != "" {
				found++
			} else {
				missed = append(missed, s.ID)
			}
		}
		assert.GreaterOrEqual(t, float64(found)/float64(len(all)), least, "%s: missed %d of %d: %v", name, len(missed), len(all), missed[:min(10, len(missed))])
	}
	f("plain", 0.98, func(s sample) string { return s.Stack })
	f("behind a log line", 0.98, func(s sample) string {
		return "2026-01-02 10:11:12,345 INFO [main] shop: request failed\n" + s.Stack
	})
	f("Windows line ends", 0.98, func(s sample) string { return strings.ReplaceAll(s.Stack, "\n", "\r\n") })
	f("JSON, stack_trace", 0.98, func(s sample) string { return jsonText(t, map[string]any{"message": "failed", "stack_trace": s.Stack}) })
	f("JSON, exception", 0.98, func(s sample) string { return jsonText(t, map[string]any{"event": "failed", "exception": s.Stack}) })
	f("JSON, nested", 0.98, func(s sample) string {
		return jsonText(t, map[string]any{"msg": "failed", "err": map[string]any{"type": s.Type, "message": s.Message, "stack": s.Stack}})
	})
	f("JSON, in the message", 0.98, func(s sample) string { return jsonText(t, map[string]any{"log": "failed: " + s.Stack}) })
}

func jsonText(t *testing.T, v any) string {
	t.Helper()
	text, err := json.Marshal(v)
	require.NoError(t, err)
	return string(text)
}

// TestPlainLinesAreNoErrors wants hardly a line of real logs without a level to be taken for an error.
func TestPlainLinesAreNoErrors(t *testing.T) {
	files, err := filepath.Glob(filepath.Join(shared(t, "loghub"), "*.tsv"))
	require.NoError(t, err)
	lines, errors := 0, 0
	for _, name := range files {
		text, err := os.ReadFile(name)
		require.NoError(t, err)
		for i, line := range strings.Split(string(text), "\n") {
			columns := strings.Split(line, "\t")
			if i == 0 || len(columns) < 3 {
				continue
			}
			lr := plog.NewLogRecord()
			lr.Body().SetStr(columns[1])
			var got Failure
			lines++
			if log(&errorRules, lr, &got) {
				errors++
				if errors < 20 {
					t.Log(columns[1])
				}
			}
		}
	}
	assert.Less(t, float64(errors)/float64(lines), 0.01)
}
