package trackers

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"
)

var trelloMark = regexp.MustCompile(`otel-fp-([0-9a-f]{32})`)

// trello is the list list1 of board1 (https://developer.atlassian.com/cloud/trello/rest). What has a longer query than
// servers take goes into the body as a form.
func trello(q *request) {
	auth := `OAuth oauth_consumer_key="` + TrelloKey + `", oauth_token="` + Secret + `"`
	if q.deny(q.r.Header.Get("Authorization") == auth, http.StatusUnauthorized, "invalid token") {
		return
	}
	v := q.r.URL.Query()
	q.want(len(q.r.URL.RawQuery) <= 8000, "a query of %d bytes", len(q.r.URL.RawQuery))
	q.want(!strings.Contains(q.r.URL.RawQuery, Secret), "the token is in the URL")
	if len(q.body) > 0 {
		form, err := url.ParseQuery(string(q.body))
		q.want(err == nil && q.r.Header.Get("Content-Type") == "application/x-www-form-urlencoded", "the body is no form: %v", err)
		for k := range form {
			v[k] = form[k]
		}
	}
	for _, k := range []string{"name", "desc", "text"} {
		q.atMost(16384, k, v.Get(k), units)
	}
	path, _ := strings.CutPrefix(q.r.URL.Path, "/1/")
	parts := strings.Split(path, "/")
	switch {
	case q.refused():
	case path == "lists/list1":
		q.reply(http.StatusOK, map[string]any{"id": "list1", "idBoard": "board1"})
	case path == "boards/board1/cards":
		list := []any{}
		for _, t := range q.tickets {
			if time.Since(t.Made) >= q.chaos.Lag && (!t.Closed || v.Get("filter") == "all") {
				list = append(list, trelloCard(t))
			}
		}
		q.reply(http.StatusOK, list)
	case path == "cards" && q.r.Method == http.MethodPost:
		key := trelloMark.FindStringSubmatch(v.Get("desc"))
		q.want(v.Get("idList") == "list1" && v.Get("name") != "" && key != nil, "list %q, name %q, mark %v", v.Get("idList"), v.Get("name"), key)
		if !q.refused() {
			q.reply(http.StatusOK, trelloCard(q.add(Ticket{Key: key[1], Title: v.Get("name"), Body: v.Get("desc")})))
		}
	case parts[0] == "cards" && len(parts) > 1:
		t := q.byID(parts[1])
		switch {
		case t == nil:
			q.reply(http.StatusNotFound, "The requested resource was not found.")
			return
		case len(parts) == 4 && parts[2] == "actions" && parts[3] == "comments" && q.r.Method == http.MethodPost:
			q.want(v.Get("text") != "", "no text")
			t.Notes = append(t.Notes, v.Get("text"))
		case len(parts) == 2 && q.r.Method == http.MethodPut:
			q.oneOf("closed", v.Get("closed"), "true", "false")
			t.Closed = v.Get("closed") == "true"
		default:
			return
		}
		if !q.refused() {
			q.reply(http.StatusOK, trelloCard(t))
		}
	}
}

func trelloCard(t *Ticket) map[string]any {
	return map[string]any{"id": t.ID, "shortUrl": "https://trello.com/c/" + t.ID, "desc": t.Body, "closed": t.Closed, "idList": "list1"}
}
