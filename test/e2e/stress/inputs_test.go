package stress

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net"
	"net/http"
	"os"
	"strings"
	"testing"
	"time"

	lumber "github.com/elastic/go-lumber/client/v2"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"github.com/otel-culprit/culprit/test/e2e/harness"
)

// inputs are the addresses of all receivers, and where those that fetch find something.
type inputs struct{ otlp, grpc, sentry, beats, zipkin, jaeger, loki, fluent, syslog, file string }

// arrivals are words of which each input sends one.
var arrivals = []string{
	"arrived-otlp-log", "arrived-otlp-json", "arrived-otlp-grpc", "arrived-otlp-span", "arrived_otlp_metric",
	"arrived-sentry", "arrived-sentry-transaction", "arrived-sentry-span", "arrived-sentry-log", "arrived_sentry_metric", "sentry.sessions", "arrived-sentry-feedback",
	"arrived-sentry-report", "arrived-sentry-checkin", "arrived-sentry-cron", "arrived-sentry-store", "arrived-beats", "arrived-zipkin", "arrived-jaeger",
	"arrived-loki", "arrived-fluent", "arrived-syslog", "arrived-file", "arrived_prometheus", "arrived-proc",
}

func (in inputs) sendAll(t *testing.T) {
	t.Helper()
	require.NoError(t, harness.SendLogs(in.otlp, plantedLogs("arrived-otlp-log")))
	text, err := plogotlp.NewExportRequestFromLogs(plantedLogs("arrived-otlp-json")).MarshalJSON()
	require.NoError(t, err)
	post(t, in.otlp+"/v1/logs", "application/json", json.RawMessage(text))
	conn, err := grpc.NewClient(in.grpc, grpc.WithTransportCredentials(insecure.NewCredentials()))
	require.NoError(t, err)
	defer conn.Close()
	_, err = plogotlp.NewGRPCClient(conn).Export(t.Context(), plogotlp.NewExportRequestFromLogs(plantedLogs("arrived-otlp-grpc")))
	require.NoError(t, err)
	require.NoError(t, harness.SendTraces(in.otlp, plantedTraces()))
	require.NoError(t, harness.SendMetrics(in.otlp, plantedMetrics()))
	in.sendSentry(t)
	in.sendBeats(t)
	in.sendJaeger(t)
	in.sendBroken(t)
	now := time.Now()

	post(t, "http://"+in.zipkin+"/api/v2/spans", "application/json", []any{map[string]any{
		"traceId": "4bf92f3577b34da6a3ce929d0e0e4736", "id": "00f067aa0ba902b7", "name": "arrived-zipkin " + mark("zipkin-name"), "kind": "SERVER",
		"timestamp": now.UnixMicro(), "duration": 1000, "localEndpoint": map[string]any{"serviceName": "zipkin-" + mark("zipkin-service"), "ipv4": others[6]},
		"remoteEndpoint": map[string]any{"serviceName": mark("zipkin-remote"), "ipv4": others[6]},
		"tags":           map[string]string{"error": "failed for " + mark("zipkin-error"), "user": mark("zipkin-tag"), "kinds": kinds(), mark("zipkin-key"): "x"},
		"annotations":    []any{map[string]any{"timestamp": now.UnixMicro(), "value": "note of " + mark("zipkin-note")}},
	}})
	post(t, "http://"+in.loki+"/loki/api/v1/push", "application/json", map[string]any{"streams": []any{map[string]any{
		"stream": map[string]string{"service_name": "loki", "user": mark("loki-label")},
		"values": []any{[]any{fmt.Sprint(now.UnixNano()), "level=error arrived-loki user=" + mark("loki-line") + " " + kinds(), map[string]string{"who": mark("loki-metadata")}}},
	}}})

	send(t, in.fluent, fluent(t, "tag."+mark("fluent-tag"), now, map[string]string{"log": "ERROR arrived-fluent " + mark("fluent-log") + " " + kinds(), "user": mark("fluent-value"), mark("fluent-key"): "x"}))
	send(t, in.syslog, fmt.Appendf(nil, "<11>1 %s host-%s app-%s 77 ID47 [ex@32473 user=\"%s\"] arrived-syslog failed for %s, %s\n",
		now.UTC().Format(time.RFC3339), "a", "b", mark("syslog-data"), mark("syslog-message"), kinds()))
	// The position of file_log holds the first 1,000 bytes of a file as they are: docs/security.md tells so.
	require.NoError(t, os.WriteFile(in.file, []byte(strings.Repeat("2026-11-22 09:59:59 INFO nothing happened yet\n", 25)+
		"2026-11-22 10:00:00 ERROR arrived-file cannot charge "+mark("file-line")+" "+kinds()+"\n"+
		`{"level":"error","msg":"failed for `+mark("file-json")+`","user":{"email":"`+mark("file-nested")+`","password":"leakypassword1"}}`+"\n"+
		"level=error msg=\"failed\" user="+mark("file-logfmt")+"\n"), 0o600))
}

func (in inputs) sendBeats(t *testing.T) {
	t.Helper()
	client, err := lumber.SyncDial(in.beats, lumber.CompressionLevel(3), lumber.Timeout(20*time.Second))
	require.NoError(t, err)
	defer client.Close()
	_, err = client.Send([]any{map[string]any{
		"@timestamp": time.Now().UTC().Format(time.RFC3339Nano), "message": "ERROR arrived-beats " + mark("beats-message") + " " + kinds(),
		"user":   map[string]any{"email": mark("beats-user"), "name": "Leaky"},
		"fields": map[string]any{"service": "beats", "owner": mark("beats-fields")},
		"labels": map[string]any{"who": mark("beats-labels")}, "tags": []any{mark("beats-tags")},
		"error": map[string]any{"type": "PaymentError", "message": "declined for " + mark("beats-error"), "stack_trace": "Traceback (most recent call last):\n  File \"/srv/pay.py\", line 17, in charge\n    raise PaymentError(\"" + mark("beats-stack") + "\")\nPaymentError: " + mark("beats-stack2")},
		"http":  map[string]any{"request": map[string]any{"headers": map[string]any{"authorization": "Basic leakypassword1"}, "body": map[string]any{"content": mark("beats-body")}}},
		"host":  map[string]any{"name": "node-1", "ip": []any{others[6]}, mark("beats-key"): "x"},
		"app":   map[string]any{"list": []any{map[string]any{"deep": mark("beats-deep")}}},
	}})
	require.NoError(t, err)
}

func post(t *testing.T, url, contentType string, body any) {
	t.Helper()
	text, err := json.Marshal(body)
	require.NoError(t, err)
	request, err := http.NewRequest(http.MethodPost, url, bytes.NewReader(text))
	require.NoError(t, err)
	request.Header.Set("Content-Type", contentType)
	do(t, request)
}

func do(t *testing.T, request *http.Request) {
	t.Helper()
	resp, err := http.DefaultClient.Do(request)
	require.NoError(t, err)
	defer resp.Body.Close()
	require.Less(t, resp.StatusCode, 300, "%s: %s", request.URL, resp.Status)
}

// send writes to a TCP address and hangs up.
func send(t *testing.T, address string, data []byte) {
	t.Helper()
	conn, err := net.Dial("tcp", address)
	require.NoError(t, err)
	_, err = conn.Write(data)
	require.NoError(t, err)
	require.NoError(t, conn.Close())
}

// fluent is an event in the Message Mode of Fluentd's forward protocol
// (https://github.com/fluent/fluentd/wiki/Forward-Protocol-Specification-v1), written in MessagePack.
func fluent(t *testing.T, tag string, at time.Time, record map[string]string) []byte {
	t.Helper()
	text := func(s string) []byte { return append([]byte{0xda, byte(len(s) >> 8), byte(len(s))}, s...) }
	out := append([]byte{0x93}, text(tag)...)
	sec := uint32(at.Unix())
	out = append(out, 0xce, byte(sec>>24), byte(sec>>16), byte(sec>>8), byte(sec), 0x80|byte(len(record)))
	for k, v := range record {
		out = append(append(out, text(k)...), text(v)...)
	}
	return out
}
