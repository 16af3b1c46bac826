package trackers

import (
	"net/http"
	"strconv"
	"strings"
)

// clickUp is the list 901 (https://developer.clickup.com/reference/createtask).
func clickUp(q *request) {
	if q.deny(q.r.Header.Get("Authorization") == Secret, http.StatusUnauthorized, map[string]string{"err": "Token invalid", "ECODE": "OAUTH_025"}) {
		return
	}
	path, ok := strings.CutPrefix(q.r.URL.Path, "/api/v2/")
	parts := strings.Split(path, "/")
	switch {
	case !ok:
	case path == "list/901/task" && q.r.Method == http.MethodGet:
		v := q.r.URL.Query()
		q.want(v.Get("include_closed") == "true" && v.Get("tags[]") != "", "asks for %s", q.r.URL.RawQuery)
		list := []any{}
		for _, t := range q.visible(v.Get("tags[]")) {
			list = append(list, clickUpTask(t))
		}
		q.reply(http.StatusOK, map[string]any{"tasks": list})
	case path == "list/901/task" && q.r.Method == http.MethodPost:
		var in struct {
			Name, Status string
			Content      string `json:"markdown_content"`
			Tags         []string
			Priority     int
			NotifyAll    bool `json:"notify_all"`
		}
		q.decode(&in)
		q.want(in.Name != "" && in.Priority >= 1 && in.Priority <= 4, "name %q, priority %d", in.Name, in.Priority)
		if !q.refused() {
			q.reply(http.StatusOK, clickUpTask(q.add(Ticket{Key: label(in.Tags), Title: in.Name, Body: in.Content, Priority: strconv.Itoa(in.Priority)})))
		}
	case parts[0] == "task" && len(parts) > 1 && q.byID(parts[1]) == nil:
		q.reply(http.StatusNotFound, map[string]string{"err": "Task not found"})
	case parts[0] == "task" && len(parts) == 3 && parts[2] == "comment" && q.r.Method == http.MethodPost:
		var in struct {
			Text      string `json:"comment_text"`
			NotifyAll *bool  `json:"notify_all"`
		}
		q.decode(&in)
		q.want(in.Text != "" && in.NotifyAll != nil, "comment_text and notify_all are required")
		if !q.refused() {
			t := q.byID(parts[1])
			t.Notes = append(t.Notes, in.Text)
			q.reply(http.StatusOK, map[string]any{"id": 1})
		}
	case parts[0] == "task" && len(parts) == 2 && q.r.Method == http.MethodPut:
		var in struct {
			Status   string
			Priority int
		}
		q.decode(&in)
		q.oneOf("status", in.Status, "", "to do", "complete")
		if q.refused() {
			return
		}
		t := q.byID(parts[1])
		if in.Priority != 0 {
			t.Priority = strconv.Itoa(in.Priority)
		}
		if in.Status != "" {
			t.Closed = in.Status == "complete"
		}
		q.reply(http.StatusOK, clickUpTask(t))
	}
}

func clickUpTask(t *Ticket) map[string]any {
	status := map[string]string{"status": "to do", "type": "open"}
	if t.Closed {
		status = map[string]string{"status": "complete", "type": "closed"}
	}
	return map[string]any{"id": t.ID, "url": "https://app.clickup.com/t/" + t.ID, "status": status}
}
