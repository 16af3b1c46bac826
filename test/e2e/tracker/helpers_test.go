// Package tracker tests the exporter issue_tracker in the built collector: errors go in as OTLP, tickets come out at fake
// trackers that fail as real ones do.
package tracker

import (
	"crypto/rand"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otel-culprit/culprit/test/e2e/harness"
)

// queue is the end of every exporter's configuration: nothing is given up, and what waits survives a kill.
const queue = `sending_queue: {storage: file_storage, sizer: bytes, queue_size: 200000000, batch: {sizer: bytes, min_size: 1000000, max_size: 3000000}},
  retry_on_failure: {initial_interval: 300ms, max_interval: 2s, max_elapsed_time: 0}`

// start runs testdata/tracker.yaml with an exporter, a YAML map without its braces.
func start(t *testing.T, store, exporter string) *harness.Collector {
	t.Helper()
	config, err := filepath.Abs("testdata/tracker.yaml")
	require.NoError(t, err)
	return harness.StartCollector(t, config, map[string]string{"STORE": store, "EXPORTER": "{" + exporter + ", " + queue + "}"})
}

const fileStore = "{type: file}"

// failure is an error of a service: each class is a bug of its own.
type failure struct{ service, class, version string }

// add appends an occurrence and returns its trace ID.
func (f failure) add(records plog.LogRecordSlice, message string) pcommon.TraceID {
	lr := harness.AddLog(records, plog.SeverityNumberError, "request failed")
	var id pcommon.TraceID
	_, _ = rand.Read(id[:])
	lr.SetTraceID(id)
	lr.SetSpanID(pcommon.SpanID(id[:8]))
	a := lr.Attributes()
	a.PutStr("exception.type", "shop."+f.class)
	a.PutStr("exception.message", message)
	a.PutStr("exception.stacktrace", fmt.Sprintf("Traceback (most recent call last):\n  File \"/app/shop/%s.py\", line 12, in handle\n    run()\n  File \"/app/shop/%s.py\", line 40, in run_%s\n    raise\nshop.%s: %s\n",
		strings.ToLower(f.class), strings.ToLower(f.class), strings.ToLower(f.class), f.class, message))
	return id
}

// logs makes n occurrences; the trace is that of the last.
func (f failure) logs(n int) (logs plog.Logs, trace string) {
	logs, records := harness.NewLogs(f.service)
	r := logs.ResourceLogs().At(0).Resource().Attributes()
	r.PutStr("deployment.environment.name", "production")
	if f.version != "" {
		r.PutStr("service.version", f.version)
	}
	for range n {
		id := f.add(records, "cannot book the order")
		trace = id.String()
	}
	return logs, trace
}

// send sends n occurrences until they are acknowledged.
func (f failure) send(t *testing.T, c *harness.Collector, n int) (trace string) {
	t.Helper()
	logs, trace := f.logs(n)
	harness.Eventually(t, 60*time.Second, func() error { return harness.SendLogs(c.OTLPHTTP, logs) })
	return trace
}

// class makes names of classes without digits: grouping leaves numbers out.
func class(n int) string {
	return "Fault" + string(rune('A'+n/26)) + string(rune('a'+n%26)) + "Error"
}

// resolve resolves an issue as a person does on the page.
func resolve(c *harness.Collector, id string) error {
	resp, err := http.Post(c.Issues+"/api/issues/"+id+"/resolve", "application/json", strings.NewReader("{}"))
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("resolve %s: %s", id, resp.Status)
	}
	return nil
}

// issues are the IDs by class.
func issues(t *testing.T, c *harness.Collector) map[string]string {
	t.Helper()
	out := map[string]string{}
	for _, i := range c.ListIssues(t) {
		name, _, _ := strings.Cut(i.Title, ":")
		out[name] = i.ID
	}
	return out
}
