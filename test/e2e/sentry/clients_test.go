package sentry

import (
	"bytes"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/test/e2e/harness"
)

// programs is the folder of the programs that report errors with the real SDKs; they take a DSN and print
// what OpenTelemetry's SDK records of the same error.
var programs = filepath.Join(harness.Root(), "receiver", "sentryreceiver", "testdata", "sdk")

// installed is where the SDKs are installed once, for all runs.
func installed(name string) string {
	return filepath.Join(harness.Root(), ".cache", "sentry-sdks", name)
}

// client is a program that uses a real SDK.
type client struct {
	env     []string
	command []string
}

// recorded is an exception as OpenTelemetry's SDK writes it into a span event.
type recorded struct{ Type, Message, Stacktrace string }

// run lets the program report to a DSN.
func (c *client) run(t *testing.T, dsn string) (otel recorded) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), c.command[0], append(c.command[1:], dsn)...)
	cmd.Env = append(os.Environ(), c.env...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	require.NoError(t, err, "%s%s", out, stderr.String())
	require.NoError(t, json.Unmarshal(out, &otel), string(out))
	return otel
}

func goClient(t *testing.T) *client {
	t.Helper()
	program := filepath.Join(t.TempDir(), "sdk")
	// As somebody who uses the SDK builds: without the paths that -trimpath takes away it knows no source lines.
	install(t, programs, []string{"GOWORK=off", "GOFLAGS="}, "go", "build", "-o", program, ".")
	return &client{command: []string{program}}
}

func pythonClient(t *testing.T) *client {
	t.Helper()
	if err := exec.Command("python3", "-c", "import sys, venv, ensurepip; sys.exit(sys.version_info < (3, 8))").Run(); err != nil {
		t.Skip("NOT TESTED: the Sentry SDK of Python, which needs Python 3.8 or newer with venv")
	}
	dir := installed("python")
	once(t, dir, "requirements.txt", func(list string) {
		install(t, "", nil, "python3", "-m", "venv", "--clear", dir)
		install(t, "", nil, filepath.Join(dir, "bin", "pip"), "install", "--quiet", "--disable-pip-version-check", "-r", list)
	})
	return &client{command: []string{filepath.Join(dir, "bin", "python"), filepath.Join(programs, "sdk.py")}}
}

func nodeClient(t *testing.T) *client {
	t.Helper()
	dir := installed("node")
	once(t, dir, "package.json", func(string) {
		install(t, dir, nil, "npm", "install", "--no-audit", "--no-fund", "--no-package-lock", "--silent")
	})
	return &client{env: []string{"NODE_PATH=" + filepath.Join(dir, "node_modules")}, command: []string{"node", filepath.Join(programs, "sdk.cjs")}}
}

// have skips a test where a language is missing.
func have(t *testing.T, programs ...string) {
	t.Helper()
	for _, p := range programs {
		if _, err := exec.LookPath(p); err != nil {
			t.Skipf("NOT TESTED: the Sentry SDK that needs %s, which is not installed", p)
		}
	}
}

// once does what a list of packages asks for, unless it was done for the same list before. The list is
// copied last: it says that all went well.
func once(t *testing.T, dir, list string, do func(list string)) {
	t.Helper()
	wanted, err := filepath.Abs(filepath.Join("clients", list))
	require.NoError(t, err)
	text, err := os.ReadFile(wanted)
	require.NoError(t, err)
	done := filepath.Join(dir, "."+list)
	if have, err := os.ReadFile(done); err == nil && bytes.Equal(have, text) {
		return
	}
	require.NoError(t, os.MkdirAll(dir, 0o755))
	require.NoError(t, os.WriteFile(filepath.Join(dir, list), text, 0o600))
	do(wanted)
	require.NoError(t, os.WriteFile(done, text, 0o600))
}

func install(t *testing.T, dir string, env []string, program string, args ...string) {
	t.Helper()
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), env...)
	out, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s: %s", cmd, out)
}
