package trackers

import (
	"encoding/json"
	"net/http"
	"regexp"
	"time"
)

var alertLabel = regexp.MustCompile(`^[a-zA-Z_][a-zA-Z0-9_]*$`)

// alertmanager is POST /api/v2/alerts (https://prometheus.io/docs/alerting/latest/alerts_api). All labels together are an
// alert's identity. Valid alerts of a list are stored although others make the answer 400.
func alertmanager(q *request) {
	if q.r.URL.Path != "/api/v2/alerts" || q.r.Method != http.MethodPost {
		return
	}
	var list []struct {
		Labels, Annotations map[string]string
		StartsAt, EndsAt    time.Time
		GeneratorURL        string
	}
	q.decode(&list)
	for _, a := range list {
		valid := len(a.Labels) > 0
		q.want(valid, "at least one label pair required")
		for k, v := range a.Labels {
			ok := alertLabel.MatchString(k) && v != ""
			q.want(ok, "invalid name %q, or its value %q", k, v)
			valid = valid && ok
		}
		ordered := !a.EndsAt.Before(a.StartsAt)
		q.want(ordered, "start time must be before end time")
		if !valid || !ordered {
			continue
		}
		identity, _ := json.Marshal(a.Labels) // sorted by name
		t := q.byID(string(identity))
		if t == nil {
			t = q.add(Ticket{Key: a.Labels["issue_id"]})
			t.ID = string(identity)
		} else {
			t.Opens++
		}
		t.Title, t.Body, t.State = a.Annotations["summary"], a.Annotations["description"], a.Annotations["state"]
		t.Closed = !a.EndsAt.IsZero() && a.EndsAt.Before(time.Now())
	}
	if !q.refused() {
		q.reply(http.StatusOK, nil)
	}
}
