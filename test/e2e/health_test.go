package e2e

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otel-culprit/culprit/test/e2e/harness"
)

// TestComponentStatus: with the gate of docs/metrics.md /status answers 500 while Loki is away for longer than
// recovery_duration, and 200 before and afterwards.
func TestComponentStatus(t *testing.T) {
	loki := harness.StartLoki(t)
	health, otlp := harness.Address(t), harness.Address(t)
	file := filepath.Join(t.TempDir(), "config.yaml")
	require.NoError(t, os.WriteFile(file, []byte(strings.NewReplacer("HEALTH", health, "OTLP", otlp, "LOKI", loki.Push()).Replace(`
extensions:
  health_check:
    use_v2: true
    component_health: {include_permanent_errors: true, include_recoverable_errors: true, recovery_duration: 500ms}
    http: {endpoint: "HEALTH", status: {enabled: true, path: /status}}
receivers: {otlp: {protocols: {http: {endpoint: "OTLP"}}}}
exporters: {loki: {http: {endpoint: "LOKI"}, retry_on_failure: {initial_interval: 200ms, max_interval: 500ms}}}
service:
  extensions: [health_check]
  telemetry: {metrics: {level: none}}
  pipelines: {logs: {receivers: [otlp], exporters: [loki]}}
`)), 0o600))
	p := harness.Start(t, "collector", t.TempDir(), nil, harness.Binary(t), "--config", file, "--feature-gates=+extension.healthcheck.useComponentStatus")
	status := "http://" + health + "/status"
	p.WaitReady(t, status, 30*time.Second)

	becomes := func(code int) {
		t.Helper()
		harness.Eventually(t, 30*time.Second, func() error {
			resp, err := http.Get(status)
			if err != nil {
				return err
			}
			resp.Body.Close()
			if resp.StatusCode != code {
				return fmt.Errorf("%s answers %d, want %d", status, resp.StatusCode, code)
			}
			return nil
		})
	}
	loki.Stop()
	logs, records := harness.NewLogs("status")
	harness.AddLog(records, plog.SeverityNumberInfo, "waiting for Loki")
	require.NoError(t, harness.SendLogs("http://"+otlp, logs))
	becomes(http.StatusInternalServerError)
	loki.Restart(t)
	becomes(http.StatusOK)
}
