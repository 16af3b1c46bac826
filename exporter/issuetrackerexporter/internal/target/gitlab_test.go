package target

import (
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/config/configopaque"
)

func serveGitLab(f *fake, w http.ResponseWriter, r *http.Request, body []byte) {
	assert.Equal(f.t, secret, r.Header.Get("PRIVATE-TOKEN"))
	path, found := strings.CutPrefix(r.URL.EscapedPath(), "/api/v4/projects/acme%2Fshop/issues")
	if !found {
		reply(w, 404, map[string]string{"message": "404 Project Not Found"})
		return
	}
	show := func(t *ticket) map[string]any {
		n, _ := strconv.Atoi(t.ID)
		state := "opened"
		if t.Closed {
			state = "closed"
		}
		return map[string]any{"iid": n, "state": state, "web_url": f.URL}
	}
	var in struct {
		Title, Description, Labels, Body string
		StateEvent                       string `json:"state_event"`
	}
	if len(body) > 0 {
		f.decode(body, &in)
	}
	if path == "" {
		if r.Method == http.MethodGet {
			list := []any{}
			for _, t := range f.tickets {
				if "otel-fp-"+t.Key == r.URL.Query().Get("labels") {
					list = append(list, show(t))
				}
			}
			reply(w, 200, list)
			return
		}
		assert.LessOrEqual(f.t, utf8.RuneCountInString(in.Title), 255)
		assert.LessOrEqual(f.t, len(in.Description), 1048576)
		reply(w, 201, show(f.add(ticket{Key: label(strings.Split(in.Labels, ",")), Title: in.Title, Body: in.Description})))
		return
	}
	parts := strings.Split(path, "/")
	t := f.byID(parts[1])
	switch {
	case t == nil:
		reply(w, 404, map[string]string{"message": "404 Not Found"})
	case len(parts) == 3 && parts[2] == "notes" && r.Method == http.MethodPost:
		t.Notes = append(t.Notes, in.Body)
		reply(w, 201, map[string]any{"id": 1})
	case len(parts) == 2 && r.Method == http.MethodPut:
		assert.Contains(f.t, []string{"close", "reopen"}, in.StateEvent)
		t.Closed = in.StateEvent == "close"
		reply(w, 200, show(t))
	default:
		f.t.Errorf("unexpected %s %s", r.Method, path)
	}
}

var _ = register(subject{
	name: "gitlab issues", serve: serveGitLab,
	make: func(url string) maker {
		c := DefaultGitLab()
		c.URL, c.Project, c.Token, c.Labels = url, "acme/shop", secret, []string{"bug"}
		return &c
	},
})

func serveGitLabAlerts(f *fake, w http.ResponseWriter, r *http.Request, body []byte) {
	assert.Equal(f.t, "Bearer "+secret, r.Header.Get("Authorization"))
	var a gitlabAlertBody
	f.decode(body, &a)
	assert.NotEmpty(f.t, a.Title)
	assert.NotEmpty(f.t, a.Fingerprint)
	assert.Contains(f.t, []string{"critical", "high", "medium", "low", "info", "unknown"}, a.Severity)
	t := f.byKey(a.Fingerprint)
	if t == nil {
		t = f.add(ticket{Key: a.Fingerprint})
	}
	t.Title, t.Closed, t.Priority = a.Title, a.EndTime != "", a.Severity
	w.WriteHeader(http.StatusOK)
}

var _ = register(subject{
	name: "gitlab alerts", serve: serveGitLabAlerts, noNotes: true,
	make: func(url string) maker {
		c := DefaultGitLab()
		c.AlertURL, c.AlertKey = configopaque.String(url+"/acme/shop/alerts/notify/culprit/8a1b2c3d4e5f6a7b.json"), secret
		return &c
	},
})
