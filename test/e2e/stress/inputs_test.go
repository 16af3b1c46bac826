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

	"github.com/otel-culprit/culprit/test/e2e/harness"
)

// inputs are the addresses of all receivers.
type inputs struct{ otlp, sentry, beats, zipkin, loki, fluent, syslog, file string }

// arrivals are words of which each input sends one.
var arrivals = []string{
	"arrived-otlp-log", "arrived-otlp-span", "arrived_otlp_metric", "arrived-sentry", "arrived-beats", "arrived-zipkin", "arrived-loki",
	"arrived-fluent", "arrived-syslog", "arrived-file",
}

func (in inputs) sendAll(t *testing.T) {
	t.Helper()
	require.NoError(t, harness.SendLogs(in.otlp, plantedLogs()))
	require.NoError(t, harness.SendTraces(in.otlp, plantedTraces()))
	require.NoError(t, harness.SendMetrics(in.otlp, plantedMetrics()))
	in.sendSentry(t)
	in.sendBeats(t)
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

func (in inputs) sendSentry(t *testing.T) {
	t.Helper()
	user := map[string]any{"id": mark("sentry-user-id"), "email": mark("sentry-user"), "username": mark("sentry-username"), "ip_address": others[6]}
	event := map[string]any{
		"event_id": "9ec79c33ec9942ab8353589fcb2e04dc", "timestamp": float64(time.Now().Unix()), "platform": "python", "level": "error",
		"server_name": "web-" + mark("sentry-server"), "transaction": "/user/" + mark("sentry-transaction"), "logger": "arrived-sentry",
		"message": map[string]any{"message": "hello %s", "params": []any{mark("sentry-param")}, "formatted": "hello " + mark("sentry-formatted")},
		"exception": map[string]any{"values": []any{map[string]any{"type": "ValueError", "value": "bad user " + mark("sentry-value") + " " + kinds(), "stacktrace": map[string]any{"frames": []any{
			map[string]any{"function": "charge", "filename": "/srv/" + mark("sentry-file") + "/pay.py", "lineno": 17, "in_app": true, "context_line": "pay(\"" + mark("sentry-line") + "\")",
				"pre_context": []any{mark("sentry-pre")}, "vars": map[string]any{"who": mark("sentry-var"), "password": "leakypassword1"}},
		}}}}},
		"breadcrumbs": map[string]any{"values": []any{map[string]any{"message": "clicked " + mark("sentry-crumb"), "category": "ui", "data": map[string]any{"to": "/u/" + mark("sentry-crumb-data")}}}},
		"user":        user, "tags": map[string]any{"who": mark("sentry-tag"), mark("sentry-tag-key"): "x"}, "extra": map[string]any{"dump": map[string]any{"mail": mark("sentry-extra")}},
		"contexts": map[string]any{"custom": map[string]any{"mail": mark("sentry-context")}},
		"request": map[string]any{"url": "http://shop/pay?mail=" + mark("sentry-url"), "query_string": "mail=" + mark("sentry-query"), "cookies": "sid=leakypassword1",
			"headers": []any{[]any{"Authorization", "Basic leakypassword1"}, []any{"X-User", mark("sentry-header")}}, "data": map[string]any{"mail": mark("sentry-data")}, "env": map[string]any{"REMOTE_ADDR": others[6]}},
	}
	transaction := map[string]any{
		"event_id": "aec79c33ec9942ab8353589fcb2e04dc", "type": "transaction", "transaction": "pay " + mark("sentry-tx"), "start_timestamp": float64(time.Now().Unix()), "timestamp": float64(time.Now().Unix()),
		"contexts": map[string]any{"trace": map[string]any{"trace_id": "0af7651916cd43dd8448eb211c80319c", "span_id": "b7ad6b7169203331", "op": "http.server", "data": map[string]any{"mail": mark("sentry-tx-data")}}},
		"spans": []any{map[string]any{"span_id": "b7ad6b7169203332", "trace_id": "0af7651916cd43dd8448eb211c80319c", "parent_span_id": "b7ad6b7169203331", "op": "db",
			"description": "SELECT * FROM u WHERE mail='" + mark("sentry-span") + "'", "start_timestamp": float64(time.Now().Unix()), "timestamp": float64(time.Now().Unix()), "data": map[string]any{"mail": mark("sentry-span-data")}}},
		"user": user, "breadcrumbs": map[string]any{"values": []any{map[string]any{"message": mark("sentry-tx-crumb")}}},
	}
	log := map[string]any{"items": []any{map[string]any{"timestamp": float64(time.Now().Unix()), "trace_id": "0af7651916cd43dd8448eb211c80319c", "level": "error", "body": "log of " + mark("sentry-log"),
		"attributes": map[string]any{"who": map[string]any{"value": mark("sentry-log-attr"), "type": "string"}}}}}
	var body bytes.Buffer
	item := func(header map[string]any, payload any) {
		text, ok := payload.([]byte)
		if !ok {
			var err error
			text, err = json.Marshal(payload)
			require.NoError(t, err)
		}
		header["length"] = len(text)
		head, err := json.Marshal(header)
		require.NoError(t, err)
		fmt.Fprintf(&body, "%s\n%s\n", head, text)
	}
	fmt.Fprintln(&body, `{"event_id":"9ec79c33ec9942ab8353589fcb2e04dc","trace":{"user_id":"`+mark("sentry-dsc")+`"}}`)
	item(map[string]any{"type": "event"}, event)
	item(map[string]any{"type": "transaction"}, transaction)
	item(map[string]any{"type": "log", "item_count": 1, "content_type": "application/vnd.sentry.items.log+json"}, log)
	item(map[string]any{"type": "attachment", "filename": mark("sentry-attachment") + ".txt", "content_type": "text/plain"}, []byte("attached "+mark("sentry-attached")))
	item(map[string]any{"type": "feedback"}, map[string]any{"contexts": map[string]any{"feedback": map[string]any{"message": "help " + mark("sentry-feedback"), "contact_email": mark("sentry-contact"), "name": "x"}}})
	item(map[string]any{"type": "user_report"}, map[string]any{"event_id": "9ec79c33ec9942ab8353589fcb2e04dc", "email": mark("sentry-report"), "name": "x", "comments": mark("sentry-comments")})
	item(map[string]any{"type": "check_in"}, map[string]any{"check_in_id": "9ec79c33ec9942ab8353589fcb2e04dd", "monitor_slug": mark("sentry-monitor"), "status": "error"})
	item(map[string]any{"type": "session"}, map[string]any{"sid": "7c7b6585-f901-4351-bf8d-02711b721929", "did": mark("sentry-did"), "init": true, "started": "2026-11-22T10:00:00Z", "timestamp": "2026-11-22T10:00:00Z", "status": "exited",
		"attrs": map[string]any{"release": "r-" + mark("sentry-release"), "ip_address": others[6], "user_agent": mark("sentry-agent")}})
	request, err := http.NewRequest(http.MethodPost, "http://"+in.sentry+"/api/1/envelope/", &body)
	require.NoError(t, err)
	request.Header.Set("X-Sentry-Auth", "Sentry sentry_version=7, sentry_key=public, sentry_client=test/1")
	do(t, request)
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
