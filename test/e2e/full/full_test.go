// Package full tests otelcol-culprit-full with the configurations of configs/full: what it sends to backends that cannot be run
// here is held to the letter of their protocols, and everything has to arrive with its trace and its issue, and without personal data.
package full

import (
	"encoding/binary"
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
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otel-culprit/culprit/test/e2e/harness"
)

// personal is in what is sent, and may be nowhere in what arrives.
var personal = []string{"minsu.kim@example.com", "4111 1111 1111 1111", "4111111111111111", "010-2345-6789"}

const stack = "Traceback (most recent call last):\n  File \"/app/shop/cart.py\", line 12, in pay\n    charge(card)\nshop.CardError: refused for minsu.kim@example.com"

// start runs a configuration of configs/full.
func start(t *testing.T, name string, env map[string]string) *harness.Collector {
	t.Helper()
	harness.UseFull(t)
	return harness.StartCollector(t, harness.Config(filepath.Join("full", name)), env)
}

// TestConfigsAreValid: with exactly the environment that each of them names.
func TestConfigsAreValid(t *testing.T) {
	harness.UseFull(t)
	files, err := filepath.Glob(harness.Config("full/*.yaml"))
	require.NoError(t, err)
	require.NotEmpty(t, files)
	needs := regexp.MustCompile(`(?m)^# needs: (.*)$`)
	for _, file := range files {
		text, err := os.ReadFile(file)
		require.NoError(t, err)
		env := []string{"STATE_DIRECTORY=" + t.TempDir()}
		if m := needs.FindSubmatch(text); m != nil {
			env = append(env, strings.Fields(string(m[1]))...)
		}
		out, code := harness.Run(t, t.TempDir(), env, harness.Binary(t), "validate", "--config", file)
		assert.Zero(t, code, "%s: %s", file, out)
	}
}

// sent is what send has sent.
type sent struct{ trace, issue string }

var resource = map[string]any{"service.name": "checkout", "deployment.environment.name": "test", "service.version": "1.4.0", "telemetry.sdk.language": "python"}

// send sends the signals, each with one error of the same failure, and returns its trace and issue.
func send(t *testing.T, c *harness.Collector, signals ...func(*testing.T, *harness.Collector, pcommon.TraceID)) sent {
	t.Helper()
	trace := pcommon.TraceID{4: 1, 5: 2, 6: 3, 7: 4, 8: 5, 9: 6, 10: 7, 11: 8, 12: 9, 13: 10, 14: 11, 15: 12}
	binary.BigEndian.PutUint32(trace[:], uint32(time.Now().Unix())) // X-Ray wants the time in seconds
	if len(signals) == 0 {
		signals = append(signals, tracesOnly, logsOnly)
	}
	for _, signal := range signals {
		signal(t, c, trace)
	}
	issues := c.ListIssues(t)
	require.Len(t, issues, 1, "one failure is one issue")
	return sent{trace: trace.String(), issue: issues[0].ID}
}

// tracesOnly sends a trace of two spans with an exception and personal data.
func tracesOnly(t *testing.T, c *harness.Collector, trace pcommon.TraceID) {
	t.Helper()
	now := time.Now()
	traces := ptrace.NewTraces()
	rs := traces.ResourceSpans().AppendEmpty()
	require.NoError(t, rs.Resource().Attributes().FromRaw(resource))
	spans := rs.ScopeSpans().AppendEmpty().Spans()
	for i := range byte(2) {
		s := spans.AppendEmpty()
		s.SetTraceID(trace)
		s.SetSpanID(pcommon.SpanID{1, 1, 1, 1, 1, 1, 1, i + 1})
		s.SetStartTimestamp(pcommon.NewTimestampFromTime(now.Add(-80 * time.Millisecond)))
		s.SetEndTimestamp(pcommon.NewTimestampFromTime(now))
		if i == 0 {
			s.SetName("POST /pay")
			s.SetKind(ptrace.SpanKindServer)
			s.Attributes().PutStr("customer.note", "call 010-2345-6789")
			continue
		}
		s.SetName("charge")
		s.SetParentSpanID(pcommon.SpanID{1, 1, 1, 1, 1, 1, 1, 1})
		s.Status().SetCode(ptrace.StatusCodeError)
		s.Status().SetMessage("refused for minsu.kim@example.com")
		e := s.Events().AppendEmpty()
		e.SetName("exception")
		e.SetTimestamp(pcommon.NewTimestampFromTime(now))
		e.Attributes().PutStr("exception.type", "shop.CardError")
		e.Attributes().PutStr("exception.message", "refused for minsu.kim@example.com")
		e.Attributes().PutStr("exception.stacktrace", stack)
	}
	require.NoError(t, harness.SendTraces(c.OTLPHTTP, traces))
}

// logsOnly sends the same error as a log record with personal data.
func logsOnly(t *testing.T, c *harness.Collector, trace pcommon.TraceID) {
	t.Helper()
	logs, records := harness.NewLogs("checkout")
	require.NoError(t, logs.ResourceLogs().At(0).Resource().Attributes().FromRaw(resource))
	lr := harness.AddLog(records, plog.SeverityNumberError, "payment of minsu.kim@example.com with 4111 1111 1111 1111 was refused")
	lr.SetTraceID(trace)
	lr.SetSpanID(pcommon.SpanID{1, 1, 1, 1, 1, 1, 1, 2})
	lr.Attributes().PutStr("exception.type", "shop.CardError")
	lr.Attributes().PutStr("exception.message", "refused for minsu.kim@example.com")
	lr.Attributes().PutStr("exception.stacktrace", stack)
	require.NoError(t, harness.SendLogs(c.OTLPHTTP, logs))
}

// sendMetrics sends a cumulative sum: 3, and 5 ten seconds later.
func sendMetrics(t *testing.T, c *harness.Collector) {
	t.Helper()
	begin := time.Now().Add(-time.Minute)
	for i, value := range []int64{3, 5} {
		metrics := pmetric.NewMetrics()
		rm := metrics.ResourceMetrics().AppendEmpty()
		require.NoError(t, rm.Resource().Attributes().FromRaw(resource))
		m := rm.ScopeMetrics().AppendEmpty().Metrics().AppendEmpty()
		m.SetName("orders")
		m.SetUnit("{order}")
		sum := m.SetEmptySum()
		sum.SetIsMonotonic(true)
		sum.SetAggregationTemporality(pmetric.AggregationTemporalityCumulative)
		p := sum.DataPoints().AppendEmpty()
		p.SetStartTimestamp(pcommon.NewTimestampFromTime(begin))
		p.SetTimestamp(pcommon.NewTimestampFromTime(begin.Add(time.Duration(10*i+10) * time.Second)))
		p.SetIntValue(value)
		p.Attributes().PutStr("customer", "minsu.kim@example.com")
		require.NoError(t, harness.SendMetrics(c.OTLPHTTP, metrics))
	}
}
