package e2e

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otel-culprit/culprit/test/e2e/harness"
)

// sampled are the ways of a trace through the sampling gateway.
const (
	healthy   = iota // one in a hundred stays
	exception        // a span with an exception event and no error status
	failed           // a span with the status ERROR
	logged           // nothing but a log that came before the last span
	ways
)

func sampledTrace(way, n int) pcommon.TraceID {
	// Tail sampling hashes the whole ID; the constant makes none of them all zero.
	return pcommon.TraceID{0xab, byte(way), 3: byte(n >> 8), 4: byte(n), 15: byte(n * 37)}
}

func sampledSpans(way, from, to int) ptrace.Traces {
	td := ptrace.NewTraces()
	rs := td.ResourceSpans().AppendEmpty()
	rs.Resource().Attributes().PutStr("service.name", "sampled")
	spans := rs.ScopeSpans().AppendEmpty().Spans()
	for n := from; n < to; n++ {
		for i, name := range []string{"GET /order", "load order"} {
			s := spans.AppendEmpty()
			s.SetName(name)
			s.SetTraceID(sampledTrace(way, n))
			s.SetSpanID(pcommon.SpanID{1, byte(i), byte(n >> 8), byte(n)})
			s.SetKind(ptrace.SpanKindServer)
			if i == 1 {
				s.SetParentSpanID(pcommon.SpanID{1, 0, byte(n >> 8), byte(n)})
				s.SetKind(ptrace.SpanKindInternal)
			}
			now := time.Now()
			s.SetStartTimestamp(pcommon.NewTimestampFromTime(now.Add(-20 * time.Millisecond)))
			s.SetEndTimestamp(pcommon.NewTimestampFromTime(now))
			switch {
			case i == 1 && way == exception:
				e := s.Events().AppendEmpty()
				e.SetName("exception")
				e.SetTimestamp(s.EndTimestamp())
				e.Attributes().PutStr("exception.type", "OrderError")
				e.Attributes().PutStr("exception.message", "no such order")
			case i == 1 && way == failed:
				s.Status().SetCode(ptrace.StatusCodeError)
			}
		}
	}
	return td
}

// TestSamplingKeepsIssues: with a sampling of 1 % all traces with an issue stay, and issues and metrics count everything.
func TestSamplingKeepsIssues(t *testing.T) {
	jaeger := harness.StartJaeger(t)
	c := harness.StartCollector(t, harness.Config("gateway-sampling.yaml"), map[string]string{
		"JAEGER_ENDPOINT": jaeger.OTLP, "SAMPLE_PERCENT": "1", "DECISION_WAIT": "3s", "METRICS_INTERVAL": "1s",
	})
	const perWay = 200
	for n := 0; n < perWay; n += 20 {
		logs, records := harness.NewLogs("sampled")
		for i := n; i < n+20; i++ {
			lr := harness.AddLog(records, plog.SeverityNumberError, "order is not complete")
			lr.SetTraceID(sampledTrace(logged, i))
		}
		require.NoError(t, harness.SendLogs(c.OTLPHTTP, logs))
		for way := range ways {
			require.NoError(t, harness.SendTraces(c.OTLPHTTP, sampledSpans(way, n, n+20)))
		}
	}
	kept := func(way int) int {
		found := 0
		for n := range perWay {
			id := sampledTrace(way, n)
			if spans := jaeger.Trace(t, id.String()); len(spans) == 2 {
				found++
			}
		}
		return found
	}
	harness.Eventually(t, 60*time.Second, func() error {
		for _, way := range []int{logged, failed, exception} {
			if k := kept(way); k != perWay {
				return fmt.Errorf("%d of %d traces of kind %d are whole in Jaeger", k, perWay, way)
			}
		}
		return nil
	})
	k := kept(healthy)
	t.Logf("%d of %d healthy traces kept at 1 %%", k, perWay)
	assert.Less(t, k, perWay/5)

	t.Run("a trace kept for a log says so", func(t *testing.T) {
		id := sampledTrace(logged, 0)
		assert.Equal(t, "true", jaeger.Trace(t, id.String())[0].Tag("issue.in_trace"))
	})
	t.Run("issue.id is searchable", func(t *testing.T) {
		id := sampledTrace(exception, 0)
		issue := ""
		for _, s := range jaeger.Trace(t, id.String()) {
			issue += s.Tag("issue.id")
		}
		require.Len(t, issue, 16)
		assert.Contains(t, harness.Get(t, jaeger.URL+`/api/traces?service=sampled&limit=10&tags=%7B%22issue.id%22%3A%22`+issue+`%22%7D`), `"traceID"`)
	})
	t.Run("counts are those of all traces", func(t *testing.T) {
		counts := map[uint64]int{}
		for _, i := range c.ListIssues(t) {
			counts[i.Count]++
		}
		assert.Equal(t, map[uint64]int{perWay: 3}, counts, "issues by their count")
		address := c.Metrics[len("http://"):]
		harness.Eventually(t, 20*time.Second, func() error {
			if calls := selfMetric(t, address, "traces_span_metrics_calls", `span_name="GET /order"`); calls != perWay*ways {
				return fmt.Errorf("%v calls counted:\n%s", calls, harness.Get(t, c.Metrics+"/metrics"))
			}
			return nil
		})
	})
}
