package e2e

import (
	"fmt"
	"net/url"
	"regexp"
	"testing"
	"time"

	"github.com/otel-culprit/culprit/test/e2e/harness"
)

// TestMetricsPushed: span metrics, issue metrics and exemplars reach a real Prometheus by OTLP and by remote write.
// (TestMainPath has the third way, the scraped exporter.)
func TestMetricsPushed(t *testing.T) {
	f := func(name, config, variable, path string, env map[string]string, more ...string) {
		t.Run(name, func(t *testing.T) {
			prometheus := harness.StartPrometheus(t)
			env[variable], env["METRICS_INTERVAL"] = prometheus.URL+path, "1s"
			var c *harness.Collector
			if name == "otlp" {
				c, _ = harness.StartObserved(t, config, env, prometheus.URL+path+"/v1/metrics")
			} else {
				c = harness.StartCollector(t, config, env)
			}
			const rounds = 2
			report := harness.RunShop(t, c.OTLPHTTP, rounds)
			issues := waitForIssues(t, c, report.Bugs(), rounds)
			harness.Eventually(t, 40*time.Second, func() error {
				counts := prometheus.Query(t, `sum by (issue_id) ({__name__=~"issue_occurrences(_total)?"})`)
				for _, s := range counts {
					if s.Value != rounds {
						return fmt.Errorf("issue %s is counted %v times", s.Metric["issue_id"], s.Value)
					}
				}
				if len(counts) != len(issues) {
					return fmt.Errorf("%d issues have counts, want %d", len(counts), len(issues))
				}
				for _, query := range append([]string{
					`{__name__=~"issue_info(_ratio)?", issue_title!=""} == 1`,
					`sum by (service_name, issue_state) (issue_open) > 0`,
					`sum by (service_name) ({__name__=~"traces_span_metrics_calls(_total)?", status_code="STATUS_CODE_ERROR"}) > 0`,
					`histogram_quantile(0.95, sum by (le) (traces_span_metrics_duration_milliseconds_bucket)) > 0`,
					`http_server_request_duration_seconds_count > 0`,
				}, more...) {
					if n, err := prometheus.Results(t, query); err != nil || n == 0 {
						return fmt.Errorf("%s: %d results, %w", query, n, err)
					}
				}
				now := time.Now()
				exemplars := harness.Get(t, prometheus.URL+"/api/v1/query_exemplars?"+url.Values{
					"query": {`traces_span_metrics_duration_milliseconds_bucket`},
					"start": {fmt.Sprint(now.Add(-time.Hour).Unix())}, "end": {fmt.Sprint(now.Unix() + 60)},
				}.Encode())
				if !regexp.MustCompile(`"trace_id":"[0-9a-f]{32}"`).MatchString(exemplars) {
					return fmt.Errorf("no exemplar with a trace: %.300s", exemplars)
				}
				return nil
			})
		})
	}
	f("otlp", harness.Config("metrics-otlp.yaml"), "PROMETHEUS_OTLP_ENDPOINT", "/api/v1/otlp", map[string]string{},
		`{__name__=~"otelcol_processor_trace_id_coverage(_total)?", service_name="payments", status="recovered"} > 0`,
		`sum by (detector) ({__name__=~"otelcol_processor_pii_redaction_values(_total)?"}) > 0`,
		`{__name__=~"otelcol_receiver_accepted_spans(_total)?"} > 0`)

	f("remote write", harness.Config("metrics-remote-write.yaml"), "REMOTE_WRITE_ENDPOINT", "/api/v1/write", map[string]string{})
}
