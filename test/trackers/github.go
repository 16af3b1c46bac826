package trackers

import (
	"net/http"
	"strconv"
	"strings"
)

// gitHub has the issues of acme/shop.
func gitHub(q *request) {
	h := q.r.Header
	q.want(h.Get("Accept") == "application/vnd.github+json", "Accept is %q", h.Get("Accept"))
	q.want(h.Get("X-GitHub-Api-Version") == "2022-11-28", "X-GitHub-Api-Version is %q", h.Get("X-GitHub-Api-Version"))
	if q.deny(h.Get("Authorization") == "Bearer "+Secret, http.StatusUnauthorized, map[string]string{"message": "Bad credentials"}) {
		return
	}
	path, ok := strings.CutPrefix(q.r.URL.Path, "/repos/acme/shop/issues")
	parts := strings.Split(path, "/")
	switch {
	case !ok:
	case path == "" && q.r.Method == http.MethodGet:
		v := q.r.URL.Query()
		q.want(v.Get("state") == "all", "closed issues are not asked for")
		q.want(v.Get("labels") != "", "no label is asked for")
		if q.refused() {
			return
		}
		list := []any{}
		for _, t := range q.visible(v.Get("labels")) {
			list = append(list, gitHubIssue(t))
		}
		q.reply(http.StatusOK, list)
	case path == "" && q.r.Method == http.MethodPost:
		var in struct {
			Title, Body       string
			Labels, Assignees []string
		}
		q.decode(&in)
		for _, l := range in.Labels {
			q.atMost(50, "label", l, runes)
		}
		q.want(in.Title != "", "no title")
		q.atMost(256, "title", in.Title, runes)
		q.atMost(65536, "body", in.Body, runes)
		if !q.refused() {
			q.reply(http.StatusCreated, gitHubIssue(q.add(Ticket{Key: label(in.Labels), Title: in.Title, Body: in.Body})))
		}
	case q.byID(parts[1]) == nil:
		q.reply(http.StatusNotFound, map[string]string{"message": "Not Found"})
	case len(parts) == 3 && parts[2] == "comments" && q.r.Method == http.MethodPost:
		var in struct{ Body string }
		q.decode(&in)
		q.want(in.Body != "", "no body")
		q.atMost(65536, "body", in.Body, runes)
		if !q.refused() {
			t := q.byID(parts[1])
			t.Notes = append(t.Notes, in.Body)
			q.reply(http.StatusCreated, map[string]any{"id": 1})
		}
	case len(parts) == 2 && q.r.Method == http.MethodPatch:
		var in struct {
			State  string
			Reason string `json:"state_reason"`
		}
		q.decode(&in)
		q.want(in.Reason == map[string]string{"closed": "completed", "open": "reopened"}[in.State], "state %q, reason %q", in.State, in.Reason)
		if !q.refused() {
			t := q.byID(parts[1])
			t.Closed = in.State == "closed"
			q.reply(http.StatusOK, gitHubIssue(t))
		}
	}
}

func gitHubIssue(t *Ticket) map[string]any {
	n, _ := strconv.Atoi(t.ID)
	state := "open"
	if t.Closed {
		state = "closed"
	}
	return map[string]any{"number": n, "state": state, "html_url": "https://github.com/acme/shop/issues/" + t.ID}
}
