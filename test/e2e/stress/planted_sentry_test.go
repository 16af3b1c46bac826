package stress

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

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
		"event_id": "aec79c33ec9942ab8353589fcb2e04dc", "type": "transaction", "transaction": "arrived-sentry-transaction " + mark("sentry-tx"), "start_timestamp": float64(time.Now().Unix()), "timestamp": float64(time.Now().Unix()),
		"contexts": map[string]any{"trace": map[string]any{"trace_id": "0af7651916cd43dd8448eb211c80319c", "span_id": "b7ad6b7169203331", "op": "http.server", "data": map[string]any{"mail": mark("sentry-tx-data")}}},
		"spans": []any{map[string]any{"span_id": "b7ad6b7169203332", "trace_id": "0af7651916cd43dd8448eb211c80319c", "parent_span_id": "b7ad6b7169203331", "op": "db",
			"description": "SELECT * FROM u WHERE mail='" + mark("sentry-span") + "'", "start_timestamp": float64(time.Now().Unix()), "timestamp": float64(time.Now().Unix()), "data": map[string]any{"mail": mark("sentry-span-data")}}},
		"user": user, "breadcrumbs": map[string]any{"values": []any{map[string]any{"message": mark("sentry-tx-crumb")}}},
	}
	log := map[string]any{"items": []any{map[string]any{"timestamp": float64(time.Now().Unix()), "trace_id": "0af7651916cd43dd8448eb211c80319c", "level": "error", "body": "arrived-sentry-log of " + mark("sentry-log"),
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
	item(map[string]any{"type": "feedback"}, map[string]any{"contexts": map[string]any{"feedback": map[string]any{"message": "arrived-sentry-feedback " + mark("sentry-feedback"), "contact_email": mark("sentry-contact"), "name": "x"}}})
	item(map[string]any{"type": "user_report"}, map[string]any{"event_id": "9ec79c33ec9942ab8353589fcb2e04dc", "email": mark("sentry-report"), "name": "x", "comments": "arrived-sentry-report " + mark("sentry-comments")})
	item(map[string]any{"type": "check_in"}, map[string]any{"check_in_id": "9ec79c33ec9942ab8353589fcb2e04dd", "monitor_slug": "arrived-sentry-checkin " + mark("sentry-monitor"), "status": "error"})
	item(map[string]any{"type": "session"}, map[string]any{"sid": "7c7b6585-f901-4351-bf8d-02711b721929", "did": mark("sentry-did"), "init": true, "started": "2026-11-22T10:00:00Z", "timestamp": "2026-11-22T10:00:00Z", "status": "exited",
		"attrs": map[string]any{"release": "r-" + mark("sentry-release"), "ip_address": others[6], "user_agent": mark("sentry-agent")}})
	in.sendSentryCounts(t, item)
	request, err := http.NewRequest(http.MethodPost, "http://"+in.sentry+"/api/1/envelope/", &body)
	require.NoError(t, err)
	request.Header.Set("X-Sentry-Auth", "Sentry sentry_version=7, sentry_key=public, sentry_client="+mark("sentry-client"))
	request.Header.Set("User-Agent", mark("sentry-useragent"))
	do(t, request)

	event["event_id"], event["logger"] = "bec79c33ec9942ab8353589fcb2e04dc", "arrived-sentry-store"
	post(t, "http://"+in.sentry+"/api/1/store/?sentry_key=public", "application/json", event)
	post(t, "http://"+in.sentry+"/api/1/cron/arrived-sentry-cron%20"+mark("sentry-slug")+"/public?status=error&environment="+mark("sentry-environment"), "application/json", map[string]any{"duration": 1})
}

// sendSentryCounts adds the items that are neither events nor what a user wrote, and those that the receiver drops.
func (in inputs) sendSentryCounts(t *testing.T, item func(header map[string]any, payload any)) {
	t.Helper()
	now := float64(time.Now().Unix())
	value := func(place string) map[string]any { return map[string]any{"value": mark(place), "type": "string"} }
	attributes := func(place string) map[string]any {
		return map[string]any{"who": value(place), mark(place + "-key"): map[string]any{"value": "x", "type": "string"}, "password": map[string]any{"value": "leakypassword1", "type": "string"},
			"list": map[string]any{"value": []any{mark(place + "-list")}, "type": "array"}}
	}
	item(map[string]any{"type": "sessions"}, map[string]any{"aggregates": []any{map[string]any{"started": "2026-11-22T10:00:00Z", "did": mark("sentry-sessions-did"), "exited": 3}},
		"attrs": map[string]any{"release": "r-" + mark("sentry-sessions"), "environment": mark("sentry-sessions-env")}})
	item(map[string]any{"type": "trace_metric", "item_count": 1, "content_type": "application/vnd.sentry.items.trace-metric+json"}, map[string]any{"items": []any{map[string]any{
		"timestamp": now, "trace_id": "0af7651916cd43dd8448eb211c80319c", "name": "arrived_sentry_metric", "type": "counter", "value": 3, "unit": mark("sentry-unit"), "attributes": attributes("sentry-metric")}}})
	item(map[string]any{"type": "span", "item_count": 1, "content_type": "application/vnd.sentry.items.span.v2+json"}, map[string]any{"items": []any{map[string]any{
		"trace_id": "0af7651916cd43dd8448eb211c80319c", "span_id": "b7ad6b7169203333", "name": "arrived-sentry-span " + mark("sentry-span2"), "status": "error", "start_timestamp": now, "end_timestamp": now, "attributes": attributes("sentry-span2-attr"),
		"links": []any{map[string]any{"trace_id": "0af7651916cd43dd8448eb211c80319d", "span_id": "b7ad6b7169203334", "attributes": attributes("sentry-span2-link")}}}}})
	item(map[string]any{"type": "span"}, map[string]any{"trace_id": "0af7651916cd43dd8448eb211c80319c", "span_id": "b7ad6b7169203335", "op": "http", "description": "GET /" + mark("sentry-span1"),
		"start_timestamp": now, "timestamp": now, "data": map[string]any{"mail": mark("sentry-span1-data")}, "tags": map[string]any{"mail": mark("sentry-span1-tag")}})
	item(map[string]any{"type": "client_report"}, map[string]any{"timestamp": now, "discarded_events": []any{map[string]any{"reason": mark("sentry-reason"), "category": "error", "quantity": 2}}})
	for _, kind := range []string{"profile", "profile_chunk", "replay_event", "replay_recording", "replay_video", "statsd", "raw_security", "nel", "form_data", "unreal_report", "of-" + mark("sentry-kind")} {
		item(map[string]any{"type": kind}, map[string]any{"mail": mark("sentry-dropped")})
	}
}
