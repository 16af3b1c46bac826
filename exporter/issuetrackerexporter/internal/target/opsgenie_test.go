package target

import (
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
)

func serveOpsgenie(base string) func(f *fake, w http.ResponseWriter, r *http.Request, body []byte) {
	return func(f *fake, w http.ResponseWriter, r *http.Request, body []byte) {
		assert.Equal(f.t, "GenieKey "+secret, r.Header.Get("Authorization"))
		path, found := strings.CutPrefix(r.URL.Path, base+"/v2/alerts")
		assert.True(f.t, found, r.URL.Path)
		var in struct {
			Message, Alias, Description, Entity, Source, Priority, Note string
			Details                                                     map[string]string
		}
		f.decode(body, &in)
		runes := utf8.RuneCountInString
		if path == "" {
			assert.NotEmpty(f.t, in.Message)
			assert.LessOrEqual(f.t, runes(in.Message), 130)
			assert.LessOrEqual(f.t, runes(in.Alias), 512)
			assert.LessOrEqual(f.t, runes(in.Description), 15000)
			assert.LessOrEqual(f.t, runes(in.Entity), 512)
			sum := 0
			for k, v := range in.Details {
				sum += runes(k) + runes(v)
			}
			assert.LessOrEqual(f.t, sum, 8000)
			t := f.byKey(in.Alias)
			if t == nil {
				t = f.add(ticket{Key: in.Alias, Title: in.Message, Body: in.Description, Priority: in.Priority})
			}
			t.Closed = false
		} else {
			assert.Equal(f.t, "alias", r.URL.Query().Get("identifierType"))
			parts := strings.Split(path, "/")
			t := f.byKey(parts[1])
			if t == nil {
				reply(w, 202, map[string]any{"result": "Request will be processed"}) // asynchronous: it says so whatever comes
				return
			}
			switch r.Method + " " + parts[2] {
			case "POST notes":
				t.Notes = append(t.Notes, in.Note)
			case "POST close":
				t.Closed = true
			case "PUT priority":
				t.Priority = in.Priority
			default:
				f.t.Errorf("unexpected %s %s", r.Method, path)
			}
		}
		reply(w, 202, map[string]any{"result": "Request will be processed", "took": 0.1, "requestId": "x"})
	}
}

func opsgenieSubject(name, base string) subject {
	return subject{
		name: name, serve: serveOpsgenie(base), wait: 11e9,
		limited: answer(429, map[string]string{"X-RateLimit-State": "THROTTLED", "X-RateLimit-Period-In-Sec": "11"}, ""),
		make: func(url string) maker {
			c := DefaultOpsgenie()
			c.URL, c.APIKey, c.Teams, c.Tags = url+base, secret, []string{"pay"}, []string{"culprit"}
			return &c
		},
	}
}

var (
	_ = register(opsgenieSubject("opsgenie", ""))
	_ = register(opsgenieSubject("jsm operations", "/jsm/ops/integration"))
)
