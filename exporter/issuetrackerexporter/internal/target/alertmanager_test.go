package target

import (
	"net/http"
	"regexp"
	"time"

	"github.com/stretchr/testify/assert"
)

// serveAlertmanager knows alerts by all of their labels.
func serveAlertmanager(f *fake, w http.ResponseWriter, r *http.Request, body []byte) {
	assert.Equal(f.t, "/api/v2/alerts", r.URL.Path)
	var list []alert
	f.decode(body, &list)
	valid := regexp.MustCompile(`^[a-zA-Z_][a-zA-Z0-9_]*$`)
	for _, a := range list {
		if len(a.Labels) == 0 {
			reply(w, 400, "at least one label pair required")
			return
		}
		key := a.Labels["issue_id"]
		for k, v := range a.Labels {
			if !valid.MatchString(k) || v == "" {
				reply(w, 400, "invalid name "+k)
				return
			}
		}
		t := f.byID(key)
		if t == nil {
			f.tickets = append(f.tickets, &ticket{ID: key, Key: keyOf(key)})
			t = f.byID(key)
		}
		t.Opens++
		t.Title, t.Body, t.Closed = a.Annotations["summary"], a.Annotations["description"], a.EndsAt.Before(time.Now())
	}
	w.WriteHeader(http.StatusOK)
}

var _ = register(subject{
	name: "alertmanager", serve: serveAlertmanager, noNotes: true, noSecret: true,
	make: func(url string) maker {
		c := DefaultAlertmanager()
		c.URL = url
		return &c
	},
})
