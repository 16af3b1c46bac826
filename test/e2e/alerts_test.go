package e2e

import (
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.yaml.in/yaml/v3"

	"github.com/otel-culprit/culprit/test/e2e/harness"
)

func readText(t *testing.T, path ...string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(append([]string{harness.Root()}, path...)...))
	require.NoError(t, err)
	return string(text)
}

// impatientRules are the rules without their waiting time; Loki's are silent after seconds, as they have no unit tests.
func impatientRules(t *testing.T, file string) string {
	rules := regexp.MustCompile(`(?m)^\s+for: .*\n`).ReplaceAllString(readText(t, "dashboards", "alerts", file), "")
	if file == "loki.yaml" {
		silent := strings.NewReplacer("[1h] offset 15m", "[1m] offset 5s", "[15m])) > 0", "[5s])) > 0").Replace(rules)
		require.NotEqual(t, rules, silent)
		return silent
	}
	return rules
}

// alertmanagerConfig is the example with the addresses of Slack, PagerDuty and Opsgenie replaced, and no waiting.
func alertmanagerConfig(t *testing.T, hook string) string {
	dir := t.TempDir()
	for name, content := range map[string]string{"slack_url": hook + "/slack", "pagerduty_key": "key", "opsgenie_key": "key"} {
		require.NoError(t, os.WriteFile(filepath.Join(dir, name), []byte(content), 0o600))
	}
	config := strings.NewReplacer(
		"/etc/alertmanager/secrets", dir,
		"https://events.pagerduty.com/v2/enqueue", hook+"/pagerduty",
		"https://api.opsgenie.com/", hook+"/opsgenie/",
		"group_wait: 30s", "group_wait: 0s", "group_interval: 5m", "group_interval: 1s",
	).Replace(readText(t, "dashboards", "alerts", "alertmanager.yaml"))
	require.NotContains(t, config, "https://", "an address that is not the test's")
	return config
}

// TestDashboardsAndAlerts: with real data behind them all queries of the dashboards and of the alert rules return data, and alerts
// fire and reach Slack, PagerDuty and Opsgenie (as far as the test's own server stands for them).
func TestDashboardsAndAlerts(t *testing.T) {
	hook, jaeger := harness.StartHook(t), harness.StartJaeger(t)
	alertmanager := harness.StartAlertmanager(t, alertmanagerConfig(t, hook.URL))
	loki := harness.StartLokiWithRules(t, impatientRules(t, "loki.yaml"), alertmanager)
	c, self := harness.StartObserved(t, harness.Config("gateway.yaml"), map[string]string{
		"LOKI_ENDPOINT": loki.Push(), "JAEGER_ENDPOINT": jaeger.OTLP, "METRICS_INTERVAL": "1s", "SETTLE": "0s",
	}, "")
	probes, probed := startProbes(t)
	prometheus := harness.StartPrometheusWithRules(t, impatientRules(t, "prometheus.yaml"), alertmanager, c.Metrics[len("http://"):], self, probes.Metrics[len("http://"):])

	report := harness.RunShop(t, c.OTLPHTTP, 3)
	// Counters that appear with their first value have no increase before their second.
	for _, counter := range []string{"issue_occurrences", "traces_span_metrics_calls", "otelcol_processor_trace_id_coverage", "otelcol_processor_pii_redaction_values", "otelcol_connector_issues_events"} {
		harness.Eventually(t, 20*time.Second, func() error {
			if n, err := prometheus.Results(t, `{__name__=~"`+counter+`(_total)?"}`); err != nil || n == 0 {
				return fmt.Errorf("no %s in Prometheus: %v", counter, err)
			}
			return nil
		})
	}
	harness.RunShop(t, c.OTLPHTTP, 3)
	stop, stopped := make(chan struct{}), make(chan struct{})
	go trickle(c, stop, stopped)
	defer func() { close(stop); <-stopped }()

	trace := ""
	harness.Eventually(t, 60*time.Second, func() error {
		for _, e := range loki.Query(t, `{service_name=~".+"} | issue_id!="" | trace_id!=""`) {
			trace = e.Labels["trace_id"]
		}
		if trace == "" {
			return fmt.Errorf("no record of an issue in Loki")
		}
		return nil
	})
	issues := c.ListIssues(t)
	require.GreaterOrEqual(t, len(issues), report.Bugs())
	logged := ""
	for _, e := range loki.Query(t, `{service_name=~".+"} | issue_id!="" | trace_id="`+trace+`"`) {
		logged = e.Labels["issue_id"]
	}

	t.Run("dashboards", func(t *testing.T) {
		checkDashboards(t, prometheus, loki, map[string]string{"issue": logged, "trace": trace})
	})
	t.Run("alert queries", func(t *testing.T) { checkAlertQueries(t, prometheus, loki) })
	t.Run("live", func(t *testing.T) {
		f := func(destination string, alerts ...string) {
			t.Helper()
			harness.Eventually(t, 60*time.Second, func() error {
				for _, a := range alerts {
					if !strings.Contains(hook.Got(destination), a) {
						return fmt.Errorf("%s was not told of %s; firing:\n%s", destination, a, harness.Get(t, alertmanager+"/api/v2/alerts"))
					}
				}
				return nil
			})
		}
		f("slack", "CulpritHighErrorRate", "CulpritNewIssue", "CulpritTraceCoverageLow", "CulpritProbeDown", "CulpritDroppingData",
			"CulpritErrorLogs", "CulpritFatalLog", "CulpritNewIssueLogged", "CulpritLogsWithoutTrace", "CulpritServiceLogsSilent")
		f("pagerduty", "of the requests fail", probed+" does not answer", "fatal records", "high-error-rate.md")
		f("opsgenie", "loki on ", "dropping-data.md")

		for _, i := range issues {
			resp, err := http.Post(c.Issues+"/api/issues/"+i.ID+"/resolve", "application/json", strings.NewReader("{}"))
			require.NoError(t, err)
			resp.Body.Close()
			require.Equal(t, http.StatusOK, resp.StatusCode)
		}
		harness.RunShop(t, c.OTLPHTTP, 1)
		f("slack", "CulpritRegressedIssue")
	})
}

// trickle goes on to send what alerts are about: records without a trace ID, fatal ones, and some that Loki rejects.
func trickle(c *harness.Collector, stop <-chan struct{}, stopped chan<- struct{}) {
	defer close(stopped)
	for {
		logs, records := harness.NewLogs("audit")
		harness.AddLog(records, plog.SeverityNumberInfo, "audit log rotated")
		harness.AddLog(records, plog.SeverityNumberFatal, "audit log has no space left")
		old := harness.AddLog(records, plog.SeverityNumberInfo, "from another age")
		old.SetTimestamp(pcommon.NewTimestampFromTime(time.Now().Add(-60 * 24 * time.Hour)))
		_ = harness.SendLogs(c.OTLPHTTP, logs)
		select {
		case <-stop:
			return
		case <-time.After(time.Second):
		}
	}
}

// startProbes runs configs/health-probes.yaml against a service that answers 503; it returns the probed URL.
func startProbes(t *testing.T) (*harness.Collector, string) {
	t.Helper()
	address := harness.Address(t)
	server := &http.Server{Addr: address, ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "the database is away", http.StatusServiceUnavailable)
	})}
	go func() { _ = server.ListenAndServe() }()
	t.Cleanup(func() { _ = server.Close() })
	target := "http://" + address + "/healthz"
	return harness.StartCollector(t, harness.Config("health-probes.yaml"), map[string]string{"PROBE_URL": target, "PROBE_INTERVAL": "1s"}), target
}

// TestFailingProbeIsAnIssue: a health endpoint that does not answer becomes one issue, and its metric is 0.
func TestFailingProbeIsAnIssue(t *testing.T) {
	c, target := startProbes(t)
	harness.Eventually(t, 30*time.Second, func() error {
		issues := c.ListIssues(t)
		if len(issues) != 1 || issues[0].Count < 2 {
			return fmt.Errorf("issues: %+v", issues)
		}
		assert.Contains(t, issues[0].Title, "health check failed")
		assert.Contains(t, target, issues[0].Service)
		return nil
	})
	assert.Regexp(t, `(?m)^httpcheck_status(_ratio)?\{.*http_status_class="2xx".*\} 0$`, harness.Get(t, c.Metrics+"/metrics"))
}

// checkDashboards runs every query of every panel.
func checkDashboards(t *testing.T, prometheus *harness.Prometheus, loki *harness.Loki, variables map[string]string) {
	files, err := filepath.Glob(filepath.Join(harness.Root(), "dashboards", "grafana", "*.json"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	queries := 0
	for _, file := range files {
		var dashboard struct {
			Title  string
			Panels []struct {
				Title   string
				Targets []struct {
					Expr       string
					Datasource struct{ Type string }
				}
			}
		}
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		require.NoError(t, json.Unmarshal(text, &dashboard))
		for _, p := range dashboard.Panels {
			for _, target := range p.Targets {
				queries++
				hasData(t, prometheus, loki, target.Datasource.Type, dashboard.Title+": "+p.Title, fill(target.Expr, variables))
			}
		}
	}
	t.Logf("%d queries of %d dashboards", queries, len(files))
}

// fill replaces Grafana's variables as Grafana does with "All" chosen.
func fill(expr string, variables map[string]string) string {
	for name, value := range variables {
		expr = strings.ReplaceAll(expr, "$"+name, value)
	}
	// .* may match nothing, which LogQL refuses where it is the only matcher; Grafana's Loki source has the same limit.
	return strings.NewReplacer("$__rate_interval", "30s", "$__range", "1h", "$__auto", "60s", `=~"$service"`, `=~".+"`, "$instance", ".*", "$detector", ".*").Replace(expr)
}

func hasData(t *testing.T, prometheus *harness.Prometheus, loki *harness.Loki, source, what, query string) {
	t.Helper()
	deadline := time.Now().Add(30 * time.Second)
	for {
		n, err := 0, error(nil)
		if source == "loki" {
			n, err = loki.Results(t, query)
		} else {
			n, err = prometheus.Results(t, query)
		}
		if err == nil && n > 0 {
			return
		}
		if time.Now().After(deadline) {
			assert.NoError(t, err, "%s: %s", what, query)
			assert.Positive(t, n, "%s: %s has no data", what, query)
			return
		}
		time.Sleep(500 * time.Millisecond)
	}
}

// quiet are the alerts whose expression has no data without the failure that they are about; they have unit tests.
var quiet = map[string]string{
	"CulpritEscalatingIssue":   "needs an hour of history",
	"CulpritRegressedIssue":    "needs an issue that was resolved",
	"CulpritServiceSilent":     "needs a service that was silent for 15 minutes",
	"CulpritServiceLogsSilent": "needs a service that was silent for 15 minutes",
}

// checkAlertQueries runs the expression of every alert without its limit.
func checkAlertQueries(t *testing.T, prometheus *harness.Prometheus, loki *harness.Loki) {
	limit := regexp.MustCompile(`\s*(>|==) (0\.\d+|\d+)(\)|\s|$)`)
	for file, source := range map[string]string{"prometheus.yaml": "prometheus", "loki.yaml": "loki"} {
		var content struct {
			Groups []struct {
				Rules []struct{ Alert, Expr string }
			}
		}
		require.NoError(t, yaml.Unmarshal([]byte(readText(t, "dashboards", "alerts", file)), &content))
		for _, g := range content.Groups {
			for _, r := range g.Rules {
				if reason, ok := quiet[r.Alert]; ok {
					t.Logf("%s: no data expected: %s", r.Alert, reason)
					ask := prometheus.Results
					if source == "loki" {
						ask = loki.Results
					}
					_, err := ask(t, r.Expr)
					assert.NoError(t, err, r.Alert)
					continue
				}
				hasData(t, prometheus, loki, source, r.Alert, limit.ReplaceAllString(r.Expr, "$3"))
			}
		}
	}
}
