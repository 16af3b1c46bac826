package trackers

import (
	"net/http"
	"strconv"
	"strings"
)

// rollbarTrace is a stack trace with its exception.
type rollbarTrace struct {
	Frames []struct {
		Filename, Method, Code string
		Lineno, Colno          int
	}
	Exception struct{ Class, Message string }
}

// rollbar takes occurrences, lists items and changes them (https://docs.rollbar.com/reference). An occurrence with a
// known uuid counts once; one of a resolved item opens it again.
func rollbar(q *request) {
	token := q.r.Header.Get("X-Rollbar-Access-Token")
	wanted := Secret
	if q.r.URL.Path != "/api/1/item/" {
		wanted = WriteSecret
	}
	if q.deny(token == wanted, http.StatusUnauthorized, map[string]any{"err": 1, "message": "invalid access token"}) {
		return
	}
	id, single := strings.CutPrefix(q.r.URL.Path, "/api/1/item/")
	switch {
	case q.r.URL.Path == "/api/1/items/" && q.r.Method == http.MethodGet:
		items := []any{}
		for _, t := range q.tickets {
			if !t.Closed && q.r.URL.Query().Get("page") == "1" {
				n, _ := strconv.Atoi(t.ID)
				items = append(items, map[string]any{"id": n, "hash": t.Key, "status": "active"})
			}
		}
		q.reply(http.StatusOK, map[string]any{"err": 0, "result": map[string]any{"items": items}})
	case single && q.r.Method == http.MethodPatch:
		var in struct{ Status string }
		q.decode(&in)
		q.oneOf("status", in.Status, "resolved")
		t := q.byID(id)
		if t == nil {
			q.reply(http.StatusNotFound, map[string]any{"err": 1, "message": "item not found"})
			return
		}
		if !q.refused() {
			t.Closed = true
			q.reply(http.StatusOK, map[string]any{"err": 0})
		}
	case single && id == "" && q.r.Method == http.MethodPost:
		q.rollbarOccurrence()
	}
}

func (q *request) rollbarOccurrence() {
	var in struct {
		Data struct {
			Environment, Level, Platform, Language, Framework, Context, Fingerprint, Title, UUID string
			CodeVersion                                                                          string `json:"code_version"`
			Timestamp                                                                            int64
			Body                                                                                 struct {
				Trace      *rollbarTrace
				TraceChain []rollbarTrace `json:"trace_chain"`
				Message    *struct{ Body string }
			}
			Request                map[string]any
			Person, Server, Custom map[string]any
			Notifier               map[string]string
		}
	}
	q.decode(&in)
	d := &in.Data
	q.want(d.Environment != "" && len(d.UUID) == 36 && d.Timestamp > 0, "environment %q, uuid %q, timestamp %d", d.Environment, d.UUID, d.Timestamp)
	q.want(d.Person == nil || d.Person["id"] != nil, "a person without id")
	q.atMost(40, "fingerprint", d.Fingerprint, bytes)
	q.atMost(255, "title", d.Title, runes)
	q.oneOf("level", d.Level, "critical", "error", "warning", "info", "debug")
	bodies := 0
	for _, is := range []bool{d.Body.Trace != nil, d.Body.TraceChain != nil, d.Body.Message != nil} {
		if is {
			bodies++
		}
	}
	q.want(bodies == 1, "%d bodies", bodies)
	chain := d.Body.TraceChain
	if d.Body.Trace != nil {
		chain = append(chain, *d.Body.Trace)
	}
	for _, t := range chain {
		q.want(t.Exception.Class != "" && len(t.Frames) > 0, "a trace without class or frames")
		for _, f := range t.Frames {
			q.want(f.Filename != "", "a frame without filename")
		}
	}
	if q.refused() {
		return
	}
	t := q.byKey(d.Fingerprint)
	if t == nil {
		t = q.add(Ticket{Key: d.Fingerprint})
	} else if t.State != d.UUID {
		t.Opens++
	}
	t.Title, t.Closed, t.Priority, t.State = d.Title, false, d.Level, d.UUID
	q.reply(http.StatusOK, map[string]any{"err": 0, "result": map[string]string{"uuid": d.UUID}})
}
