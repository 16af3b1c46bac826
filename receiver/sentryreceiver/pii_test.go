package sentryreceiver

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/processor/processortest"

	"github.com/otel-culprit/culprit/processor/piiredactionprocessor"
)

// planted is the personal data that the programs behind the recorded requests handle.
var planted = []string{
	"ana.lima@example.com", "ana.lima%40example.com", "4111111111111111", "378282246310005", "5500005555555559",
	"203.0.113.9", "198.51.100.23", "tok_123", "s3cr3t", "hunter2", "123-45-6789", "sid=abc",
}

// TestRedactionReachesEverything sends the recorded requests through receiver and pii_redaction: none
// of the personal data in them may come out, wherever in an item it was.
func TestRedactionReachesEverything(t *testing.T) {
	all := captures(t)
	s := startServer(t, func(c *Config) { c.Attachments = KeepAttachments })
	raw := 0
	for _, c := range all {
		for _, p := range planted {
			raw += strings.Count(string(c.body), p)
		}
		resp, err := http.DefaultClient.Do(c.request(t.Context(), t, s.url))
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		require.Equal(t, http.StatusOK, resp.StatusCode)
	}
	clean := redacted(t, s)
	left := map[string]string{}
	for text := range clean.strings() {
		for _, p := range planted {
			if strings.Contains(text, p) {
				left[p] = text
			}
		}
	}
	assert.Greater(t, raw, 100)
	assert.Empty(t, left)
}

// redacted sends what a server got through pii_redaction.
func redacted(t *testing.T, s *testServer) *testServer {
	t.Helper()
	f := piiredactionprocessor.NewFactory()
	set := processortest.NewNopSettings(f.Type())
	clean := &testServer{logs: new(consumertest.LogsSink), traces: new(consumertest.TracesSink), metrics: new(consumertest.MetricsSink)}
	cfg := f.CreateDefaultConfig()
	logs, err := f.CreateLogs(t.Context(), set, cfg, clean.logs)
	require.NoError(t, err)
	traces, err := f.CreateTraces(t.Context(), set, cfg, clean.traces)
	require.NoError(t, err)
	metrics, err := f.CreateMetrics(t.Context(), set, cfg, clean.metrics)
	require.NoError(t, err)
	host := componenttest.NewNopHost()
	require.NoError(t, logs.Start(t.Context(), host))
	require.NoError(t, traces.Start(t.Context(), host))
	require.NoError(t, metrics.Start(t.Context(), host))
	for _, ld := range s.logs.AllLogs() {
		require.NoError(t, logs.ConsumeLogs(t.Context(), ld))
	}
	for _, td := range s.traces.AllTraces() {
		require.NoError(t, traces.ConsumeTraces(t.Context(), td))
	}
	for _, md := range s.metrics.AllMetrics() {
		require.NoError(t, metrics.ConsumeMetrics(t.Context(), md))
	}
	require.NoError(t, metrics.Shutdown(t.Context()))
	require.NoError(t, traces.Shutdown(t.Context()))
	require.NoError(t, logs.Shutdown(t.Context()))
	return clean
}
