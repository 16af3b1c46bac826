package full

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/pmetric/pmetricotlp"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/pdata/ptrace/ptraceotlp"

	"github.com/otel-culprit/culprit/test/e2e/harness"
)

// busyOnce is a backend that answers 503 once.
func busyOnce(status int) func(w http.ResponseWriter, r request) {
	refuse := 1
	return func(w http.ResponseWriter, q request) {
		if refuse--; refuse >= 0 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		w.Header().Set("Content-Type", q.Header.Get("Content-Type"))
		w.WriteHeader(status)
	}
}

// TestGrafanaCloud: https://grafana.com/docs/grafana-cloud/send-data/otlp/
func TestGrafanaCloud(t *testing.T) {
	r := record(t, busyOnce(http.StatusOK))
	c := start(t, "grafana-cloud.yaml", map[string]string{"GRAFANA_OTLP_ENDPOINT": r.URL + "/otlp", "GRAFANA_INSTANCE_ID": "123456", "GRAFANA_TOKEN": "glc_secret"})
	auth := http.Header{"Authorization": {"Basic " + base64.StdEncoding.EncodeToString([]byte("123456:glc_secret"))}}
	want := send(t, c)
	sendMetrics(t, c)
	arrives(t, r, want, "/otlp/v1/traces", auth, "/otlp/v1/logs", auth)
	assert.ElementsMatch(t, []int64{3, 5}, sums(t, r, "/otlp/v1/metrics", auth, pmetric.AggregationTemporalityCumulative))
}

// TestNewRelic: https://docs.newrelic.com/docs/opentelemetry/best-practices/opentelemetry-otlp/
func TestNewRelic(t *testing.T) {
	r := record(t, busyOnce(http.StatusOK))
	c := start(t, "newrelic.yaml", map[string]string{"NEW_RELIC_OTLP": r.URL, "NEW_RELIC_LICENSE_KEY": "0123456789NRAL"})
	auth := http.Header{"Api-Key": {"0123456789NRAL"}}
	want := send(t, c)
	sendMetrics(t, c)
	arrives(t, r, want, "/v1/traces", auth, "/v1/logs", auth)
	assert.ElementsMatch(t, []int64{2}, sums(t, r, "/v1/metrics", auth, pmetric.AggregationTemporalityDelta), "the first value is where deltas begin")
}

// TestDatadog: https://docs.datadoghq.com/opentelemetry/setup/otlp_ingest/
func TestDatadog(t *testing.T) {
	r := record(t, busyOnce(http.StatusOK))
	c := start(t, "datadog.yaml", map[string]string{"DATADOG_OTLP": r.URL, "DATADOG_TRACES": r.URL + "/v1/traces", "DD_API_KEY": "0123456789abcdef", "DATADOG_SOURCE": "acme"})
	auth := http.Header{"Dd-Api-Key": {"0123456789abcdef"}}
	want := send(t, c)
	sendMetrics(t, c)
	arrives(t, r, want, "/v1/traces", http.Header{"Dd-Api-Key": {"0123456789abcdef"}, "Dd-Protocol": {"otlp"}, "Dd-Otlp-Source": {"acme"}}, "/v1/logs", auth)
	assert.ElementsMatch(t, []int64{2}, sums(t, r, "/v1/metrics", auth, pmetric.AggregationTemporalityDelta), "Datadog refuses cumulative sums")
}

// TestAWSOverOTLP: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch-OTLPEndpoint.html
func TestAWSOverOTLP(t *testing.T) {
	r := record(t, busyOnce(http.StatusOK))
	c := start(t, "aws-otlp.yaml", awsEnv(map[string]string{"XRAY_OTLP_ENDPOINT": r.URL, "LOGS_OTLP_ENDPOINT": r.URL, "LOG_GROUP": "/shop/logs", "LOG_STREAM": "test"}))
	want := send(t, c)
	arrives(t, r, want, "/v1/traces", nil, "/v1/logs", http.Header{"X-Aws-Log-Group": {"/shop/logs"}, "X-Aws-Log-Stream": {"test"}})
	for _, q := range r.requests("/v1/traces") {
		checkSigned(t, q, "xray")
	}
	for _, q := range r.requests("/v1/logs") {
		checkSigned(t, q, "logs")
	}
}

// checkOTLP holds a request to https://opentelemetry.io/docs/specs/otlp/#otlphttp-request.
func checkOTLP(t *testing.T, q request, headers http.Header) {
	t.Helper()
	assert.Equal(t, http.MethodPost, q.Method)
	assert.Equal(t, "application/x-protobuf", q.Header.Get("Content-Type"))
	assert.Equal(t, "gzip", q.Header.Get("Content-Encoding"))
	for name, values := range headers {
		assert.Equal(t, values, q.Header[name], name)
	}
}

// arrives waits for the trace and the log that were sent, and checks each request on the way.
func arrives(t *testing.T, r *recorder, want sent, tracesPath string, tracesHeader http.Header, logsPath string, logsHeader http.Header) {
	t.Helper()
	harness.Eventually(t, 40*time.Second, func() error {
		spans, events, records := 0, 0, 0
		for _, q := range r.requests(tracesPath) {
			checkOTLP(t, q, tracesHeader)
			in := ptraceotlp.NewExportRequest()
			require.NoError(t, in.UnmarshalProto(q.Body))
			for _, rs := range in.Traces().ResourceSpans().All() {
				for _, s := range rs.ScopeSpans().At(0).Spans().All() {
					assert.Equal(t, want.trace, s.TraceID().String())
					spans++
					if s.Status().Code() == ptrace.StatusCodeError {
						id, _ := s.Attributes().Get("issue.id")
						assert.Equal(t, want.issue, id.Str())
						events += s.Events().Len()
					}
				}
			}
		}
		for _, q := range r.requests(logsPath) {
			checkOTLP(t, q, logsHeader)
			in := plogotlp.NewExportRequest()
			require.NoError(t, in.UnmarshalProto(q.Body))
			for _, rl := range in.Logs().ResourceLogs().All() {
				for _, lr := range rl.ScopeLogs().At(0).LogRecords().All() {
					assert.Equal(t, want.trace, lr.TraceID().String())
					id, _ := lr.Attributes().Get("issue.id")
					assert.Equal(t, want.issue, id.Str())
					records++
				}
			}
		}
		if r.refused() != 1 || spans != 2 || events != 1 || records != 1 {
			return fmt.Errorf("%d refused, %d spans, %d events, %d records", r.refused(), spans, events, records)
		}
		return nil
	})
}

// sums waits for the values of the sum that sendMetrics sends.
func sums(t *testing.T, r *recorder, path string, headers http.Header, temporality pmetric.AggregationTemporality) (values []int64) {
	t.Helper()
	least := 2
	if temporality == pmetric.AggregationTemporalityDelta {
		least = 1
	}
	harness.Eventually(t, 40*time.Second, func() error {
		values = nil
		for _, q := range r.requests(path) {
			checkOTLP(t, q, headers)
			in := pmetricotlp.NewExportRequest()
			require.NoError(t, in.UnmarshalProto(q.Body))
			for _, rm := range in.Metrics().ResourceMetrics().All() {
				m := rm.ScopeMetrics().At(0).Metrics().At(0)
				require.Equal(t, "orders", m.Name())
				assert.Equal(t, temporality, m.Sum().AggregationTemporality())
				for _, p := range m.Sum().DataPoints().All() {
					values = append(values, p.IntValue())
				}
			}
		}
		if len(values) < least {
			return fmt.Errorf("%d values", len(values))
		}
		return nil
	})
	return values
}
