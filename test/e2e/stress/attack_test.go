package stress

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otel-culprit/culprit/test/e2e/harness"
)

// victim is a collector under attack.
type victim struct {
	*harness.Collector
	beats, self string
	sink        *harness.Sink
	next        int64
}

func startVictim(t *testing.T) *victim {
	t.Helper()
	v := &victim{beats: harness.Address(t), sink: harness.StartSink(t)}
	v.Collector, v.self = harness.StartObserved(t, harness.Testdata(t, "attack.yaml"), map[string]string{"BEATS_ENDPOINT": v.beats, "SINK": v.sink.URL}, "")
	return v
}

// works proves that others are still served.
func (v *victim) works(t *testing.T) {
	t.Helper()
	v.next++
	require.False(t, v.Ended(), v.Tail(3000))
	require.NoError(t, harness.SendLogs(v.OTLPHTTP, numbered("friend", v.next, 1, 10)))
	harness.Eventually(t, 20*time.Second, func() error {
		if !v.sink.Has(v.next) {
			return fmt.Errorf("record %d is missing", v.next)
		}
		return nil
	})
	harness.Get(t, v.Issues+"/api/issues")
	harness.Get(t, v.Metrics+"/metrics")
	assert.NotContains(t, v.Output(), "panic:")
	assert.Less(t, heap(t, v.self), int64(512<<20))
}

// request posts a body and returns the status.
func request(t *testing.T, url, contentType, encoding string, body []byte) int {
	t.Helper()
	r, err := http.NewRequest(http.MethodPost, url, bytes.NewReader(body))
	require.NoError(t, err)
	r.Header.Set("Content-Type", contentType)
	if encoding != "" {
		r.Header.Set("Content-Encoding", encoding)
	}
	resp, err := (&http.Client{Timeout: time.Minute}).Do(r)
	if err != nil { // cut off in the middle of the body: refused
		return http.StatusRequestEntityTooLarge
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode
}

func sentryEnvelope(event string) []byte {
	return fmt.Appendf(nil, "{}\n{\"type\":\"event\",\"length\":%d}\n%s\n", len(event), event)
}

// window is a window of one JSON frame of Lumberjack, version 2.
func window(json []byte) []byte {
	out := append([]byte{'2', 'W', 0, 0, 0, 1, '2', 'J', 0, 0, 0, 1}, binary.BigEndian.AppendUint32(nil, uint32(len(json)))...)
	return append(out, json...)
}

// shake sends bytes to a TCP address and reads until the other side closes or goes on waiting.
func shake(t *testing.T, address string, data []byte) {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	require.NoError(t, err)
	defer conn.Close()
	_ = conn.SetDeadline(time.Now().Add(20 * time.Second))
	_, _ = conn.Write(data)
	_, _ = conn.Read(make([]byte, 100))
}

// nested is an export request whose one record's body is a list in a list in a list, levels deep.
func nested(levels int) []byte {
	buf := make([]byte, 12*levels+100)
	at := len(buf)
	wrap := func(field byte) {
		var length [10]byte
		k := binary.PutUvarint(length[:], uint64(len(buf)-at))
		at -= k
		copy(buf[at:], length[:k])
		at--
		buf[at] = field<<3 | 2
	}
	for range levels {
		wrap(1) // ArrayValue.values
		wrap(5) // AnyValue.array_value
	}
	for _, field := range []byte{5, 2, 2, 1} { // LogRecord.body, log_records, scope_logs, resource_logs
		wrap(field)
	}
	return buf[at:]
}

// TestDeepNesting: 100,000 levels in every input that has levels.
func TestDeepNesting(t *testing.T) {
	v := startVictim(t)
	const levels = 100_000
	json := strings.Repeat(`{"a":[`, levels) + strings.Repeat(`]}`, levels)
	assert.Less(t, request(t, v.OTLPHTTP+"/v1/logs", "application/x-protobuf", "", nested(levels)), 500)
	v.works(t)
	otlp := `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"severityNumber":17,"body":` +
		strings.Repeat(`{"arrayValue":{"values":[`, levels) + strings.Repeat(`]}}`, levels) + `}]}]}]}`
	assert.Less(t, request(t, v.OTLPHTTP+"/v1/logs", "application/json", "", []byte(otlp)), 500)
	v.works(t)
	logs, records := harness.NewLogs("deep")
	harness.AddLog(records, plog.SeverityNumberError, json)
	harness.AddLog(records, plog.SeverityNumberError, strings.Repeat(`"{\"a\":`, levels)).Attributes().PutStr("exception.stacktrace", strings.Repeat("Caused by: X: y\n\tat a.b.c(D.java:1)\n", 20_000))
	require.NoError(t, harness.SendLogs(v.OTLPHTTP, logs))
	v.works(t)
	assert.Less(t, request(t, "http://"+v.Sentry+"/api/1/envelope/?sentry_key=k", "application/x-sentry-envelope", "", sentryEnvelope(`{"extra":`+json+`,"message":"x"}`)), 500)
	v.works(t)
	shake(t, v.beats, window([]byte(json)))
	v.works(t)
	assert.GreaterOrEqual(t, request(t, v.Issues+"/api/issues/0000000000000000/mute", "application/json", "", []byte(json)), 400)
	v.works(t)
}

// TestHugeAndBroken: attributes of megabytes, a hundred thousand of them, names of a megabyte, bytes that are no UTF-8, everywhere.
func TestHugeAndBroken(t *testing.T) {
	v := startVictim(t)
	logs, records := harness.NewLogs("huge")
	big := strings.Repeat("a", 1<<20)
	lr := harness.AddLog(records, plog.SeverityNumberError, big+"@"+big)
	attributes := map[string]any{
		"exception.message": big, "exception.type": big, big: "x", "exception.stacktrace": strings.Repeat("  File \"/a.py\", line 1, in f\n", 40_000),
	}
	for i := range 100_000 {
		attributes[fmt.Sprintf("attribute.%d", i)] = i
	}
	require.NoError(t, lr.Attributes().FromRaw(attributes))
	require.NoError(t, harness.SendLogs(v.OTLPHTTP, logs))
	v.works(t)

	const broken = "\xff\xfe ana\x80@example.com \xed\xa0\x80\xc0\xaf card 4111\xff"
	logs, records = harness.NewLogs("broken" + broken)
	lr = harness.AddLog(records, plog.SeverityNumberError, broken)
	lr.SetSeverityText(broken)
	lr.SetEventName(broken)
	lr.SetTraceID(pcommon.TraceID{1})
	for _, key := range []string{broken, "exception.type", "exception.message", "exception.stacktrace", "user.id", "http.request.header.traceparent", "request_id"} {
		lr.Attributes().PutStr(key, broken)
	}
	logs.ResourceLogs().At(0).ScopeLogs().At(0).Scope().SetName(broken)
	require.NoError(t, harness.SendLogs(v.OTLPHTTP, logs))
	v.works(t)
	assert.Less(t, request(t, "http://"+v.Sentry+"/api/1/envelope/?sentry_key=k", "application/x-sentry-envelope", "", sentryEnvelope(`{"message":"`+broken+`","tags":{"`+broken+`":"x"}}`)), 500)
	shake(t, v.beats, window([]byte(`{"message":"`+broken+`","`+broken+`":1}`)))
	resp, err := http.Get(v.Issues + "/api/issues?query=%ff%fe%00")
	require.NoError(t, err)
	resp.Body.Close()
	assert.Less(t, resp.StatusCode, 500)
	harness.Eventually(t, 20*time.Second, func() error { // the counts of issues, by service
		if !strings.Contains(harness.Get(t, v.Metrics+"/metrics"), "issue_occurrences") {
			return fmt.Errorf("no counts")
		}
		return nil
	})
	for _, i := range v.ListIssues(t) {
		harness.Get(t, v.Issues+"/issues/"+i.ID)
		harness.Get(t, v.Issues+"/api/issues/"+i.ID)
	}
	v.works(t)
}

// TestRegexBombs: expressions that run for ever elsewhere are linear here; those that would need too much memory are refused by
// `validate` with the name of the key.
func TestRegexBombs(t *testing.T) {
	v := startVictim(t)
	logs, records := harness.NewLogs("bombs")
	for range 20 {
		harness.AddLog(records, plog.SeverityNumberInfo, strings.Repeat("a", 100_000)+"!")
		harness.AddLog(records, plog.SeverityNumberInfo, strings.Repeat("x", 100_000)+"!")
	}
	require.NoError(t, harness.SendLogs(v.OTLPHTTP, logs))
	v.works(t)
	text, err := os.ReadFile(harness.Testdata(t, "attack.yaml"))
	require.NoError(t, err)
	file := filepath.Join(t.TempDir(), "config.yaml")
	require.NoError(t, os.WriteFile(file, []byte(strings.Replace(string(text), "(a+)+$", "((a{1000}){1000}){1000}", 1)), 0o600))
	env := map[string]string{}
	for _, name := range []string{"HEALTH", "ISSUES", "OTLP_GRPC", "OTLP_HTTP", "SENTRY", "BEATS", "METRICS"} {
		env[name+"_ENDPOINT"] = "127.0.0.1:1"
	}
	env["SINK"] = "http://127.0.0.1:1"
	out, code := harness.Run(t, t.TempDir(), harness.Env(env), harness.Binary(t), "validate", "--config", file)
	assert.NotZero(t, code)
	assert.Contains(t, out, "pii_redaction")
	assert.Contains(t, out, "regex")
}

// TestZipBombs: ten gigabytes in ten megabytes, on every listener that decompresses.
func TestZipBombs(t *testing.T) {
	v := startVictim(t)
	var bomb, inner bytes.Buffer
	z, _ := gzip.NewWriterLevel(&bomb, gzip.BestSpeed)
	zeros := make([]byte, 1<<20)
	for range 4 << 10 {
		_, err := z.Write(zeros)
		require.NoError(t, err)
	}
	require.NoError(t, z.Close())
	for url, kind := range map[string]string{
		v.OTLPHTTP + "/v1/logs": "application/x-protobuf", v.OTLPHTTP + "/v1/traces": "application/json",
		"http://" + v.Sentry + "/api/1/envelope/?sentry_key=k": "application/x-sentry-envelope", v.Issues + "/api/issues/0000000000000000/resolve": "application/json",
	} {
		status := request(t, url, kind, "gzip", bomb.Bytes())
		assert.GreaterOrEqual(t, status, 400, url)
		assert.NotEqual(t, http.StatusInternalServerError, status, url)
		v.works(t)
	}
	d := zlib.NewWriter(&inner)
	for range 1 << 10 {
		_, err := d.Write(zeros)
		require.NoError(t, err)
	}
	require.NoError(t, d.Close())
	frame := append([]byte{'2', 'W', 0, 0, 0, 1, '2', 'C'}, binary.BigEndian.AppendUint32(nil, uint32(inner.Len()))...)
	shake(t, v.beats, append(frame, inner.Bytes()...))
	v.works(t)
	lie := append([]byte{'2', 'W', 0xff, 0xff, 0xff, 0xff, '2', 'J', 0, 0, 0, 1}, 0xff, 0xff, 0xff, 0xff) // promises 4 GB
	shake(t, v.beats, append(lie, zeros...))
	v.works(t)
}

// TestSlowLoris: two hundred clients each send a piece of a request and stall, in the head and in the body. They are cut off, and
// others are served meanwhile.
func TestSlowLoris(t *testing.T) {
	v := startVictim(t)
	const post = "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"
	for name, target := range map[string]struct{ address, piece string }{
		"page head":   {v.Issues, "GET / HTTP/1.1\r\nHost: loc"},
		"page body":   {v.Issues, fmt.Sprintf(post, "/api/issues/0000000000000000/resolve")},
		"sentry head": {v.Sentry, "POST /api/1/envelope/ HTTP/1.1\r\nHo"},
		"sentry body": {v.Sentry, fmt.Sprintf(post, "/api/1/envelope/?sentry_key=k")},
		"otlp head":   {v.OTLPHTTP, "POST /v1/logs HTTP/1.1\r\nHo"},
		"otlp body":   {v.OTLPHTTP, fmt.Sprintf(post, "/v1/logs")},
		"beats":       {v.beats, "2W\x00\x00\x00\x05" + "2J\x00\x00\x00\x01\x00\x00\x10\x00{"},
		"beats idle":  {v.beats, ""},
	} {
		t.Run(name, func(t *testing.T) {
			v.stall(t, strings.TrimPrefix(target.address, "http://"), target.piece)
		})
	}
	v.works(t)
}

// stall opens two hundred connections that say a piece and no more; all are cut off, and others are served meanwhile.
func (v *victim) stall(t *testing.T, address, piece string) {
	t.Helper()
	var conns []net.Conn
	for range 200 {
		conn, err := net.Dial("tcp", address)
		require.NoError(t, err)
		t.Cleanup(func() { conn.Close() })
		_, err = io.WriteString(conn, piece)
		require.NoError(t, err)
		conns = append(conns, conn)
	}
	v.works(t)
	for _, conn := range conns {
		require.NoError(t, conn.SetReadDeadline(time.Now().Add(30*time.Second)))
		_, err := io.Copy(io.Discard, conn)
		timeout, ok := err.(net.Error)
		require.False(t, ok && timeout.Timeout(), "a connection that stalls is not closed")
	}
}
