package inputs

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/test/e2e/harness"
)

// TestPrometheus: a service with Prometheus' client of Python is scraped; a real Prometheus behind the collector has its
// metrics and the trace IDs of its exemplars, nothing personal, and no issue is made.
func TestPrometheus(t *testing.T) {
	python, target := python(t), harness.Address(t)
	_, port := hostPort(t, target)
	dir := t.TempDir()
	code := strings.Replace(block(t, "prometheus.md", "metrics.py"), "8080", fmt.Sprint(port), 1) + `
import time

failed("card of ana.lima@example.com was declined", "` + traceID(1) + `")
time.sleep(120)
`
	require.NoError(t, os.WriteFile(filepath.Join(dir, "app.py"), []byte(code), 0o600))
	service := harness.Start(t, "service", dir, nil, python, "app.py")
	service.WaitReady(t, "http://"+target+"/metrics", limit)

	prometheus := harness.StartPrometheus(t)
	c := start(t, map[string]string{"OTLP_BACKEND": prometheus.URL + "/api/v1/otlp"},
		recipe(t, "prometheus.md", "prometheus.yaml", "localhost:8080", target, "30s", "1s"))
	var exemplars string
	harness.Eventually(t, limit, func() error {
		exemplars = harness.Get(t, prometheus.URL+"/api/v1/query_exemplars?query=checkout_failures_total")
		if !strings.Contains(exemplars, traceID(1)) {
			return fmt.Errorf("no exemplar with the trace ID: %s", exemplars)
		}
		return nil
	})
	samples := prometheus.Query(t, "checkout_failures_total")
	require.Len(t, samples, 1)
	require.Equal(t, "checkout", samples[0].Metric["job"])
	require.Equal(t, "card of [EMAIL] was declined", samples[0].Metric["reason"])
	require.InDelta(t, 1, samples[0].Value, 0)
	require.NotContains(t, exemplars, "ana.lima")
	require.Empty(t, c.ListIssues(t))
}
