package e2e

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otel-culprit/culprit/test/e2e/harness"
)

// TestLogLevels: what configs/log-levels.yaml stores of each environment, and of a trace that has an error.
func TestLogLevels(t *testing.T) {
	loki := harness.StartLoki(t)
	c := harness.StartCollector(t, harness.Config("log-levels.yaml"), map[string]string{"LOKI_ENDPOINT": loki.Push()})
	send := func(environment string, trace byte, lines ...string) {
		t.Helper()
		logs, records := harness.NewLogs("levels")
		if environment != "" {
			logs.ResourceLogs().At(0).Resource().Attributes().PutStr("deployment.environment.name", environment)
		}
		for i := 0; i < len(lines); i += 2 {
			severity := map[string]plog.SeverityNumber{"trace": plog.SeverityNumberTrace, "debug": plog.SeverityNumberDebug, "info": plog.SeverityNumberInfo, "error": plog.SeverityNumberError}[lines[i]]
			lr := harness.AddLog(records, severity, lines[i+1])
			if severity == 0 {
				lr.SetSeverityText("")
			}
			lr.SetTraceID(pcommon.TraceID{trace})
		}
		require.NoError(t, harness.SendLogs(c.OTLPHTTP, logs))
	}
	send("production", 1, "trace", "p1 trace", "debug", "p1 debug", "info", "p1 info", "", "p1 unsaid")
	send("production", 2, "debug", "p2 early")
	send("production", 2, "debug", "p2 before", "error", "p2 cannot pay", "debug", "p2 after")
	send("production", 2, "debug", "p2 later")
	send("staging", 3, "trace", "s trace", "debug", "s debug", "info", "s info")
	send("test", 4, "trace", "t trace", "debug", "t debug")
	send("", 5, "trace", "n trace")

	want := []string{
		"n trace", "p1 info", "p1 unsaid", "p2 after", "p2 before", "p2 cannot pay", "p2 later", "s debug", "s info", "t debug", "t trace",
	}
	harness.Eventually(t, 30*time.Second, func() error {
		var got []string
		for _, e := range loki.Query(t, `{service_name="levels"}`) {
			got = append(got, e.Line)
		}
		slices.Sort(got)
		if !slices.Equal(got, want) {
			return fmt.Errorf("stored:\n%q, want\n%q", got, want)
		}
		return nil
	})
	issues := c.ListIssues(t)
	require.Len(t, issues, 1)
	crumbs := fmt.Sprint(c.GetIssue(t, issues[0].ID)["breadcrumbs"])
	assert.Contains(t, crumbs, "p2 early", "a debug record that was not stored is a breadcrumb")
	assert.Contains(t, crumbs, "p2 before")
	assert.NotContains(t, crumbs, "p1 debug")
}
