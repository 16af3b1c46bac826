package e2e

import (
	"net/http"
	"net/http/httptest"
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
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"

	"github.com/otel-culprit/culprit/test/e2e/harness"
)

// TestWayOfOneRecord: what docs/architecture.md tells of one record is what becomes of it.
func TestWayOfOneRecord(t *testing.T) {
	page := readText(t, "docs", "architecture.md")
	body := regexp.MustCompile("(?s)```json\n *(.*?)\n *```").FindStringSubmatch(page)
	require.Len(t, body, 2)
	arrived := map[string]chan plog.LogRecord{"/record/v1/logs": make(chan plog.LogRecord, 10), "/event/v1/logs": make(chan plog.LogRecord, 10)}
	server := httptest.NewServer(http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		text, err := harness.ReadBody(r)
		request := plogotlp.NewExportRequest()
		if assert.NoError(t, err) && assert.NoError(t, request.UnmarshalProto(text)) {
			arrived[r.URL.Path] <- request.Logs().ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
		}
	}))
	t.Cleanup(server.Close)
	otlp := harness.Address(t)
	file := filepath.Join(t.TempDir(), "config.yaml")
	require.NoError(t, os.WriteFile(file, []byte(strings.NewReplacer("OTLP", otlp, "ISSUES", harness.Address(t), "SERVER", server.URL).Replace(`
extensions: {issue_registry: {http: {endpoint: "ISSUES"}, store: {type: memory}}}
receivers: {otlp: {protocols: {http: {endpoint: "OTLP"}}}}
processors: {trace_id: {}, pii_redaction: {}, error_issue: {}}
connectors: {issues: {}}
exporters: {otlp_http/record: {endpoint: "SERVER/record"}, otlp_http/event: {endpoint: "SERVER/event"}}
service:
  extensions: [issue_registry]
  telemetry: {metrics: {level: none}}
  pipelines:
    logs: {receivers: [otlp], processors: [trace_id, pii_redaction, error_issue], exporters: [otlp_http/record, issues]}
    logs/issues: {receivers: [issues], exporters: [otlp_http/event]}
`)), 0o600))
	harness.Start(t, "collector", t.TempDir(), nil, harness.Binary(t), "--config", file)
	logs, records := harness.NewLogs("limits")
	harness.AddLog(records, plog.SeverityNumberError, body[1])
	harness.Eventually(t, 30*time.Second, func() error { return harness.SendLogs("http://"+otlp, logs) })
	wait := func(path string) plog.LogRecord {
		t.Helper()
		select {
		case r := <-arrived[path]:
			return r
		case <-time.After(30 * time.Second):
			require.Fail(t, "nothing came", path)
			return plog.NewLogRecord()
		}
	}

	record := wait("/record/v1/logs")
	assert.Equal(t, strings.Replace(body[1], "ana@example.com", "[EMAIL]", 1), record.Body().Str())
	assert.Contains(t, page, "`"+record.TraceID().String()+"`")
	for _, key := range []string{"culprit.trace_id.status", "culprit.trace_id.source", "culprit.pii.count"} {
		v, _ := record.Attributes().Get(key)
		assert.Contains(t, page, "`"+key+"` = `"+v.AsString()+"`")
	}
	shown := map[string]string{}
	for _, m := range regexp.MustCompile(`(?m)^ +(issue\.\w+) +(.+?)(?:   .*)?$`).FindAllStringSubmatch(page, -1) {
		shown[m[1]] = m[2]
	}
	require.Len(t, shown, 4)
	stamped := map[string]string{}
	record.Attributes().Range(func(k string, v pcommon.Value) bool {
		if strings.HasPrefix(k, "issue.") {
			stamped[k] = v.AsString()
		}
		return true
	})
	event := wait("/event/v1/logs")
	id, _ := event.Attributes().Get("issue.event_id")
	assert.Equal(t, stamped["issue.event_id"], id.Str())
	assert.Len(t, shown["issue.event_id"], len(id.Str()))
	shown["issue.event_id"] = id.Str() // a hash of the time, too
	assert.Equal(t, shown, stamped)
	assert.Equal(t, "issue.occurrence", event.EventName())
	assert.Equal(t, record.TraceID(), event.TraceID())
	for _, key := range []string{"issue.count", "issue.users", "issue.first_seen", "issue.last_seen", "issue.url"} {
		_, ok := event.Attributes().Get(key)
		assert.True(t, ok && strings.Contains(page, "`"+key+"`"), key)
	}
}
