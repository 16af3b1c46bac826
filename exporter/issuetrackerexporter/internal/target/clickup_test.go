package target

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/stretchr/testify/assert"
)

func serveClickUp(f *fake, w http.ResponseWriter, r *http.Request, body []byte) {
	assert.Equal(f.t, secret, r.Header.Get("Authorization"))
	var in struct {
		Name     string
		Content  string `json:"markdown_content"`
		Tags     []string
		Status   string
		Priority int
		Comment  string `json:"comment_text"`
	}
	if len(body) > 0 {
		f.decode(body, &in)
	}
	show := func(t *ticket) map[string]any {
		status := map[string]string{"status": "to do", "type": "open"}
		if t.Closed {
			status = map[string]string{"status": "complete", "type": "closed"}
		}
		return map[string]any{"id": t.ID, "url": "https://app.clickup.com/t/" + t.ID, "status": status}
	}
	if r.URL.Path == "/api/v2/list/901/task" {
		if r.Method == http.MethodGet {
			assert.Equal(f.t, "true", r.URL.Query().Get("include_closed"))
			list := []any{}
			for _, t := range f.tickets {
				if "otel-fp-"+t.Key == r.URL.Query().Get("tags[]") {
					list = append(list, show(t))
				}
			}
			reply(w, 200, map[string]any{"tasks": list})
			return
		}
		assert.NotEmpty(f.t, in.Name)
		assert.Contains(f.t, []int{1, 2, 3, 4}, in.Priority)
		reply(w, 200, show(f.add(ticket{Key: label(in.Tags), Title: in.Name, Body: in.Content, Priority: strconv.Itoa(in.Priority)})))
		return
	}
	parts := strings.Split(strings.TrimPrefix(r.URL.Path, "/api/v2/task/"), "/")
	t := f.byID(parts[0])
	switch {
	case t == nil:
		reply(w, 404, map[string]string{"err": "Task not found"})
		return
	case len(parts) == 2 && parts[1] == "comment" && r.Method == http.MethodPost:
		t.Notes = append(t.Notes, in.Comment)
	case len(parts) == 1 && r.Method == http.MethodPut:
		if in.Priority != 0 {
			t.Priority = strconv.Itoa(in.Priority)
		}
		if in.Status != "" {
			t.Closed = in.Status == "complete"
		}
	default:
		f.t.Errorf("unexpected %s %s", r.Method, r.URL.Path)
	}
	reply(w, 200, show(t))
}

var _ = register(subject{
	name: "clickup", serve: serveClickUp, wait: 25e9,
	limited: func(w http.ResponseWriter, r *http.Request, serve func(http.ResponseWriter, *http.Request)) {
		answer(429, map[string]string{"X-RateLimit-Reset": strconv.FormatInt(time.Now().Add(25*time.Second).Unix(), 10)}, "")(w, r, serve)
	},
	make: func(url string) maker {
		c := DefaultClickUp()
		c.Token, c.List, c.URL = secret, "901", url
		return &c
	},
})
