package scale

import (
	"encoding/binary"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/ptrace"

	"github.com/otel-culprit/culprit/test/e2e/harness"
)

const (
	bugs     = 6   // half of them are told of in spans only
	failures = 600 // of all bugs together
	perBatch = 10
)

// batch is what a sender sends at once: the failures' spans, and the records of those that log.
type batch struct {
	traces ptrace.Traces
	logs   plog.Logs
	again  bool // it is sent twice, as by a sender that missed the answer
}

// traffic is the same for every collector that it is sent to.
func traffic(t *testing.T) (batches []batch, records int64) {
	t.Helper()
	begin := time.Now().Add(-time.Minute)
	for n := 0; n < failures; n += perBatch {
		b := batch{traces: ptrace.NewTraces(), logs: plog.NewLogs(), again: n%(5*perBatch) == 0}
		// The deeper span first: it ends before its caller's.
		pay, web := b.traces.ResourceSpans().AppendEmpty(), b.traces.ResourceSpans().AppendEmpty()
		web.Resource().Attributes().PutStr("service.name", "web")
		pay.Resource().Attributes().PutStr("service.name", "pay")
		rl := b.logs.ResourceLogs().AppendEmpty()
		rl.Resource().Attributes().PutStr("service.name", "pay")
		callers, deeper, lines := web.ScopeSpans().AppendEmpty().Spans(), pay.ScopeSpans().AppendEmpty().Spans(), rl.ScopeLogs().AppendEmpty().LogRecords()
		for i := n; i < n+perBatch; i++ {
			at := begin.Add(time.Duration(i) * 10 * time.Millisecond)
			var trace pcommon.TraceID
			binary.BigEndian.PutUint64(trace[:8], uint64(i)*0x9E3779B97F4A7C15+1)
			binary.BigEndian.PutUint64(trace[8:], uint64(i)+1)
			caller, callee := pcommon.SpanID(trace[8:]), pcommon.SpanID(trace[:8])

			s := span(callers, trace, caller, at, "POST /checkout")
			s.SetKind(ptrace.SpanKindServer)
			s.Attributes().PutInt("http.response.status_code", 500)
			s = span(deeper, trace, callee, at, "charge")
			s.SetParentSpanID(caller)
			e := s.Events().AppendEmpty()
			e.SetName("exception")
			e.SetTimestamp(pcommon.NewTimestampFromTime(at))
			exception(e.Attributes(), i%bugs)
			if i%bugs >= bugs/2 {
				continue
			}
			lr := lines.AppendEmpty()
			lr.SetTimestamp(pcommon.NewTimestampFromTime(at))
			lr.SetSeverityNumber(plog.SeverityNumberError)
			lr.Body().SetStr("charge failed")
			lr.SetTraceID(trace)
			lr.SetSpanID(callee)
			lr.Attributes().PutInt(harness.RecordID, records)
			exception(lr.Attributes(), i%bugs)
			records++
		}
		batches = append(batches, b)
	}
	return batches, records
}

func span(spans ptrace.SpanSlice, trace pcommon.TraceID, id pcommon.SpanID, at time.Time, name string) ptrace.Span {
	s := spans.AppendEmpty()
	s.SetTraceID(trace)
	s.SetSpanID(id)
	s.SetName(name)
	s.SetStartTimestamp(pcommon.NewTimestampFromTime(at.Add(-time.Millisecond)))
	s.SetEndTimestamp(pcommon.NewTimestampFromTime(at))
	s.Status().SetCode(ptrace.StatusCodeError)
	return s
}

// exception writes bug n. Names are without digits: grouping leaves numbers out.
func exception(a pcommon.Map, n int) {
	name := "Fault" + string(rune('A'+n))
	a.PutStr("exception.type", "shop."+name)
	a.PutStr("exception.message", "cannot charge minsu.kim@example.com")
	a.PutStr("exception.stacktrace", fmt.Sprintf("Traceback (most recent call last):\n  File \"/app/shop/%[1]s.py\", line 12, in run_%[1]s\n    charge(card)\nshop.%[1]s: cannot charge minsu.kim@example.com", name))
}

// send sends a batch until it is acknowledged: spans to one collector, records to another.
func (b batch) send(t *testing.T, spans, records *harness.Collector) {
	t.Helper()
	times := 1
	if b.again {
		times = 2
	}
	for range times {
		harness.Eventually(t, 60*time.Second, func() error { return harness.SendTraces(spans.OTLPHTTP, b.traces) })
		harness.Eventually(t, 60*time.Second, func() error { return harness.SendLogs(records.OTLPHTTP, b.logs) })
	}
}

// counts are the issues of a collector's page and how often each was met.
func counts(t *testing.T, c *harness.Collector) map[string]uint64 {
	t.Helper()
	out := map[string]uint64{}
	for _, i := range c.ListIssues(t) {
		out[i.ID+" "+i.Title] = i.Count
	}
	return out
}

// oneCollector is what a single collector, which gets the same, has to say.
func oneCollector(t *testing.T, batches []batch, env map[string]string) map[string]uint64 {
	t.Helper()
	c := harness.StartCollector(t, harness.Config("gateway.yaml"), env, "--config", harness.Testdata(t, "tickets.yaml"))
	for _, b := range batches {
		b.send(t, c, c)
	}
	found := counts(t, c)
	require.Len(t, found, bugs)
	for title, n := range found {
		require.EqualValues(t, failures/bugs, n, title)
	}
	c.Stop()
	return found
}
