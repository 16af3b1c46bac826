package target

import (
	"net/http"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
)

func serveGitHub(f *fake, w http.ResponseWriter, r *http.Request, body []byte) {
	assert.Equal(f.t, "Bearer "+secret, r.Header.Get("Authorization"))
	assert.Equal(f.t, "application/vnd.github+json", r.Header.Get("Accept"))
	assert.Equal(f.t, "2022-11-28", r.Header.Get("X-GitHub-Api-Version"))
	assert.NotEmpty(f.t, r.Header.Get("User-Agent"))
	path, found := strings.CutPrefix(r.URL.Path, "/repos/acme/shop/issues")
	if !found {
		reply(w, 404, map[string]string{"message": "Not Found"})
		return
	}
	show := func(t *ticket) map[string]any {
		n, _ := strconv.Atoi(t.ID)
		state := "open"
		if t.Closed {
			state = "closed"
		}
		return map[string]any{"number": n, "state": state, "html_url": f.URL + "/acme/shop/issues/" + t.ID}
	}
	var in struct {
		Title, Body, State string
		Reason             string `json:"state_reason"`
		Labels             []string
	}
	if len(body) > 0 {
		f.decode(body, &in)
	}
	if path == "" {
		if r.Method == http.MethodGet {
			assert.Equal(f.t, "all", r.URL.Query().Get("state"))
			list := []any{}
			for _, t := range f.tickets {
				if "otel-fp-"+t.Key == r.URL.Query().Get("labels") {
					list = append(list, show(t))
				}
			}
			reply(w, 200, list)
			return
		}
		for _, l := range in.Labels {
			assert.LessOrEqual(f.t, utf8.RuneCountInString(l), 50)
		}
		assert.LessOrEqual(f.t, utf8.RuneCountInString(in.Title), 256)
		assert.LessOrEqual(f.t, utf8.RuneCountInString(in.Body), 65536)
		reply(w, 201, show(f.add(ticket{Key: label(in.Labels), Title: in.Title, Body: in.Body})))
		return
	}
	parts := strings.Split(path, "/")
	t := f.byID(parts[1])
	switch {
	case t == nil:
		reply(w, 404, map[string]string{"message": "Not Found"})
	case len(parts) == 3 && parts[2] == "comments" && r.Method == http.MethodPost:
		t.Notes = append(t.Notes, in.Body)
		reply(w, 201, map[string]any{"id": 1})
	case len(parts) == 2 && r.Method == http.MethodPatch:
		assert.Equal(f.t, map[string]string{"closed": "completed", "open": "reopened"}[in.State], in.Reason)
		t.Closed = in.State == "closed"
		reply(w, 200, show(t))
	default:
		f.t.Errorf("unexpected %s %s", r.Method, path)
	}
}

var _ = register(subject{
	name: "github", serve: serveGitHub, wait: 20e9,
	limited: func(w http.ResponseWriter, r *http.Request, serve func(http.ResponseWriter, *http.Request)) {
		answer(403, map[string]string{"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": strconv.FormatInt(time.Now().Add(20*time.Second).Unix(), 10)}, `{"message":"API rate limit exceeded"}`)(w, r, serve)
	},
	make: func(url string) maker {
		c := DefaultGitHub()
		c.Repository, c.Token, c.APIURL, c.Labels = "acme/shop", secret, url, []string{"bug"}
		return &c
	},
})
