package sentryreceiver

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
)

// found returns the only record whose attribute has a value.
func (s *testServer) found(t *testing.T, key, value string) plog.LogRecord {
	t.Helper()
	var out []plog.LogRecord
	for _, ld := range s.logs.AllLogs() {
		for _, rl := range ld.ResourceLogs().All() {
			for _, lr := range rl.ScopeLogs().At(0).LogRecords().All() {
				if v, ok := lr.Attributes().Get(key); ok && v.AsString() == value {
					out = append(out, lr)
				}
			}
		}
	}
	require.Len(t, out, 1, "records with %s=%s", key, value)
	return out[0]
}

// TestGoSDK points the real Go SDK at the receiver.
func TestGoSDK(t *testing.T) {
	program := filepath.Join(t.TempDir(), "sdk")
	build := exec.CommandContext(t.Context(), "go", "build", "-o", program, ".")
	build.Dir = filepath.Join("testdata", "sdk")
	if out, err := build.CombinedOutput(); err != nil {
		t.Skipf("NOT TESTED: the Go SDK of Sentry; it cannot be built here: %s", out)
	}
	s := startServer(t, func(c *Config) { c.Projects = map[string]string{"43": "billing"} })
	dsn := strings.Replace(s.url, "http://", "http://"+testKey+"@", 1) + "/43"
	out, err := exec.CommandContext(t.Context(), program, dsn).CombinedOutput()
	require.NoError(t, err, string(out))

	assert.Empty(t, s.outcomes(t, invalid))
	lr := s.found(t, "exception.type", "*main.declinedError")
	attrs := lr.Attributes().AsRaw()
	assert.Equal(t, "card declined: query users: connection refused", attrs["exception.message"])
	assert.Contains(t, attrs["exception.stacktrace"], "main.report(...)\n\t")
	assert.Len(t, list(t, attrs, "sentry.exceptions"), 3, "the chain")
	assert.Len(t, list(t, attrs, "sentry.breadcrumbs"), 1)
	assert.Equal(t, "u-77", attrs["user.id"])
	assert.Equal(t, "billing", attrs["sentry.tags.team"])
	require.Equal(t, 2, s.traces.SpanCount())
	root := s.traces.AllTraces()[0].ResourceSpans().At(0).ScopeSpans().At(0).Spans().At(0)
	assert.Equal(t, root.TraceID(), lr.TraceID(), "error and trace find each other")
	s.found(t, "exception.message", "assignment to entry in nil map")
}

// TestPythonSDK points the real Python SDK at the receiver.
func TestPythonSDK(t *testing.T) {
	python := os.Getenv("CULPRIT_PYTHON")
	if python == "" {
		python = "python3"
	}
	s := startServer(t, nil)
	dsn := strings.Replace(s.url, "http://", "http://"+testKey+"@", 1) + "/44"
	out, err := exec.CommandContext(t.Context(), python, filepath.Join("testdata", "sdk", "sdk.py"), dsn).CombinedOutput()
	var exit *exec.ExitError
	if errors.Is(err, exec.ErrNotFound) || errors.As(err, &exit) && exit.ExitCode() == 77 {
		t.Skip("NOT TESTED: the Python SDK of Sentry; install the package sentry-sdk, or name an interpreter that has it in CULPRIT_PYTHON")
	}
	require.NoError(t, err, string(out))

	assert.Empty(t, s.outcomes(t, invalid))
	lr := s.found(t, "exception.type", "__main__.PaymentError")
	attrs := lr.Attributes().AsRaw()
	stack := attrs["exception.stacktrace"].(string)
	assert.Contains(t, stack, "KeyError: 'amount'\n\nThe above exception was the direct cause of the following exception:\n")
	assert.Contains(t, stack, ", in deep\n")
	assert.Len(t, list(t, attrs, "sentry.exceptions"), 2)
	assert.Equal(t, "u-77", attrs["user.id"])
	assert.True(t, s.strings()["'hunter2'"], "local variables are kept, for redaction to judge")
	assert.Equal(t, 2, s.traces.SpanCount())
	assert.False(t, lr.TraceID().IsEmpty())
}

// TestNodeSDK points the real Node SDK at the receiver. NODE_PATH names the folder node_modules that
// has @sentry/node.
func TestNodeSDK(t *testing.T) {
	s := startServer(t, nil)
	dsn := strings.Replace(s.url, "http://", "http://"+testKey+"@", 1) + "/42"
	out, err := exec.CommandContext(t.Context(), "node", filepath.Join("testdata", "sdk", "sdk.cjs"), dsn).CombinedOutput()
	var exit *exec.ExitError
	if errors.Is(err, exec.ErrNotFound) || errors.As(err, &exit) && exit.ExitCode() == 77 {
		t.Skip("NOT TESTED: the Node SDK of Sentry; install @sentry/node and name its node_modules in NODE_PATH")
	}
	require.NoError(t, err, string(out))

	assert.Empty(t, s.outcomes(t, invalid))
	lr := s.found(t, "exception.type", "PaymentError")
	attrs := lr.Attributes().AsRaw()
	assert.Equal(t, "charge failed", attrs["exception.message"])
	assert.Contains(t, attrs["exception.stacktrace"], "PaymentError: charge failed\n    at charge (")
	assert.Len(t, list(t, attrs, "sentry.exceptions"), 2, "the chain")
	assert.NotEmpty(t, attrs["sentry.breadcrumbs"])
	assert.Equal(t, "payments", attrs["sentry.tags.team"])
	require.Equal(t, 1, s.traces.SpanCount())
	span := s.traces.AllTraces()[0].ResourceSpans().At(0).ScopeSpans().At(0).Spans().At(0)
	assert.Equal(t, "job import", span.Name())
	assert.Equal(t, span.TraceID(), lr.TraceID(), "error and trace find each other")
}
