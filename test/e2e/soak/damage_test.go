package soak

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/test/e2e/harness"
)

// damages are what a file may suffer.
var damages = map[string]func(t *testing.T, path string){
	"text": func(t *testing.T, path string) {
		require.NoError(t, os.WriteFile(path, []byte(strings.Repeat("this is no database\n", 5000)), 0o600))
	},
	"cut": func(t *testing.T, path string) {
		info, err := os.Stat(path)
		require.NoError(t, err)
		require.NoError(t, os.Truncate(path, info.Size()/3))
	},
	"zeros": func(t *testing.T, path string) {
		info, err := os.Stat(path)
		require.NoError(t, err)
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		require.NoError(t, err)
		defer f.Close()
		_, err = f.WriteAt(make([]byte, info.Size()-8192), 8192)
		require.NoError(t, err)
	},
}

// TestDamagedFiles: with a damaged queue and a damaged registry the collector starts, tells of both files, keeps them beside the
// new ones, byte for byte, and works.
func TestDamagedFiles(t *testing.T) {
	for name, damage := range damages {
		t.Run(name, func(t *testing.T) {
			sink := harness.StartSink(t, planted...)
			sink.Answer(harness.Manner{Status: http.StatusServiceUnavailable})
			c := harness.StartCollector(t, harness.Testdata(t, "small.yaml"), map[string]string{"SINK_A": sink.URL})
			for i := range int64(20) {
				require.NoError(t, harness.SendLogs(c.OTLPHTTP, newBatch(i*25, 1000)))
			}
			time.Sleep(1500 * time.Millisecond) // the registry writes its counts within a second
			c.Kill()
			files := []string{filepath.Join(c.State, "queue", "exporter_otlp_http_a_logs"), filepath.Join(c.State, "issues.db")}
			var was [][]byte
			for _, file := range files {
				damage(t, file)
				text, err := os.ReadFile(file)
				require.NoError(t, err)
				was = append(was, text)
			}
			sink.Answer(harness.Manner{})
			from := len(c.Output())
			c.Restart(t)
			for i, file := range files {
				aside, err := filepath.Glob(file + ".damaged-*")
				require.NoError(t, err)
				require.Len(t, aside, 1, "of %s", file)
				text, err := os.ReadFile(aside[0])
				require.NoError(t, err)
				assert.Equal(t, was[i], text, "nothing of it is lost")
				assert.Contains(t, c.Output()[from:], aside[0], "the log names it")
			}
			require.NoError(t, harness.SendLogs(c.OTLPHTTP, newBatch(1000, 0)))
			harness.Eventually(t, 20*time.Second, func() error {
				if records, _ := sink.Seen(); records < 25 {
					return fmt.Errorf("%d records after the restart", records)
				}
				return nil
			})
			assert.Len(t, c.ListIssues(t), 1)
		})
	}
}

// TestFullDisk: on a full disk the collector lives, refuses what it can't keep with an answer after which senders send
// again, tells of it, loses nothing that it acknowledged although it is killed and started again on the full disk, sends on what
// waits, and takes new data by itself as soon as there is room.
func TestFullDisk(t *testing.T) {
	state := filepath.Join(t.TempDir(), "disk")
	require.NoError(t, os.MkdirAll(state, 0o700))
	if err := syscall.Mount("tmpfs", state, "tmpfs", 0, "size=12m"); err != nil {
		t.Skipf("NOT TESTED: the collector on a full disk: this needs the right to mount one of 12 MB: %v", err)
	}
	t.Cleanup(func() { assert.NoError(t, syscall.Unmount(state, syscall.MNT_DETACH)) })
	sink := harness.StartSink(t, planted...)
	sink.Answer(harness.Manner{Status: http.StatusServiceUnavailable})
	c := harness.StartCollector(t, harness.Testdata(t, "small.yaml"), map[string]string{"SINK_A": sink.URL, "STATE_DIRECTORY": state})
	var accepted []int64
	refused := 0
	for i := range int64(80) { // 40 MB
		batch := newBatch(i*25, 20_000)
		switch status := harness.TrySendLogs(t, c.OTLPHTTP, batch); status {
		case http.StatusOK:
			accepted = append(accepted, i)
		case http.StatusServiceUnavailable:
			refused++
		default:
			t.Fatalf("answer %d: senders would not send again", status)
		}
	}
	require.Greater(t, len(accepted), 3)
	require.Greater(t, refused, 20)
	require.False(t, c.Ended(), c.Tail(3000))
	told := strings.Count(c.Output(), "No room for the queue")
	assert.Positive(t, told)
	assert.Less(t, told, refused, "told when it begins, not with each refusal")
	t.Logf("%d batches accepted, %d refused", len(accepted), refused)

	for range 3 {
		c.Kill()
		c.Restart(t)
		time.Sleep(500 * time.Millisecond) // what was being sent is tried again
	}
	sink.Answer(harness.Manner{})
	all := func() error {
		for _, i := range accepted {
			if !sink.Has(i*25) || !sink.Has(i*25+24) {
				return fmt.Errorf("batch %d was acknowledged and is missing", i)
			}
		}
		return nil
	}
	harness.Eventually(t, 40*time.Second, all)
	harness.Eventually(t, 20*time.Second, func() error { return harness.SendLogs(c.OTLPHTTP, newBatch(100_000, 20_000)) })
	accepted = append(accepted, 100_000/25)
	harness.Eventually(t, 20*time.Second, all)
	require.NoError(t, syscall.Mount("tmpfs", state, "tmpfs", syscall.MS_REMOUNT, "size=64m"))
	time.Sleep(2 * time.Second) // the registry, whose file is on the same disk, tries again
	c.Stop()
	assert.Zero(t, c.ExitCode(), "all is written")
	aside, err := filepath.Glob(filepath.Join(state, "*", "*damaged*"))
	require.NoError(t, err)
	assert.Empty(t, aside)
}

// TestFullDiskAtStart: a disk on which there is no room for the files at all stops the start with a message that names the cause.
func TestFullDiskAtStart(t *testing.T) {
	state := filepath.Join(t.TempDir(), "disk")
	require.NoError(t, os.MkdirAll(state, 0o700))
	if err := syscall.Mount("tmpfs", state, "tmpfs", 0, "size=4k"); err != nil {
		t.Skipf("NOT TESTED: a start on a full disk: this needs the right to mount one of 4 KB: %v", err)
	}
	t.Cleanup(func() { assert.NoError(t, syscall.Unmount(state, syscall.MNT_DETACH)) })
	require.NoError(t, os.MkdirAll(filepath.Join(state, "queue"), 0o700))
	out, code := harness.Run(t, t.TempDir(), harness.Env(map[string]string{
		"STATE_DIRECTORY": state, "SINK_A": "http://127.0.0.1:1", "HEALTH_ENDPOINT": harness.Address(t), "ISSUES_ENDPOINT": harness.Address(t), "OTLP_HTTP_ENDPOINT": harness.Address(t),
	}), "timeout", "20", harness.Binary(t), "--config", harness.Testdata(t, "small.yaml"), "--set=service::telemetry::metrics::level=none")
	assert.Equal(t, 1, code, out)
	assert.Contains(t, out, "no space left on device")
	assert.NotContains(t, out, "panic:")
}
