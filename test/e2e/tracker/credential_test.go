package tracker

import (
	"fmt"
	"io"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/test/e2e/harness"
)

// TestWrongCredential: the component's status tells of it and the log has one line, whatever the number of events. The
// tracker is asked once, the events wait, and the main pipeline notices nothing.
func TestWrongCredential(t *testing.T) {
	jira := harness.StartTrackers(t).Service(t, "jira-cloud")
	config, err := filepath.Abs("testdata/tracker.yaml")
	require.NoError(t, err)
	dir, otlp, status := t.TempDir(), harness.Address(t), harness.Address(t)
	const health = "--set=extensions::health_check::"
	c := harness.Start(t, "collector", dir, harness.Env(map[string]string{
		"STATE_DIRECTORY": dir, "STORE": fileStore, "OTLP_HTTP_ENDPOINT": otlp, "ISSUES_ENDPOINT": harness.Address(t), "HEALTH_ENDPOINT": harness.Address(t),
		"EXPORTER": "{" + strings.Replace(jiraExporter(jira), secret, "wrong-"+secret, 1) + ", " + queue + "}",
	}), harness.Binary(t), "--config", config, "--feature-gates=+extension.healthcheck.useComponentStatus", "--set=service::telemetry::metrics::level=none",
		health+"use_v2=true", health+"component_health::include_recoverable_errors=true", health+"component_health::recovery_duration=100ms",
		health+"http::endpoint="+status, health+"http::status::enabled=true", health+"http::status::path=/status")
	address := "http://" + status + "/status?verbose"
	c.WaitReady(t, address, 30*time.Second)
	for n := range 25 {
		logs, _ := failure{service: "orders", class: class(n)}.logs(4)
		require.NoError(t, harness.SendLogs("http://"+otlp, logs), "the main pipeline does not fail with the side pipeline")
	}
	text := ""
	harness.Eventually(t, 30*time.Second, func() error {
		resp, err := http.Get(address)
		if err != nil {
			return err
		}
		defer resp.Body.Close()
		body, err := io.ReadAll(resp.Body)
		if text = string(body); err != nil || resp.StatusCode != http.StatusInternalServerError {
			return fmt.Errorf("%s %w: %s", resp.Status, err, text)
		}
		return nil
	})
	assert.Contains(t, text, "answered 401")
	time.Sleep(5 * time.Second) // for further attempts, if there were any
	assert.Equal(t, 1, jira.Denied(t), "a closed door is not knocked at")
	assert.Equal(t, 1, strings.Count(c.Output(), "refuses the credential"), "one line for a hundred events")
	assert.NotContains(t, c.Output()+text, secret)
	assert.Empty(t, jira.Tickets(t))
}
