package deploy

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

// The packages are made as a release makes them; the Debian one is installed, upgraded, removed and purged in a Debian that
// has nothing but what a package may expect. The unit's command runs there as the unit's user.
func TestPackages(t *testing.T) {
	dist := t.TempDir()
	platform := filepath.Join(dist, "linux-"+runtime.GOARCH)
	require.NoError(t, os.Mkdir(platform, 0o755))
	run(t, "cp", collector(t), filepath.Join(platform, "otelcol-culprit"))
	for _, release := range []struct{ version, formats string }{{"0.0.1", "deb"}, {"0.0.2", "deb rpm"}} {
		t.Setenv("VERSION", release.version)
		t.Setenv("FORMATS", release.formats)
		run(t, filepath.Join(root, "deploy/release/packages"), dist)
	}

	t.Run("sbom", func(t *testing.T) { checkSBOM(t, one(t, dist, "*.cdx.json")) })
	t.Run("checksums", func(t *testing.T) {
		cmd := exec.CommandContext(t.Context(), "sha256sum", "--check", "--strict", "checksums.txt")
		cmd.Dir = dist
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s", out)
	})
	t.Run("rpm", func(t *testing.T) { checkRPM(t, one(t, dist, "*0.0.2*.rpm")) })
	t.Run("deb", func(t *testing.T) { checkDeb(t, one(t, dist, "*0.0.1*.deb"), one(t, dist, "*0.0.2*.deb")) })
}

func checkSBOM(t *testing.T, path string) {
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	var bom struct {
		BOMFormat  string
		Components []struct{ Name, Version, PURL string }
	}
	require.NoError(t, json.Unmarshal(text, &bom))
	assert.Equal(t, "CycloneDX", bom.BOMFormat)
	found := false
	for _, c := range bom.Components {
		found = found || c.Name == "go.opentelemetry.io/collector/service" && strings.HasPrefix(c.PURL, "pkg:golang/")
	}
	assert.True(t, found, "the SBOM lists the modules in the binary")
}

func checkRPM(t *testing.T, path string) {
	if _, err := exec.LookPath("rpm"); err != nil {
		t.Skip("NOT TESTED: the rpm's contents need the program rpm")
	}
	files := run(t, "rpm", "-qpl", path)
	for _, file := range []string{"/usr/bin/otelcol-culprit", "/lib/systemd/system/otelcol-culprit.service", "/etc/otelcol-culprit/config.yaml"} {
		assert.Contains(t, files, file)
	}
	assert.Contains(t, run(t, "rpm", "-qp", "--requires", path), "shadow-utils")
	assert.Contains(t, run(t, "rpm", "-qpc", path), "/etc/otelcol-culprit/otelcol-culprit.env", "configurations survive an upgrade")
}

func checkDeb(t *testing.T, first, second string) {
	fs := debian(t)
	install := func(deb string) {
		run(t, "cp", deb, filepath.Join(fs, "tmp/culprit.deb"))
		run(t, "chroot", fs, "dpkg", "--install", "--force-confold", "/tmp/culprit.deb")
	}
	install(first)
	config := filepath.Join(fs, "etc/otelcol-culprit/config.yaml")
	assert.Equal(t, "640 root:otelcol-culprit\n", run(t, "chroot", fs, "stat", "-c", "%a %U:%G", "/etc/otelcol-culprit/config.yaml"))
	assert.Equal(t, "640 root:otelcol-culprit\n", run(t, "chroot", fs, "stat", "-c", "%a %U:%G", "/etc/otelcol-culprit/otelcol-culprit.env"))
	runUnit(t, fs)

	own, err := os.OpenFile(config, os.O_APPEND|os.O_WRONLY, 0)
	require.NoError(t, err)
	_, err = own.WriteString("# our own line\n")
	require.NoError(t, err)
	require.NoError(t, own.Close())
	install(second)
	assert.Contains(t, run(t, "tail", "-1", config), "our own line", "an upgrade keeps a changed configuration")
	assert.Contains(t, run(t, "chroot", fs, "dpkg", "--status", "otelcol-culprit"), "Version: 0.0.2")

	run(t, "chroot", fs, "dpkg", "--remove", "otelcol-culprit")
	assert.NoFileExists(t, filepath.Join(fs, "usr/bin/otelcol-culprit"))
	assert.FileExists(t, config)
	run(t, "chroot", fs, "dpkg", "--purge", "otelcol-culprit")
	assert.NoFileExists(t, config)
	assert.FileExists(t, filepath.Join(fs, "var/lib/otelcol-culprit/issues.db"), "issues and queues are data: they outlive the package")
}

// runUnit runs what the unit would: its check, then its command, as its user with its state folder.
func runUnit(t *testing.T, fs string) {
	unit, err := os.ReadFile(filepath.Join(fs, "lib/systemd/system/otelcol-culprit.service"))
	require.NoError(t, err)
	if _, err := exec.LookPath("systemd-analyze"); err == nil {
		run(t, "systemd-analyze", "security", "--offline=true", "--threshold=20", "--root="+fs, "otelcol-culprit.service")
	}
	state := filepath.Join(fs, "var/lib/otelcol-culprit")
	run(t, "chroot", fs, "install", "-d", "-o", "otelcol-culprit", "-g", "otelcol-culprit", "-m", "0700", "/var/lib/otelcol-culprit")
	health := freeAddress(t)
	env := []string{
		"OTELCOL_OPTIONS=" + setting(t, unit, "Environment=OTELCOL_OPTIONS="), "STATE_DIRECTORY=/var/lib/otelcol-culprit", "HEALTH_ENDPOINT=" + health,
		"OTLP_GRPC_ENDPOINT=" + freeAddress(t), "OTLP_HTTP_ENDPOINT=" + freeAddress(t), "SENTRY_ENDPOINT=" + freeAddress(t),
		"METRICS_ENDPOINT=" + freeAddress(t), "ISSUES_ENDPOINT=" + freeAddress(t),
	}
	command := func(line string) *exec.Cmd {
		cmd := exec.CommandContext(t.Context(), "chroot", "--userspec=otelcol-culprit:otelcol-culprit", fs, "/bin/sh", "-c", "exec "+line)
		cmd.Env = env
		return cmd
	}
	out, err := command(setting(t, unit, "ExecStartPre=")).CombinedOutput()
	require.NoError(t, err, "%s", out)
	var log bytes.Buffer
	cmd := command(setting(t, unit, "ExecStart="))
	cmd.Stdout, cmd.Stderr = &log, &log
	require.NoError(t, cmd.Start())
	healthy := becomesHealthy(t, health)
	require.NoError(t, cmd.Process.Signal(syscall.SIGTERM))
	require.NoError(t, cmd.Wait())
	if !healthy {
		t.Logf("%s", log.String())
	}
	require.FileExists(t, filepath.Join(state, "issues.db"))
}

// setting is the value of the unit's first line that begins so.
func setting(t *testing.T, unit []byte, begin string) string {
	for line := range strings.Lines(string(unit)) {
		if value, ok := strings.CutPrefix(line, begin); ok {
			return strings.TrimSpace(value)
		}
	}
	require.Fail(t, "the unit has no line "+begin)
	return ""
}

// debian is a fresh Debian with what the package depends on. Its base is made once, with the mirror that this machine uses.
func debian(t *testing.T) string {
	if _, err := exec.LookPath("debootstrap"); err != nil || os.Getuid() != 0 {
		t.Skip("NOT TESTED: installing the package needs root and debootstrap ('apt-get install debootstrap')")
	}
	base := filepath.Join(root, ".cache/debian")
	if _, err := os.Stat(filepath.Join(base, "usr/sbin/adduser")); err != nil {
		mirror := strings.Fields(run(t, "sh", "-c", "apt-get indextargets --format '$(REPO_URI) $(CODENAME)' 'Created-By: Packages' 'Component: main' | grep -v -e security -e updates"))
		require.GreaterOrEqual(t, len(mirror), 2, "apt knows a mirror")
		made := base + ".new" // a run that is killed leaves no half-made base
		run(t, "rm", "-rf", base, made)
		run(t, "debootstrap", "--variant=minbase", "--include=ca-certificates,adduser", mirror[1], made, mirror[0])
		require.NoError(t, os.Rename(made, base))
	}
	fs := filepath.Join(t.TempDir(), "debian")
	run(t, "cp", "-a", base, fs)
	return fs
}

// one is the only file of a folder that a pattern matches.
func one(t *testing.T, dir, pattern string) string {
	files, err := filepath.Glob(filepath.Join(dir, pattern))
	require.NoError(t, err)
	require.Len(t, files, 1, pattern)
	return files[0]
}

func run(t *testing.T, name string, args ...string) string {
	t.Helper()
	out, err := exec.CommandContext(t.Context(), name, args...).CombinedOutput()
	require.NoError(t, err, "%s %v: %s", name, args, out)
	return string(out)
}
