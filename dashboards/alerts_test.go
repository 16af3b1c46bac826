package dashboards

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"
)

type rule struct {
	Alert, Expr, For    string
	Labels, Annotations map[string]string
}

// readRules reads a file of alert rules; Prometheus and Loki have the same form.
func readRules(t *testing.T, file string) []rule {
	t.Helper()
	text, err := os.ReadFile(filepath.Join("alerts", file))
	require.NoError(t, err)
	var content struct{ Groups []struct{ Rules []rule } }
	require.NoError(t, yaml.Unmarshal(text, &content))
	var out []rule
	for _, g := range content.Groups {
		out = append(out, g.Rules...)
	}
	require.NotEmpty(t, out)
	return out
}

// TestAlertsAreComplete: each alert says what it is, how bad it is, and has a page that names it.
func TestAlertsAreComplete(t *testing.T) {
	seen := map[string]bool{}
	for _, file := range []string{"prometheus.yaml", "loki.yaml"} {
		for _, r := range readRules(t, file) {
			assert.False(t, seen[r.Alert], "%s is there twice", r.Alert)
			seen[r.Alert] = true
			assert.Regexp(t, "^Culprit[A-Z]", r.Alert)
			assert.Contains(t, []string{"critical", "warning", "info"}, r.Labels["severity"], r.Alert)
			assert.NotEmpty(t, r.Annotations["summary"], r.Alert)
			assert.NotEmpty(t, r.Annotations["description"], r.Alert)
			page, ok := strings.CutPrefix(r.Annotations["runbook_url"], "https://github.com/otel-culprit/culprit/blob/main/")
			require.True(t, ok, "%s: runbook_url", r.Alert)
			text, err := os.ReadFile(filepath.Join("..", page))
			if assert.NoError(t, err, r.Alert) {
				assert.Contains(t, string(text), r.Alert, page)
			}
		}
	}
}

// TestRunbooksHaveAnAlert: no page without an alert, and the index has all pages.
func TestRunbooksHaveAnAlert(t *testing.T) {
	rules, err := os.ReadFile(filepath.Join("alerts", "prometheus.yaml"))
	require.NoError(t, err)
	more, err := os.ReadFile(filepath.Join("alerts", "loki.yaml"))
	require.NoError(t, err)
	index, err := os.ReadFile("../docs/runbooks/README.md")
	require.NoError(t, err)
	pages, err := filepath.Glob("../docs/runbooks/*.md")
	require.NoError(t, err)
	for _, page := range pages {
		name := filepath.Base(page)
		if name == "README.md" {
			continue
		}
		assert.Contains(t, string(rules)+string(more), "docs/runbooks/"+name)
		assert.Contains(t, string(index), "("+name+")")
	}
}

// TestEveryPrometheusAlertIsTested: in prometheus_test.yaml each alert fires at least once, and is quiet at least once or is told apart from a series that does not fire.
func TestEveryPrometheusAlertIsTested(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("alerts", "prometheus_test.yaml"))
	require.NoError(t, err)
	var content struct {
		Tests []struct {
			Rules []struct {
				Alert    string `yaml:"alertname"`
				Expected []any  `yaml:"exp_alerts"`
			} `yaml:"alert_rule_test"`
		}
	}
	require.NoError(t, yaml.Unmarshal(text, &content))
	fires := map[string]bool{}
	for _, c := range content.Tests {
		for _, r := range c.Rules {
			fires[r.Alert] = fires[r.Alert] || len(r.Expected) > 0
		}
	}
	for _, r := range readRules(t, "prometheus.yaml") {
		assert.True(t, fires[r.Alert], "%s fires in no test", r.Alert)
	}
}

// TestPromtool runs the unit tests of the rules.
func TestPromtool(t *testing.T) {
	f := func(tool string, args ...string) {
		t.Helper()
		path, err := filepath.Abs(filepath.Join("..", ".cache", "backends", tool))
		require.NoError(t, err)
		if _, err := os.Stat(path); err != nil {
			if path, err = exec.LookPath(tool); err != nil {
				t.Skipf("NOT TESTED: the alert rules; %s is missing (`make backends` builds it)", tool)
			}
		}
		cmd := exec.Command(path, args...)
		cmd.Dir = "alerts"
		out, err := cmd.CombinedOutput()
		require.NoError(t, err, "%s: %s", strings.Join(cmd.Args, " "), out)
		t.Logf("%s", out)
	}
	f("promtool", "check", "rules", "--lint=all", "--lint-fatal", "prometheus.yaml")
	f("promtool", "test", "rules", "prometheus_test.yaml")
	f("amtool", "check-config", "alertmanager.yaml")
}

// TestAlertmanagerKnowsTheAlerts: the names in the example's matchers exist.
func TestAlertmanagerKnowsTheAlerts(t *testing.T) {
	text, err := os.ReadFile(filepath.Join("alerts", "alertmanager.yaml"))
	require.NoError(t, err)
	rules := append(readRules(t, "prometheus.yaml"), readRules(t, "loki.yaml")...)
	for _, m := range regexp.MustCompile(`alertname=~?"([^"]+)"`).FindAllStringSubmatch(string(text), -1) {
		for _, name := range strings.Split(m[1], "|") {
			pattern, found := regexp.MustCompile("^(?:"+name+")$"), false
			for _, r := range rules {
				found = found || pattern.MatchString(r.Alert)
			}
			assert.True(t, found, "no alert is called %s", name)
		}
	}
}
