package e2e

import (
	"encoding/json"
	"fmt"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/test/e2e/harness"
)

// TestMainPath: the shop fails in all its ways; what it sent is in Loki, Jaeger and Prometheus, each bug is one
// issue in Bugsink and on the page, and nothing personal is anywhere.
func TestMainPath(t *testing.T) {
	loki, jaeger := harness.StartLoki(t), harness.StartJaeger(t)
	if !harness.HaveBugsink() {
		t.Fatal("Bugsink is missing: test/backends/build.sh DIR bugsink (needs Python)")
	}
	bugsink := harness.StartBugsink(t)
	c := harness.StartCollector(t, harness.Config("gateway.yaml"), map[string]string{
		"LOKI_ENDPOINT": loki.Push(), "JAEGER_ENDPOINT": jaeger.OTLP, "SENTRY_DSN": bugsink.DSN(), "METRICS_INTERVAL": "1s",
	})
	prometheus := harness.StartPrometheus(t, c.Metrics[len("http://"):])

	const rounds = 6
	report := harness.RunShop(t, c.OTLPHTTP, rounds)

	issues := waitForIssues(t, c, report.Bugs(), rounds)
	t.Run("page", func(t *testing.T) { checkPage(t, c, issues, rounds) })
	t.Run("loki", func(t *testing.T) { checkLoki(t, loki, jaeger, report) })
	t.Run("jaeger", func(t *testing.T) { checkJaeger(t, jaeger, c) })
	t.Run("prometheus", func(t *testing.T) { checkPrometheus(t, prometheus, issues, rounds) })
	t.Run("sentry", func(t *testing.T) { checkBugsink(t, bugsink, issues) })
	t.Run("nothing personal", func(t *testing.T) {
		places := map[string]string{
			"loki":       lines(loki.Query(t, `{service_name=~".+"}`)),
			"bugsink":    bugsink.Database(t),
			"page":       harness.Get(t, c.Issues+"/"),
			"collector":  c.Output(),
			"prometheus": harness.Get(t, c.Metrics+"/metrics"),
		}
		for _, service := range report.Services {
			places["jaeger "+service] = jaeger.Traces(t, service)
		}
		for _, i := range issues {
			places["issue "+i.ID] = harness.Get(t, c.Issues+"/api/issues/"+i.ID) + harness.Get(t, c.Issues+"/issues/"+i.ID)
		}
		for place, text := range places {
			assert.NotEmpty(t, text, place)
			if place != "collector" {
				assert.Empty(t, harness.Contains(text, report.Personal), "personal data in %s", place)
			}
		}
		assert.Empty(t, harness.Contains(places["collector"], report.Personal), "personal data in the collector's own log")
		assert.Contains(t, places["loki"], "[EMAIL]")
	})
}

// waitForIssues waits until the page has as many issues as the shop has bugs, each with all its occurrences.
func waitForIssues(t *testing.T, c *harness.Collector, bugs, rounds int) []harness.Issue {
	t.Helper()
	var issues []harness.Issue
	harness.Eventually(t, 30*time.Second, func() error {
		issues = c.ListIssues(t)
		if len(issues) != bugs {
			return fmt.Errorf("%d issues, want %d:\n%s", len(issues), bugs, harness.Get(t, c.Issues+"/api/issues?format=text"))
		}
		for _, i := range issues {
			if i.Count != uint64(rounds) {
				return fmt.Errorf("issue %q of %s has %d occurrences, want %d:\n%s", i.Title, i.Service, i.Count, rounds, harness.Get(t, c.Issues+"/api/issues?format=text"))
			}
		}
		return nil
	})
	return issues
}

func checkPage(t *testing.T, c *harness.Collector, issues []harness.Issue, rounds int) {
	page := harness.Get(t, c.Issues+"/")
	titles := map[string]string{}
	for _, i := range issues {
		assert.Contains(t, page, i.ID, "the list shows issue %q", i.Title)
		titles[i.Title] = i.Culprit
		full := c.GetIssue(t, i.ID)
		assert.NotEmpty(t, full["fingerprint"], "what made the fingerprint of %q", i.Title)
	}
	text := fmt.Sprint(titles)
	for _, expected := range []string{"ValueError: invalid literal for int() with base 10", "AccountError: no limit for account", "TypeError: Cannot read properties of undefined"} {
		assert.Contains(t, text, expected)
	}
	assert.Equal(t, rounds, int(issues[0].Count))
}

// checkLoki: every error log has its trace ID and its issue; logs that came with X-Trace-ID or a request ID only
// have the trace ID that Jaeger knows.
func checkLoki(t *testing.T, loki *harness.Loki, jaeger *harness.Jaeger, report *harness.ShopReport) {
	errors := loki.Query(t, `{service_name=~".+"} | severity_number >= 17`)
	require.NotEmpty(t, errors)
	hex := regexp.MustCompile(`^[0-9a-f]{32}$`)
	recovered := map[string]bool{}
	for _, e := range errors {
		assert.Regexp(t, hex, e.Labels["trace_id"], e.Line)
		assert.Regexp(t, `^[0-9a-f]{16}$`, e.Labels["issue_id"], e.Line)
		if e.Labels["culprit_trace_id_status"] == "recovered" {
			recovered[e.Labels["service_name"]] = true
			harness.Eventually(t, 20*time.Second, func() error { // each backend has a queue of its own
				if len(jaeger.Trace(t, e.Labels["trace_id"])) == 0 {
					return fmt.Errorf("the trace of %q, found by %s, is not in Jaeger", e.Line, e.Labels["culprit_trace_id_source"])
				}
				return nil
			})
		}
	}
	assert.True(t, recovered["payments"], "the audit's log has only a request ID")
	if strings.Contains(fmt.Sprint(report.Services), "accounts") {
		assert.True(t, recovered["accounts"], "the statement's log has only X-Trace-ID")
	}
}

// checkJaeger: a failed span carries the issue of its exception, under the trace ID that the logs have.
func checkJaeger(t *testing.T, jaeger *harness.Jaeger, c *harness.Collector) {
	harness.Eventually(t, 20*time.Second, func() error {
		var found int
		for _, i := range c.ListIssues(t) {
			full := c.GetIssue(t, i.ID)
			text, err := json.Marshal(full)
			require.NoError(t, err)
			for _, trace := range regexp.MustCompile(`"trace_id":"([0-9a-f]{32})"`).FindAllStringSubmatch(string(text), -1) {
				spans := jaeger.Trace(t, trace[1])
				if len(spans) == 0 {
					return fmt.Errorf("trace %s of issue %q is not in Jaeger", trace[1], i.Title)
				}
				for _, s := range spans {
					if s.Tag("issue.id") == i.ID {
						found++
					}
				}
			}
		}
		if found < 5 {
			return fmt.Errorf("%d failed spans have issue.id, want 5 or more", found)
		}
		return nil
	})
}

func checkPrometheus(t *testing.T, prometheus *harness.Prometheus, issues []harness.Issue, rounds int) {
	harness.Eventually(t, 20*time.Second, func() error {
		counts := prometheus.Query(t, `sum by (issue_id) ({__name__=~"issue_occurrences(_total)?"})`)
		if len(counts) != len(issues) {
			return fmt.Errorf("%d issues have counts, want %d", len(counts), len(issues))
		}
		for _, s := range counts {
			if s.Value != float64(rounds) {
				return fmt.Errorf("issue %s is counted %v times, want %d", s.Metric["issue_id"], s.Value, rounds)
			}
		}
		return nil
	})
	for _, query := range []string{
		`{__name__=~"issue_info(_ratio)?"}`,
		`sum({__name__=~"issue_open.*"}) > 0`,
		`sum by (service_name) ({__name__=~"traces_span_metrics_calls(_total)?"}) > 0`,
		`sum({__name__=~"traces_span_metrics_calls(_total)?", status_code="STATUS_CODE_ERROR"}) > 0`,
		`histogram_quantile(0.95, sum by (le) ({__name__=~"traces_span_metrics_duration.*_bucket"})) > 0`,
	} {
		assert.NotEmpty(t, prometheus.Query(t, query), query)
	}
}

// checkBugsink: as many issues as bugs, and those with an exception show a parsed stack trace.
func checkBugsink(t *testing.T, bugsink *harness.Bugsink, issues []harness.Issue) {
	var got []harness.BugsinkIssue
	harness.Eventually(t, 30*time.Second, func() error {
		if got = bugsink.Issues(t); len(got) != len(issues) {
			return fmt.Errorf("Bugsink has %d issues, want %d: %+v", len(got), len(issues), got)
		}
		return nil
	})
	parsed := 0
	for _, i := range got {
		event := bugsink.Event(t, i.ID)
		if strings.Contains(event, `"frames"`) {
			parsed++
			assert.Contains(t, event, `"in_app":true`, "%s: %s", i.CalculatedType, i.CalculatedValue)
		}
	}
	assert.GreaterOrEqual(t, parsed, 5, "issues with a parsed stack trace")
}

func lines(entries []harness.LokiEntry) string {
	var b strings.Builder
	for _, e := range entries {
		fmt.Fprintln(&b, e.Line, e.Labels)
	}
	return b.String()
}
