package target

import (
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"unicode/utf16"

	"github.com/stretchr/testify/assert"
)

func serveTrello(f *fake, w http.ResponseWriter, r *http.Request, body []byte) {
	assert.Equal(f.t, `OAuth oauth_consumer_key="trellokey", oauth_token="`+secret+`"`, r.Header.Get("Authorization"))
	assert.LessOrEqual(f.t, len(r.URL.RawQuery), 8000, "servers refuse longer ones")
	v := r.URL.Query()
	if len(body) > 0 {
		assert.Equal(f.t, "application/x-www-form-urlencoded", r.Header.Get("Content-Type"))
		form, err := url.ParseQuery(string(body))
		assert.NoError(f.t, err)
		for k := range form {
			v[k] = form[k]
		}
	}
	for _, k := range []string{"name", "desc", "text"} {
		assert.LessOrEqual(f.t, len(utf16.Encode([]rune(v.Get(k)))), 16384)
	}
	show := func(t *ticket) map[string]any {
		return map[string]any{"id": t.ID, "shortUrl": "https://trello.com/c/" + t.ID, "desc": t.Body, "closed": t.Closed, "idList": "list1"}
	}
	key := func(s string) string {
		m := regexp.MustCompile(`otel-fp-([0-9a-f]{32})`).FindStringSubmatch(s)
		if m == nil {
			return ""
		}
		return m[1]
	}
	switch {
	case r.URL.Path == "/1/lists/list1":
		reply(w, 200, map[string]any{"id": "list1", "idBoard": "board1"})
		return
	case r.URL.Path == "/1/boards/board1/cards":
		list := []any{}
		for _, t := range f.tickets {
			list = append(list, show(t))
		}
		reply(w, 200, list)
		return
	case r.URL.Path == "/1/cards" && r.Method == http.MethodPost:
		assert.Equal(f.t, "list1", v.Get("idList"))
		reply(w, 200, show(f.add(ticket{Key: key(v.Get("desc")), Title: v.Get("name"), Body: v.Get("desc")})))
		return
	}
	parts := strings.Split(strings.TrimPrefix(r.URL.Path, "/1/cards/"), "/")
	t := f.byID(parts[0])
	switch {
	case t == nil:
		reply(w, 404, nil)
		return
	case strings.HasSuffix(r.URL.Path, "/actions/comments") && r.Method == http.MethodPost:
		t.Notes = append(t.Notes, v.Get("text"))
	case len(parts) == 1 && r.Method == http.MethodPut:
		t.Closed = v.Get("closed") == "true"
	default:
		f.t.Errorf("unexpected %s %s", r.Method, r.URL.Path)
	}
	reply(w, 200, show(t))
}

var _ = register(subject{
	name: "trello", serve: serveTrello, wait: 10e9,
	limited: answer(429, nil, `{"error":"API_TOKEN_LIMIT_EXCEEDED"}`),
	make: func(url string) maker {
		c := DefaultTrello()
		c.Key, c.Token, c.List, c.URL = "trellokey", secret, "list1", url
		return &c
	},
})
