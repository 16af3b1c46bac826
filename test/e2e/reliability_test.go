package e2e

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otel-culprit/culprit/test/e2e/harness"
)

// numbered collects the record numbers that reached Loki.
func numbered(t *testing.T, loki *harness.Loki, prefix string) map[string]int {
	t.Helper()
	seen := map[string]int{}
	// Loki answers with at most 5,000 lines: one query for each thousand.
	for k := range 10 {
		for _, e := range loki.Query(t, fmt.Sprintf(`{service_name=~".+"} |~ "^%s %d[0-9]{3} "`, prefix, k)) {
			seen[strings.Fields(e.Line)[1]]++
		}
	}
	return seen
}

// TestKillUnderLoad: kill -9 in the middle of acknowledged load; after a restart everything that was acknowledged is in Loki.
func TestKillUnderLoad(t *testing.T) {
	loki, jaeger := harness.StartLoki(t), harness.StartJaeger(t)
	c := harness.StartCollector(t, harness.Config("gateway.yaml"), map[string]string{"LOKI_ENDPOINT": loki.Push(), "JAEGER_ENDPOINT": jaeger.OTLP})
	acknowledged := map[string]bool{}
	send := func(from, to int) {
		for n := from; n < to; n += 20 {
			logs, records := harness.NewLogs("kill")
			for i := n; i < n+20; i++ {
				harness.AddLog(records, plog.SeverityNumberInfo, fmt.Sprintf("kill %04d %s", i, strings.Repeat("x", 500)))
			}
			if err := harness.SendLogs(c.OTLPHTTP, logs); err == nil {
				for i := n; i < n+20; i++ {
					acknowledged[fmt.Sprintf("%04d", i)] = true
				}
			}
		}
	}
	for round := range 3 {
		running := c.Process
		killed := make(chan struct{})
		go func() {
			time.Sleep(time.Duration(100+60*round) * time.Millisecond)
			running.Kill()
			close(killed)
		}()
		send(round*2000, round*2000+2000)
		<-killed
		c.Restart(t)
	}
	send(6000, 7000)
	require.Greater(t, len(acknowledged), 1000)
	harness.Eventually(t, 60*time.Second, func() error {
		seen := numbered(t, loki, "kill")
		var missing []string
		for n := range acknowledged {
			if seen[n] == 0 {
				missing = append(missing, n)
			}
		}
		if len(missing) > 0 {
			return fmt.Errorf("%d of %d acknowledged records are missing, such as %s", len(missing), len(acknowledged), missing[0])
		}
		return nil
	})
	t.Logf("%d records acknowledged, none missing", len(acknowledged))
}

// TestAgentToGateway: 10,000 records of 4 KB pass from an agent to a gateway.
func TestAgentToGateway(t *testing.T) {
	loki, jaeger := harness.StartLoki(t), harness.StartJaeger(t)
	gateway := harness.StartCollector(t, harness.Config("gateway.yaml"), map[string]string{"LOKI_ENDPOINT": loki.Push(), "JAEGER_ENDPOINT": jaeger.OTLP})
	agent := harness.StartCollector(t, harness.Config("agent.yaml"), map[string]string{
		"GATEWAY_ENDPOINT": gateway.OTLPGRPC, "LOG_FILES": filepath.Join(t.TempDir(), "*.log"),
	})
	for n := 0; n < 10_000; n += 500 {
		logs, records := harness.NewLogs("bulk")
		for i := n; i < n+500; i++ {
			harness.AddLog(records, plog.SeverityNumberInfo, fmt.Sprintf("bulk %04d %s", i, strings.Repeat("payload ", 512)))
		}
		harness.Eventually(t, 30*time.Second, func() error { return harness.SendLogs(agent.OTLPHTTP, logs) })
	}
	harness.Eventually(t, 90*time.Second, func() error {
		if seen := numbered(t, loki, "bulk"); len(seen) != 10_000 {
			return fmt.Errorf("%d of 10000 records", len(seen))
		}
		return nil
	})
}

// TestResentBatchCountsOnce: one exporter refuses, so the sender repeats a batch that another one has taken. It
// counts once and keeps its event ID.
func TestResentBatchCountsOnce(t *testing.T) {
	var refuse atomic.Int32
	backend := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if refuse.Add(-1) >= 0 {
			http.Error(w, "busy", http.StatusServiceUnavailable)
			return
		}
		w.WriteHeader(http.StatusOK)
	}))
	defer backend.Close()
	out := filepath.Join(t.TempDir(), "events.json")
	config := filepath.Join(t.TempDir(), "config.yaml")
	require.NoError(t, os.WriteFile(config, []byte(strings.ReplaceAll(`
extensions:
  issue_registry: {http: {endpoint: "${env:ISSUES_ENDPOINT}"}}
  health_check: {endpoint: "${env:HEALTH_ENDPOINT}"}
receivers: {otlp: {protocols: {http: {endpoint: "${env:OTLP_HTTP_ENDPOINT}"}}}}
processors: {trace_id: , pii_redaction: , error_issue: }
connectors: {issues: }
exporters:
  otlp_http: {endpoint: "${env:BACKEND}", sending_queue: {enabled: false}, retry_on_failure: {enabled: false}}
  file: {path: OUT, flush_interval: 100ms}
service:
  extensions: [issue_registry, health_check]
  pipelines:
    logs: {receivers: [otlp], processors: [trace_id, pii_redaction, error_issue], exporters: [issues, otlp_http]}
    logs/issues: {receivers: [issues], exporters: [file]}
`, "OUT", out)), 0o600))
	c := harness.StartCollector(t, config, map[string]string{"BACKEND": backend.URL})
	logs, records := harness.NewLogs("resent")
	for i := range 5 {
		lr := harness.AddLog(records, plog.SeverityNumberError, "cannot open ledger")
		lr.SetTraceID(pcommon.TraceID{1, byte(i)})
	}
	refuse.Store(2)
	attempts := 0
	harness.Eventually(t, 20*time.Second, func() error {
		attempts++
		return harness.SendLogs(c.OTLPHTTP, logs)
	})
	assert.Equal(t, 3, attempts, "refused twice")
	issues := c.ListIssues(t)
	require.Len(t, issues, 1)
	assert.Equal(t, uint64(5), issues[0].Count)
	c.Stop()
	text, err := os.ReadFile(out)
	require.NoError(t, err)
	ids := map[string]bool{}
	parts := strings.Split(string(text), `"issue.event_id"`)
	for _, part := range parts[1:] {
		ids[part[:60]] = true
	}
	assert.Len(t, ids, 5, "event IDs")
	assert.Len(t, parts, 6, "each event came out once")
}
