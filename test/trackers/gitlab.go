package trackers

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// gitLab has the issues of acme/shop.
func gitLab(q *request) {
	if q.deny(q.r.Header.Get("PRIVATE-TOKEN") == Secret, http.StatusUnauthorized, map[string]string{"message": "401 Unauthorized"}) {
		return
	}
	path, ok := strings.CutPrefix(q.r.URL.EscapedPath(), "/api/v4/projects/acme%2Fshop/issues")
	parts := strings.Split(path, "/")
	switch {
	case !ok:
	case path == "" && q.r.Method == http.MethodGet:
		v := q.r.URL.Query()
		q.want(v.Get("labels") != "" && v.Get("state") == "all", "asks for %s", q.r.URL.RawQuery)
		if q.refused() {
			return
		}
		list := []any{}
		for _, t := range q.visible(v.Get("labels")) {
			list = append(list, gitLabIssue(t))
		}
		q.reply(http.StatusOK, list)
	case path == "" && q.r.Method == http.MethodPost:
		var in struct {
			Title, Description, Labels string
			Confidential               bool
			Type                       string `json:"issue_type"`
		}
		q.decode(&in)
		q.want(in.Title != "", "no title")
		q.atMost(255, "title", in.Title, runes)
		q.atMost(1048576, "description", in.Description, runes)
		q.oneOf("issue_type", in.Type, "issue", "incident")
		if !q.refused() {
			q.reply(http.StatusCreated, gitLabIssue(q.add(Ticket{Key: label(strings.Split(in.Labels, ",")), Title: in.Title, Body: in.Description})))
		}
	case q.byID(parts[1]) == nil:
		q.reply(http.StatusNotFound, map[string]string{"message": "404 Not Found"})
	case len(parts) == 3 && parts[2] == "notes" && q.r.Method == http.MethodPost:
		var in struct{ Body string }
		q.decode(&in)
		q.want(in.Body != "", "no body")
		if !q.refused() {
			t := q.byID(parts[1])
			t.Notes = append(t.Notes, in.Body)
			q.reply(http.StatusCreated, map[string]any{"id": 1})
		}
	case len(parts) == 2 && q.r.Method == http.MethodPut:
		var in struct {
			Event string `json:"state_event"`
		}
		q.decode(&in)
		q.oneOf("state_event", in.Event, "close", "reopen")
		if !q.refused() {
			t := q.byID(parts[1])
			t.Closed = in.Event == "close"
			q.reply(http.StatusOK, gitLabIssue(t))
		}
	}
}

func gitLabIssue(t *Ticket) map[string]any {
	n, _ := strconv.Atoi(t.ID)
	state := "opened"
	if t.Closed {
		state = "closed"
	}
	return map[string]any{"iid": n, "state": state, "web_url": "https://gitlab.com/acme/shop/-/issues/" + t.ID}
}

// gitLabAlerts is an HTTP alert endpoint.
func gitLabAlerts(q *request) {
	if q.deny(q.r.Header.Get("Authorization") == "Bearer "+Secret, http.StatusUnauthorized, nil) {
		return
	}
	if !strings.HasPrefix(q.r.URL.Path, "/acme/shop/alerts/notify/") || q.r.Method != http.MethodPost {
		return
	}
	var in struct {
		Title, Description, Service, Severity, Fingerprint string
		Start                                              string `json:"start_time"`
		End                                                string `json:"end_time"`
		Tool                                               string `json:"monitoring_tool"`
		Environment                                        string `json:"gitlab_environment_name"`
		Hosts                                              []string
	}
	q.decode(&in)
	q.want(in.Title != "" && in.Fingerprint != "", "no title or fingerprint")
	q.atMost(200, "title", in.Title, runes)
	q.atMost(1000, "description", in.Description, runes)
	q.oneOf("severity", in.Severity, "critical", "high", "medium", "low", "info", "unknown")
	for _, at := range []string{in.Start, in.End} {
		_, err := time.Parse(time.RFC3339, at)
		q.want(at == "" || err == nil, "time %q", at)
	}
	if q.refused() {
		return
	}
	t := q.keyed(in.Fingerprint)
	t.Title, t.Body, t.Closed, t.Priority = in.Title, in.Description, in.End != "", in.Severity
	q.reply(http.StatusOK, []any{})
}
