package e2e

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otel-culprit/culprit/test/e2e/harness"
)

// validate runs `otelcol-culprit validate` on a configuration.
func validate(t *testing.T, config string) (string, int) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "config.yaml")
	require.NoError(t, os.WriteFile(file, []byte(config), 0o600))
	return harness.Run(t, t.TempDir(), []string{"STATE_DIRECTORY=" + t.TempDir()}, harness.Binary(t), "validate", "--config", file)
}

// TestUnknownKeyIsRefused: in each of our components, also inside http, tls and sending_queue; the answer names component and key.
func TestUnknownKeyIsRefused(t *testing.T) {
	const frame = `
receivers: {otlp: {protocols: {http: }}%s}
processors: {%s}
exporters: {nop: %s}
connectors: {%s}
extensions: {%s}
service:
  %s
  pipelines:
    logs: {receivers: [%s], processors: [%s], exporters: [%s]}
    logs/out: {receivers: [%s], exporters: [nop]}
`
	f := func(kind, component, settings, key string) {
		t.Helper()
		entry := component + ": " + settings
		receiver, processor, exporter, connector, extension := "", "", "", "forward: ", ""
		receivers, processors, exporters, service, from := "otlp", "", "forward", "", "forward"
		switch kind {
		case "receiver":
			receiver, receivers = ", "+entry, component
		case "processor":
			processor, processors = entry, component
		case "exporter":
			exporter, exporters = ", "+entry, "forward, "+component
		case "connector":
			connector, exporters, from = entry, component, component
		case "extension":
			extension, service = entry, "extensions: ["+component+"]"
		}
		out, code := validate(t, fmt.Sprintf(frame, receiver, processor, exporter, connector, extension, service, receivers, processors, exporters, from))
		assert.NotZero(t, code, "%s %s", component, settings)
		assert.Contains(t, out, component, settings)
		assert.Contains(t, out, key, settings)
		assert.NotContains(t, out, "goroutine", "no stack dump")
	}
	f("processor", "trace_id", "{zzz: 1}", "zzz")
	f("processor", "trace_id", "{request_ids: {zzz: 1}}", "zzz")
	f("processor", "pii_redaction", "{zzz: 1}", "zzz")
	f("processor", "pii_redaction", "{sensitive_keys: {zzz: 1}}", "zzz")
	f("processor", "error_issue", "{zzz: 1}", "zzz")
	f("processor", "error_issue", "{grouping: {zzz: 1}}", "zzz")
	f("connector", "issues", "{zzz: 1}", "zzz")
	f("connector", "issues", "{throttle: {zzz: 1}}", "zzz")
	f("extension", "issue_registry", "{zzz: 1}", "zzz")
	f("extension", "issue_registry", "{http: {zzz: 1}}", "zzz")
	f("extension", "issue_registry", "{http: {tls: {zzz: 1}}}", "zzz")
	f("extension", "issue_registry", "{store: {zzz: 1}}", "zzz")
	f("exporter", "loki", "{http: {endpoint: 'http://localhost:1/x', zzz: 1}}", "zzz")
	f("exporter", "loki", "{http: {endpoint: 'http://localhost:1/x', tls: {zzz: 1}}}", "zzz")
	f("exporter", "loki", "{http: {endpoint: 'http://localhost:1/x'}, sending_queue: {zzz: 1}}", "zzz")
	f("exporter", "sentry_issue", "{dsn: 'http://a@localhost:1/1', zzz: 1}", "zzz")
	f("exporter", "sentry_issue", "{dsn: 'http://a@localhost:1/1', http: {zzz: 1}}", "zzz")
	f("exporter", "sentry_issue", "{dsn: 'http://a@localhost:1/1', http: {tls: {zzz: 1}}}", "zzz")
	f("exporter", "sentry_issue", "{dsn: 'http://a@localhost:1/1', sending_queue: {zzz: 1}}", "zzz")
	f("receiver", "beats", "{zzz: 1}", "zzz")
	f("receiver", "beats", "{tcp: {zzz: 1}}", "zzz")
	f("receiver", "beats", "{tls: {zzz: 1}}", "zzz")
	f("exporter", "issue_tracker", "{alertmanager: {url: 'http://localhost:1'}, zzz: 1}", "zzz")
	f("exporter", "issue_tracker", "{alertmanager: {url: 'http://localhost:1', zzz: 1}}", "zzz")
	f("exporter", "issue_tracker", "{alertmanager: {url: 'http://localhost:1'}, http: {zzz: 1}}", "zzz")
	f("exporter", "issue_tracker", "{alertmanager: {url: 'http://localhost:1'}, http: {tls: {zzz: 1}}}", "zzz")
	f("exporter", "issue_tracker", "{alertmanager: {url: 'http://localhost:1'}, sending_queue: {zzz: 1}}", "zzz")
	f("receiver", "sentry", "{zzz: 1}", "zzz")
	f("receiver", "sentry", "{http: {endpoint: 'localhost:1', zzz: 1}}", "zzz")
	f("receiver", "sentry", "{http: {endpoint: 'localhost:1', tls: {zzz: 1}}}", "zzz")
}

// TestConfigsRun: each configuration that has no test of its own starts, takes a record and stops.
func TestConfigsRun(t *testing.T) {
	for _, name := range []string{"minimal.yaml", "local.yaml", "agent.yaml", "sidecar.yaml", "gateway.yaml"} {
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(harness.Config(name))
			require.NoError(t, err)
			c := harness.StartCollector(t, harness.Config(name), map[string]string{"LOG_FILES": filepath.Join(t.TempDir(), "*.log")})
			logs, records := harness.NewLogs("hello")
			harness.AddLog(records, plog.SeverityNumberError, "cannot say hello")
			require.NoError(t, harness.SendLogs(c.OTLPHTTP, logs))
			if strings.Contains(string(text), "issue_registry") && strings.Contains(string(text), "ISSUES_ENDPOINT") {
				require.Len(t, c.ListIssues(t), 1)
			}
			c.Stop()
			require.Zero(t, c.ExitCode(), c.Tail(3000))
		})
	}
}
