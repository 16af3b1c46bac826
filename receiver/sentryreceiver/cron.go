package sentryreceiver

import (
	"encoding/json"
	"net/http"
	"net/url"
	"strings"

	"github.com/otel-culprit/culprit/internal/sentryproto"
)

// cron handles a check-in by URL, /api/{project}/cron/{slug}[/{key}], which jobs send with curl. The
// body may hold the monitor's configuration.
func (q *request) cron(argument string) {
	slug, key, _ := strings.Cut(argument, "/")
	if !q.credentials(key) || q.auth.key == "" && !q.allowed() {
		return
	}
	query := q.r.URL.Query()
	status := query.Get("status")
	if slug == "" || status == "" {
		q.refuse(requestMalformed, http.StatusBadRequest, "invalid query parameter", "'status' is missing: write ?status=ok, in_progress or error")
		return
	}
	body, release, ok := q.body()
	if !ok {
		return
	}
	defer release()
	payload, err := checkInJSON(slug, query, body)
	if err != nil {
		q.refuse(requestMalformed, http.StatusBadRequest, "invalid JSON data")
		return
	}
	c := q.conversion()
	defer c.done()
	c.item(&sentryproto.Item{Type: sentryproto.ItemCheckIn, Payload: payload}, "")
	q.deliver(c, "{}", func() []byte { return wrap(sentryproto.ItemCheckIn, "", payload) })
}

// checkInJSON makes the item out of what URL and body say.
func checkInJSON(slug string, query url.Values, body []byte) ([]byte, error) {
	item := map[string]any{"monitor_slug": slug, "status": query.Get("status")}
	if len(body) > 0 {
		var extra struct {
			Config   json.RawMessage `json:"monitor_config"`
			Duration json.RawMessage `json:"duration"`
		}
		if err := json.Unmarshal(body, &extra); err != nil {
			return nil, err
		}
		if extra.Config != nil {
			item["monitor_config"] = extra.Config
		}
		if extra.Duration != nil {
			item["duration"] = extra.Duration
		}
	}
	for _, key := range [...]string{"check_in_id", "environment", "duration"} {
		if v := query.Get(key); v != "" {
			item[key] = v
		}
	}
	return json.Marshal(item)
}
