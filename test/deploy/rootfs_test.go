package deploy

import (
	"context"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The image without a container engine: its root file system, entered with chroot as the image's user, with the image's
// variables and its command line. Nothing but the state folder can be written, as on a read-only root.
func TestRootFilesystem(t *testing.T) {
	binary := collector(t)
	if runtime.GOOS != "linux" || os.Getuid() != 0 {
		t.Skip("NOT TESTED: the image's root file system needs root on Linux for chroot")
	}
	dir := t.TempDir()
	archive := filepath.Join(dir, "rootfs.tar")
	out, err := exec.CommandContext(t.Context(), filepath.Join(root, "deploy/docker/rootfs"), binary, archive).CombinedOutput()
	require.NoError(t, err, "%s", out)
	fs := filepath.Join(dir, "root")
	require.NoError(t, os.Mkdir(fs, 0o755))
	out, err = exec.CommandContext(t.Context(), "tar", "-xpf", archive, "--same-owner", "-C", fs).CombinedOutput()
	require.NoError(t, err, "%s", out)

	for name, args := range map[string][]string{
		"command of the image": {"--config", "/etc/otelcol-culprit/config.yaml"},
		"OTEL_CONFIG":          {"--config=env:OTEL_CONFIG"},
	} {
		t.Run(name, func(t *testing.T) {
			health := freeAddress(t)
			ctx, cancel := context.WithTimeout(t.Context(), time.Minute)
			defer cancel()
			cmd := exec.CommandContext(ctx, "/otelcol-culprit", args...)
			cmd.Dir = "/"
			cmd.SysProcAttr = &syscall.SysProcAttr{Chroot: fs, Credential: &syscall.Credential{Uid: 10001, Gid: 10001}}
			cmd.Env = []string{
				"OTLP_GRPC_ENDPOINT=" + freeAddress(t), "OTLP_HTTP_ENDPOINT=" + freeAddress(t), "SENTRY_ENDPOINT=" + freeAddress(t),
				"METRICS_ENDPOINT=" + freeAddress(t), "ISSUES_ENDPOINT=" + freeAddress(t), "HEALTH_ENDPOINT=" + health,
				"STATE_DIRECTORY=/var/lib/otelcol-culprit", "OTEL_CONFIG=" + readFile(t, "configs/local.yaml"),
			}
			log := filepath.Join(t.TempDir(), "log")
			file, err := os.Create(log)
			require.NoError(t, err)
			defer file.Close()
			cmd.Stdout, cmd.Stderr = file, file
			require.NoError(t, cmd.Start())
			healthy := becomesHealthy(t, health)
			assert.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
			assert.NoError(t, cmd.Wait())
			if !healthy {
				text, _ := os.ReadFile(log)
				t.Logf("%s", text)
			}
			assert.FileExists(t, filepath.Join(fs, "var/lib/otelcol-culprit/issues.db"))
		})
	}
}

// becomesHealthy waits for the collector's health check at an address.
func becomesHealthy(t *testing.T, address string) bool {
	t.Helper()
	return assert.Eventually(t, func() bool {
		r, err := http.Get("http://" + address)
		if err != nil {
			return false
		}
		_ = r.Body.Close()
		return r.StatusCode == http.StatusOK
	}, 50*time.Second, 100*time.Millisecond)
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := (&net.ListenConfig{}).Listen(t.Context(), "tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer l.Close()
	return l.Addr().String()
}

func readFile(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(root, path))
	require.NoError(t, err)
	return string(text)
}
