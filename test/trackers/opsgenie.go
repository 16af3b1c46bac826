package trackers

import (
	"net/http"
	"strings"
)

// opsgenie has the alerts of Opsgenie or of JSM Operations (https://docs.opsgenie.com/docs/alert-api). It is
// asynchronous: what comes of a request does not show in its answer. One alert of an alias is open at a time.
func opsgenie(q *request, base string) {
	if q.deny(q.r.Header.Get("Authorization") == "GenieKey "+Secret, http.StatusUnauthorized, map[string]string{"message": "Could not authenticate"}) {
		return
	}
	path, ok := strings.CutPrefix(q.r.URL.Path, base+"/v2/alerts")
	if !ok {
		return
	}
	var in struct {
		Message, Alias, Description, Entity, Source, Priority, Note string
		Details                                                     map[string]string
		Tags                                                        []string
		Responders                                                  []struct{ Type, Name string }
	}
	q.decode(&in)
	q.atMost(25000, "note", in.Note, runes)
	q.atMost(100, "source", in.Source, runes)
	parts := strings.Split(path, "/")
	switch {
	case path == "" && q.r.Method == http.MethodPost:
		q.opsgenieFields(in.Message, in.Alias, in.Description, in.Entity, in.Tags, in.Details)
		q.oneOf("priority", in.Priority, "P1", "P2", "P3", "P4", "P5")
		if q.refused() {
			return
		}
		t := q.openAlias(in.Alias)
		if t == nil {
			q.add(Ticket{Key: in.Alias, Title: in.Message, Body: in.Description, Priority: in.Priority})
		} else {
			t.Opens++
		}
	case len(parts) == 3:
		q.want(q.r.URL.Query().Get("identifierType") == "alias", "identifierType is %q", q.r.URL.Query().Get("identifierType"))
		what := q.r.Method + " " + parts[2]
		q.oneOf("method", what, "POST notes", "POST close", "PUT priority")
		if q.refused() {
			return
		}
		t := q.openAlias(parts[1])
		switch {
		case t == nil: // nothing comes of it
		case what == "POST notes":
			t.Notes = append(t.Notes, in.Note)
		case what == "POST close":
			t.Closed = true
		default:
			t.Priority = in.Priority
		}
	default:
		return
	}
	q.reply(http.StatusAccepted, map[string]any{"result": "Request will be processed", "took": 0.1, "requestId": "x"})
}

func (q *request) openAlias(alias string) *Ticket {
	return q.find(func(t *Ticket) bool { return t.Key == alias && !t.Closed })
}

func (q *request) opsgenieFields(message, alias, description, entity string, tags []string, details map[string]string) {
	q.want(message != "" && alias != "", "no message or alias")
	q.atMost(130, "message", message, runes)
	q.atMost(512, "alias", alias, runes)
	q.atMost(15000, "description", description, runes)
	q.atMost(512, "entity", entity, runes)
	q.want(len(tags) <= 20, "%d tags", len(tags))
	for _, t := range tags {
		q.atMost(50, "tag", t, runes)
	}
	sum := 0
	for k, v := range details {
		sum += runes(k) + runes(v)
	}
	q.want(sum <= 8000, "details have %d characters", sum)
}
