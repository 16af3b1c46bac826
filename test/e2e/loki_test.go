package e2e

import (
	"fmt"
	"net/http"
	"net/http/httputil"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otel-culprit/culprit/test/e2e/harness"
)

// impatient is a proxy before Loki that answers every third push with 429. It counts pushes and refusals.
func impatient(t *testing.T, loki *harness.Loki) (push string, pushes, refused *atomic.Int64) {
	t.Helper()
	target, err := url.Parse(loki.URL)
	require.NoError(t, err)
	pushes, refused = &atomic.Int64{}, &atomic.Int64{}
	proxy := httputil.NewSingleHostReverseProxy(target) // 502 while Loki is down
	address := harness.Address(t)
	server := &http.Server{Addr: address, ReadHeaderTimeout: time.Minute, Handler: http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if pushes.Add(1)%3 == 0 {
			refused.Add(1)
			w.Header().Set("Retry-After", "1")
			http.Error(w, "ingestion rate limit exceeded", http.StatusTooManyRequests)
			return
		}
		proxy.ServeHTTP(w, r)
	})}
	go func() { _ = server.ListenAndServe() }()
	t.Cleanup(func() { _ = server.Close() })
	return "http://" + address + "/loki/api/v1/push", pushes, refused
}

var mixedServices = []string{"checkout", "catalog", "accounts", "search", "mailer"}

// mixed makes the record with a number: service, severity, body and attributes follow from it.
func mixed(batch map[string]plog.LogRecordSlice, n int) {
	lr := harness.AddLog(batch[mixedServices[n%5]], []plog.SeverityNumber{plog.SeverityNumberDebug, plog.SeverityNumberInfo, plog.SeverityNumberWarn, plog.SeverityNumberError}[n%4], fmt.Sprintf("mixed %04d done", n))
	lr.SetTraceID(pcommon.TraceID{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, byte(n >> 8), byte(n)})
	if n%2 == 0 {
		lr.SetSpanID(pcommon.SpanID{1, 2, 3, 4, 5, 6, byte(n >> 8), byte(n)})
	}
	lr.Attributes().PutInt("queue.depth", int64(n))
	lr.Attributes().PutStr("http.request.method", "GET")
	if n%3 == 0 {
		lr.Attributes().PutEmptyMap("cart").PutStr("state", "open")
	}
	switch n % 7 {
	case 0: // a map as body
		lr.Body().SetEmptyMap().PutStr("text", fmt.Sprintf("mixed %04d done", n))
	case 1: // several lines
		lr.Body().SetStr(fmt.Sprintf("mixed %04d done\nand \"more\" of it: ünïcödé", n))
	}
}

// TestLokiTakesAll: 10,000 mixed records in = 10,000 out with labels, structured metadata and trace IDs, although Loki is
// restarted midway, each batch has an entry that is too old, and pushes are answered with 429 now and then.
func TestLokiTakesAll(t *testing.T) {
	loki := harness.StartLoki(t)
	push, pushes, refused := impatient(t, loki)
	c, self := harness.StartObserved(t, harness.Config("gateway.yaml"), map[string]string{"LOKI_ENDPOINT": push}, "")

	const records, perBatch = 10_000, 100
	for n := 0; n < records; n += perBatch {
		if n == records*3/10 {
			loki.Stop()
		}
		if n == records*6/10 {
			loki.Restart(t)
		}
		logs, batch := plog.NewLogs(), map[string]plog.LogRecordSlice{}
		for _, service := range mixedServices {
			rl := logs.ResourceLogs().AppendEmpty()
			rl.Resource().Attributes().PutStr("service.name", service)
			rl.Resource().Attributes().PutStr("deployment.environment.name", "test")
			rl.Resource().Attributes().PutStr("service.version", "1.2.3")
			batch[service] = rl.ScopeLogs().AppendEmpty().LogRecords()
		}
		for i := n; i < n+perBatch; i++ {
			mixed(batch, i)
		}
		old := harness.AddLog(batch[mixedServices[n/perBatch%5]], plog.SeverityNumberInfo, fmt.Sprintf("ancient %04d", n))
		old.SetTimestamp(pcommon.NewTimestampFromTime(time.Now().Add(-60 * 24 * time.Hour)))
		require.NoError(t, harness.SendLogs(c.OTLPHTTP, logs))
		time.Sleep(60 * time.Millisecond) // the queue joins what waits: slower senders make more pushes
	}

	var entries map[string][]harness.LokiEntry
	harness.Eventually(t, 150*time.Second, func() error {
		entries = map[string][]harness.LokiEntry{}
		for _, service := range mixedServices {
			for _, e := range loki.Query(t, fmt.Sprintf(`{service_name=%q, deployment_environment_name="test"}`, service)) {
				number := regexp.MustCompile(`mixed (\d{4})`).FindStringSubmatch(e.Line)
				require.NotNil(t, number, e.Line)
				entries[number[1]] = append(entries[number[1]], e)
			}
		}
		if len(entries) != records {
			return fmt.Errorf("%d of %d records", len(entries), records)
		}
		return nil
	})
	for n := range records {
		found := entries[fmt.Sprintf("%04d", n)]
		require.Len(t, found, 1, "record %d is there once", n)
		checkMixed(t, n, found[0])
		if t.Failed() {
			t.Fatalf("record %d: %q %v", n, found[0].Line, found[0].Labels)
		}
	}
	rejected := 0.0
	harness.Eventually(t, 30*time.Second, func() error {
		if rejected = selfMetric(t, self, "otelcol_exporter_loki_entries", `outcome="rejected"`, `reason="too_old"`); rejected < records/perBatch {
			return fmt.Errorf("%v entries counted as too old", rejected)
		}
		return nil
	})
	assert.InDelta(t, records/perBatch, rejected, 0, "each entry that was too old is counted once")
	assert.InDelta(t, records, selfMetric(t, self, "otelcol_exporter_loki_entries", `outcome="accepted"`), 0)
	assert.Positive(t, refused.Load(), "pushes answered with 429")
	t.Logf("%d pushes, %d answered with 429", pushes.Load(), refused.Load())
}

func checkMixed(t *testing.T, n int, e harness.LokiEntry) {
	t.Helper()
	want := map[string]string{
		"service_name": mixedServices[n%5], "deployment_environment_name": "test", "service_version": "1.2.3",
		"trace_id": fmt.Sprintf("0102030405060708090a0b0c0d0e%04x", n), "severity_number": strconv.Itoa([]int{5, 9, 13, 17}[n%4]),
		"queue_depth": strconv.Itoa(n), "http_request_method": "GET",
	}
	if n%2 == 0 {
		want["span_id"] = fmt.Sprintf("010203040506%04x", n)
	}
	if n%3 == 0 {
		want["cart_state"] = "open"
	}
	for key, value := range want {
		assert.Equal(t, value, e.Labels[key], key)
	}
	if n%4 == 3 {
		assert.Regexp(t, "^[0-9a-f]{16}$", e.Labels["issue_id"], "an error has its issue")
	}
	switch n % 7 {
	case 0:
		assert.JSONEq(t, fmt.Sprintf(`{"text":"mixed %04d done"}`, n), e.Line)
	case 1:
		assert.Equal(t, fmt.Sprintf("mixed %04d done\nand \"more\" of it: ünïcödé", n), e.Line)
	default:
		assert.Equal(t, fmt.Sprintf("mixed %04d done", n), e.Line)
	}
}

// selfMetric sums the series of one of the collector's own counters that have all the given label pairs.
func selfMetric(t *testing.T, address, name string, labels ...string) float64 {
	t.Helper()
	sum := 0.0
lines:
	for line := range strings.Lines(harness.Get(t, "http://"+address+"/metrics")) {
		if !strings.HasPrefix(line, name+"{") && !strings.HasPrefix(line, name+"_total{") {
			continue
		}
		for _, l := range labels {
			if !strings.Contains(line, l) {
				continue lines
			}
		}
		value, err := strconv.ParseFloat(strings.TrimSpace(line[strings.LastIndex(line, " "):]), 64)
		require.NoError(t, err, line)
		sum += value
	}
	return sum
}

// TestLokiOTLP: the same record through Loki's own OTLP endpoint has its trace and its issue as structured metadata.
func TestLokiOTLP(t *testing.T) {
	loki := harness.StartLoki(t)
	c := harness.StartCollector(t, harness.Config("loki-otlp.yaml"), map[string]string{"LOKI_OTLP_ENDPOINT": loki.URL + "/otlp"})
	logs, records := harness.NewLogs("otlp")
	harness.AddLog(records, plog.SeverityNumberError, "cannot open ledger").SetTraceID(pcommon.TraceID{1, 15: 2})
	require.NoError(t, harness.SendLogs(c.OTLPHTTP, logs))
	harness.Eventually(t, 30*time.Second, func() error {
		found := loki.Query(t, `{service_name="otlp"} | severity_number >= 17 | issue_id=~"[0-9a-f]{16}"`)
		if len(found) != 1 || found[0].Labels["trace_id"] != "01000000000000000000000000000002" || found[0].Line != "cannot open ledger" {
			return fmt.Errorf("found %v", found)
		}
		return nil
	})
}
