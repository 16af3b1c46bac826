package house

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

type manifest struct {
	Dist struct {
		OutputPath string `yaml:"output_path"`
	}
	Receivers, Processors, Exporters, Connectors, Extensions, Providers []struct{ GoMod, Import, Path string }
}

// Each component of this repository is in the manifest.
func TestManifestHasOurComponents(t *testing.T) {
	text, err := os.ReadFile(filepath.Join(root, "builder-config.yaml"))
	require.NoError(t, err)
	var m manifest
	require.NoError(t, yaml.Unmarshal(text, &m))
	var listed []string
	for kind, list := range map[string][]struct{ GoMod, Import, Path string }{
		"receiver": m.Receivers, "processor": m.Processors, "exporter": m.Exporters, "connector": m.Connectors, "extension": m.Extensions,
	} {
		for _, c := range list {
			if dir, ours := strings.CutPrefix(c.Import, module); ours {
				assert.Equal(t, ".", c.Path, c.Import)
				assert.True(t, strings.HasPrefix(dir, kind+"/"), "%s is listed under %ss", c.Import, kind)
				listed = append(listed, dir)
			}
		}
	}
	full, err := os.ReadFile(filepath.Join(root, "distributions/full/builder-config.yaml"))
	require.NoError(t, err)
	var want []string
	for _, dir := range componentDirs(t) {
		if _, err := os.Stat(filepath.Join(root, dir, "go.mod")); err == nil { // of the full distribution alone
			assert.Contains(t, string(full), "- gomod: "+module+dir+" v0.0.0\n    path: ./"+dir+"\n")
			continue
		}
		want = append(want, dir)
	}
	assert.ElementsMatch(t, want, listed)
}

// The README prints the smallest configuration whole.
func TestReadmeHasTheMinimalConfig(t *testing.T) {
	minimal, err := os.ReadFile(filepath.Join(root, "configs", "minimal.yaml"))
	require.NoError(t, err)
	readme, err := os.ReadFile(filepath.Join(root, "README.md"))
	require.NoError(t, err)
	assert.Contains(t, string(readme), "```yaml\n"+string(minimal)+"```\n")
	assert.LessOrEqual(t, strings.Count(string(minimal), "\n"), 30)
}

type config struct {
	Extensions map[string]map[string]any
	Receivers  map[string]map[string]any
	Exporters  map[string]map[string]any
	Service    struct {
		Extensions []string
		Pipelines  map[string]struct{ Receivers, Processors, Exporters []string }
	}
}

// What was acknowledged is not lost: every configuration has the lines that it takes.
func TestConfigsAreReliable(t *testing.T) {
	var files []string
	require.NoError(t, filepath.WalkDir(filepath.Join(root, "configs"), func(path string, d os.DirEntry, err error) error {
		if err == nil && strings.HasSuffix(path, ".yaml") {
			files = append(files, path)
		}
		return err
	}))
	require.NotEmpty(t, files)
	for _, file := range files {
		t.Run(filepath.Base(file), func(t *testing.T) {
			text, err := os.ReadFile(file)
			require.NoError(t, err)
			var c config
			require.NoError(t, yaml.Unmarshal(text, &c))
			checkExporters(t, &c)
			checkReceivers(t, &c)
			checkPipelines(t, &c)
		})
	}
}

// Both agents read container logs in the same way.
func TestAgentsReadLogsAlike(t *testing.T) {
	receiver := func(file string) string {
		text, err := os.ReadFile(filepath.Join(root, "configs", file))
		require.NoError(t, err)
		_, after, found := strings.Cut(string(text), "\n  file_log:\n")
		require.True(t, found, file)
		block, _, _ := strings.Cut(after, "\nprocessors:\n")
		return block
	}
	assert.Equal(t, receiver("agent.yaml"), receiver("agent-loadbalancing.yaml"))
}

// withoutQueue are exporters that do not send: they have nothing to lose.
var withoutQueue = []string{"nop", "debug", "file", "prometheus"}

func checkExporters(t *testing.T, c *config) {
	for id, e := range c.Exporters {
		kind, _, _ := strings.Cut(id, "/")
		if slices.Contains(withoutQueue, kind) || slices.Contains(withoutQueueUpstream, kind) {
			continue
		}
		if kind == "prometheus_remote_write" { // has a log of its own instead of a queue
			wal, _ := e["wal"].(map[string]any)
			assert.NotEmpty(t, wal["directory"], "%s: wal::directory", id)
			checkRetry(t, id, kind, e)
			continue
		}
		queue, _ := e["sending_queue"].(map[string]any)
		assert.NotEmpty(t, queue["storage"], "%s: sending_queue::storage", id)
		assert.Equal(t, "bytes", queue["sizer"], "%s: sending_queue::sizer", id)
		assert.NotEmpty(t, queue["queue_size"], "%s: sending_queue::queue_size", id)
		assert.Equal(t, false, queue["block_on_overflow"], "%s: sending_queue::block_on_overflow", id)
		checkBatch(t, id, kind, queue)
		checkRetry(t, id, kind, e)
		storage := fmt.Sprint(queue["storage"])
		assert.Equal(t, true, c.Extensions[storage]["create_directory"], "%s: create_directory", storage)
		assert.Equal(t, true, c.Extensions[storage]["recreate"], "%s: recreate sets a corrupt file aside", storage)
		assert.Contains(t, c.Service.Extensions, storage)
	}
}

func checkReceivers(t *testing.T, c *config) {
	for id, r := range c.Receivers {
		kind, _, _ := strings.Cut(id, "/")
		switch kind {
		case "otlp":
			protocols, _ := r["protocols"].(map[string]any)
			if grpc, ok := protocols["grpc"].(map[string]any); ok {
				assert.Equal(t, 16, grpc["max_recv_msg_size_mib"], "%s: grpc::max_recv_msg_size_mib", id)
			}
		case "kafka":
			checkPauses(t, id+": error_backoff", r["error_backoff"])
			assert.Equal(t, map[string]any{"after": true, "on_error": false, "on_permanent_error": true}, r["message_marking"], "%s: message_marking", id)
		case "file_log":
			assert.NotEmpty(t, r["storage"], "%s: storage", id)
			assert.Equal(t, map[string]any{"enabled": true, "max_elapsed_time": 0}, r["retry_on_failure"], "%s: retry_on_failure", id)
		}
	}
}

// checkPipelines: memory_limiter is first in main pipelines and absent from side pipelines; the order of our
// processors is that of the design; no batch processor.
func checkPipelines(t *testing.T, c *config) {
	order := []string{"memory_limiter", "trace_id", "pii_redaction", "error_issue"}
	for id, p := range c.Service.Pipelines {
		side := true
		for _, r := range p.Receivers {
			_, isReceiver := c.Receivers[r]
			side = side && !isReceiver
		}
		last := -1
		for i, processor := range p.Processors {
			kind, _, _ := strings.Cut(processor, "/")
			assert.NotEqual(t, "batch", kind, id)
			if at := slices.Index(order, kind); at >= 0 {
				assert.Greater(t, at, last, "%s: %s is in the wrong place", id, processor)
				last = at
			}
			if kind == "memory_limiter" {
				assert.Zero(t, i, "%s: memory_limiter is not first", id)
				assert.False(t, side, "%s: memory_limiter in a side pipeline", id)
			}
		}
		if !side {
			assert.NotEmpty(t, p.Processors, id)
			assert.True(t, strings.HasPrefix(p.Processors[0], "memory_limiter"), "%s: memory_limiter is not first", id)
		}
	}
}
