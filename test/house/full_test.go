package house

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The full distribution is the core's manifest with more at the end of its sections. UPDATE=1 takes over what has changed in the core.
func TestFullManifest(t *testing.T) {
	const path, marker = "distributions/full/builder-config.yaml", "\n  # More than core.\n"
	read := func(file string) (head string, sections []string) {
		text, err := os.ReadFile(filepath.Join(root, file))
		require.NoError(t, err)
		head, body, found := strings.Cut(string(text), "\nreceivers:\n")
		require.True(t, found, file)
		return head, strings.Split(strings.TrimRight("receivers:\n"+body, "\n"), "\n\n")
	}
	coreHead, core := read("builder-config.yaml")
	head, full := read(path)
	for _, key := range []string{"\n  version: ", "\n  build_tags: "} {
		_, value, _ := strings.Cut(coreHead, key)
		value, _, _ = strings.Cut(value, "\n")
		assert.Contains(t, head+"\n", key+value+"\n")
	}
	more := map[string]string{}
	for _, section := range full {
		_, own, _ := strings.Cut(section, marker)
		more[nameOf(section)] = own
	}
	for i, section := range core {
		if own := more[nameOf(section)]; own != "" {
			core[i] += marker + own
		}
	}
	want := head + "\n" + strings.Join(core, "\n\n") + "\n"
	text, err := os.ReadFile(filepath.Join(root, path))
	require.NoError(t, err)
	if os.Getenv("UPDATE") != "" && want != string(text) {
		require.NoError(t, os.WriteFile(filepath.Join(root, path), []byte(want), 0o600))
		t.Fatal("written; run again without UPDATE")
	}
	assert.Equal(t, want, string(text), "UPDATE=1 go test ./test/house writes it")
}

// nameOf is the key of a section of a manifest.
func nameOf(section string) string {
	for line := range strings.Lines(section) {
		if name, isKey := strings.CutSuffix(line, ":\n"); isKey && !strings.HasPrefix(line, "#") {
			return name
		}
	}
	return ""
}

// withoutQueueUpstream are exporters that send and have neither queue nor retry: their configurations say so.
var withoutQueueUpstream = []string{"awsxray", "awsemf"}

// checkBatch: batches have the size that all of ours have, except where the other side takes no message so large.
func checkBatch(t *testing.T, id, kind string, queue map[string]any) {
	t.Helper()
	switch kind {
	case "load_balancing": // divides by trace itself
	case "kafka": // the usual limit of a broker is 1 MB
		assert.Equal(t, map[string]any{"sizer": "bytes", "min_size": 500000, "max_size": 900000}, queue["batch"], "%s: sending_queue::batch", id)
	default:
		assert.Equal(t, map[string]any{"sizer": "bytes", "min_size": 1000000, "max_size": 3000000}, queue["batch"], "%s: sending_queue::batch", id)
	}
}

// checkRetry: nothing is given up, however long an outage lasts.
func checkRetry(t *testing.T, id, kind string, exporter map[string]any) {
	t.Helper()
	if kind == "elasticsearch" { // has retries of its own, within `timeout`
		retry, _ := exporter["retry"].(map[string]any)
		assert.Equal(t, 1000000000, retry["max_retries"], "%s: retry::max_retries", id)
		assert.Equal(t, "0s", exporter["timeout"], "%s: timeout", id)
		return
	}
	retry, _ := exporter["retry_on_failure"].(map[string]any)
	assert.Equal(t, 0, retry["max_elapsed_time"], "%s: retry_on_failure::max_elapsed_time", id)
	if kind == "load_balancing" {
		checkPauses(t, id+": retry_on_failure", retry)
	}
}

// checkPauses: where upstream has no defaults for the pauses between two tries, a lacking one makes an endless loop without any.
func checkPauses(t *testing.T, id string, retry any) {
	t.Helper()
	settings, _ := retry.(map[string]any)
	for _, key := range []string{"initial_interval", "multiplier", "randomization_factor", "max_interval"} {
		assert.NotEmpty(t, settings[key], "%s::%s", id, key)
	}
}
