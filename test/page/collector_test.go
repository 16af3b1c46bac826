package page

import (
	"fmt"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

const collectorConfig = `
extensions:
  issue_registry: {http: {endpoint: "%s"}, store: {type: memory}}
receivers:
  otlp: {protocols: {http: {endpoint: "%s"}}}
processors: {trace_id: {}, pii_redaction: {}, error_issue: {}}
exporters: {nop: {}}
service:
  extensions: [issue_registry]
  telemetry: {metrics: {level: none}, logs: {level: warn}}
  pipelines:
    logs: {receivers: [otlp], processors: [trace_id, pii_redaction, error_issue], exporters: [nop]}
`

// collector starts the built collector; it returns the addresses of its page and its OTLP receiver.
func collector(t *testing.T) (page, otlp string) {
	t.Helper()
	binary, err := filepath.Abs("../../bin/otelcol-culprit")
	require.NoError(t, err)
	if _, err := os.Stat(binary); err != nil {
		t.Skip("NOT TESTED: the page of the built collector. There is no bin/otelcol-culprit: make build")
	}
	page, otlp = free(t), free(t)
	config := filepath.Join(t.TempDir(), "config.yaml")
	require.NoError(t, os.WriteFile(config, fmt.Appendf(nil, collectorConfig, page, otlp), 0o600))
	var output strings.Builder
	cmd := exec.Command(binary, "--config", config)
	cmd.Stdout, cmd.Stderr = &output, &output
	require.NoError(t, cmd.Start())
	t.Cleanup(func() {
		_ = cmd.Process.Signal(os.Interrupt)
		_ = cmd.Wait()
		if t.Failed() {
			t.Log(output.String())
		}
	})
	require.Eventually(t, func() bool {
		answer, err := http.Get("http://" + page + "/api/healthz")
		if err != nil {
			return false
		}
		_ = answer.Body.Close()
		return answer.StatusCode == http.StatusOK
	}, patience, 100*time.Millisecond, "the collector did not start")
	return "http://" + page, "http://" + otlp
}

// free is an address on which nobody listens, below the ports that systems give to outgoing connections: such a one could be
// taken by any client before the collector listens.
func free(t *testing.T) string {
	t.Helper()
	for range 1000 {
		l, err := net.Listen("tcp", fmt.Sprintf("127.0.0.1:%d", 10_000+rand.IntN(22_000)))
		if err == nil {
			require.NoError(t, l.Close())
			return l.Addr().String()
		}
	}
	require.Fail(t, "no free port")
	return ""
}

// fail sends one error, as the curl line of the empty page does.
func fail(t *testing.T, otlp, trace string) {
	t.Helper()
	body := `{"resourceLogs": [{"resource": {"attributes": [{"key": "service.name", "value": {"stringValue": "my-service"}}]},
		"scopeLogs": [{"logRecords": [{"timeUnixNano": "` + fmt.Sprint(time.Now().UnixNano()) + `", "traceId": "` + trace + `", "severityNumber": 17, "severityText": "ERROR", "body": {"stringValue": "cannot charge card of ann@example.com"},
		"attributes": [{"key": "exception.type", "value": {"stringValue": "ValueError"}},
			{"key": "exception.message", "value": {"stringValue": "<script>alert(1)</script> amount must be positive"}},
			{"key": "exception.stacktrace", "value": {"stringValue": "Traceback (most recent call last):\n  File \"/srv/app/pay.py\", line 12, in charge\n    check(amount)\nValueError: <script>alert(1)</script> amount must be positive\n"}}]}]}]}]}`
	answer, err := http.Post(otlp+"/v1/logs", "application/json", strings.NewReader(body))
	require.NoError(t, err)
	_ = answer.Body.Close()
	require.Equal(t, http.StatusOK, answer.StatusCode)
}

func TestThePageOfTheCollector(t *testing.T) {
	base, otlp := collector(t)
	p := open(t, base, "/")
	p.sees("Waiting for the first error")
	fail(t, otlp, "0af7651916cd43dd8448eb211c80319c")
	p.wait(rowCount + ` === 1 && document.querySelector('#live')?.dataset.state === 'on'`)
	p.sees("ValueError")

	p.keys("j", "r")
	p.sees("Resolved.")
	p.sees("Nothing is open")
	p.goTo("/?state=all")
	fail(t, otlp, "1af7651916cd43dd8448eb211c80319c")
	p.wait(`document.querySelector('#list .badge')?.textContent === 'Regressed'`)

	p.keys("j", "o")
	p.sees("charge")
	p.sees("/srv/app/pay.py:12")
	p.sees("[EMAIL]")
	p.sees("1af7651916cd43dd8448eb211c80319c") // the occurrence that reopened it
	assert.NotContains(t, eval[string](p, `document.documentElement.innerHTML`), "ann@example.com")
}
