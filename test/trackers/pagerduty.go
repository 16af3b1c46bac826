package trackers

import (
	"net/http"
	"time"
)

// pagerDuty is Events API v2 (https://developer.pagerduty.com/docs/events-api-v2/trigger-events). An incident that is
// resolved stays so: the next trigger makes a new one, with the same key.
func pagerDuty(q *request) {
	if q.r.URL.Path != "/v2/enqueue" || q.r.Method != http.MethodPost {
		return
	}
	q.want(len(q.body) <= 512<<10, "%d bytes", len(q.body))
	var e struct {
		RoutingKey string `json:"routing_key"`
		Action     string `json:"event_action"`
		DedupKey   string `json:"dedup_key"`
		Payload    *struct {
			Summary, Source, Severity, Timestamp, Component, Group, Class string
			Details                                                       map[string]any `json:"custom_details"`
		}
		Links     []struct{ Href, Text string }
		Client    string
		ClientURL string `json:"client_url"`
	}
	q.decode(&e)
	if q.deny(e.RoutingKey == RoutingKey, http.StatusBadRequest, map[string]any{
		"status": "invalid event", "message": "Event object is invalid", "errors": []string{"'routing_key' is invalid"},
	}) {
		return
	}
	q.want(e.DedupKey != "", "no dedup_key")
	q.atMost(255, "dedup_key", e.DedupKey, runes)
	q.oneOf("event_action", e.Action, "trigger", "acknowledge", "resolve")
	q.want((e.Payload != nil) == (e.Action == "trigger"), "%s and payload", e.Action)
	if p := e.Payload; p != nil {
		q.want(p.Summary != "" && p.Source != "", "no summary or source")
		q.atMost(1024, "summary", p.Summary, runes)
		q.oneOf("severity", p.Severity, "critical", "error", "warning", "info")
		_, err := time.Parse(time.RFC3339, p.Timestamp)
		q.want(p.Timestamp == "" || err == nil, "timestamp %q", p.Timestamp)
	}
	if q.refused() {
		return
	}
	t := q.find(func(t *Ticket) bool { return t.Key == e.DedupKey && !t.Closed })
	switch {
	case e.Action == "trigger" && t == nil:
		t = q.add(Ticket{Key: e.DedupKey})
		fallthrough
	case e.Action == "trigger":
		t.Title, t.Priority, t.State = e.Payload.Summary, e.Payload.Severity, stringOf(e.Payload.Details["state"])
		t.Edits++
	case e.Action == "resolve" && t != nil:
		t.Closed = true
	}
	q.reply(http.StatusAccepted, map[string]string{"status": "success", "message": "Event processed", "dedup_key": e.DedupKey})
}
