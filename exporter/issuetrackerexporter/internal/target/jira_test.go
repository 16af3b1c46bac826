package target

import (
	"encoding/base64"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"unicode/utf16"

	"github.com/stretchr/testify/assert"

	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/card"
)

// adfText checks a document and returns its text.
func adfText(f *fake, n *card.Node) string {
	if n.Type == "text" {
		assert.NotEmpty(f.t, n.Text, "Jira refuses an empty text node")
		for _, m := range n.Marks {
			assert.NotEqual(f.t, "codeBlock", n.Type, "code has no marks")
			assert.Contains(f.t, []string{"link", "strong"}, m.Type)
		}
		return n.Text
	}
	assert.Contains(f.t, []string{"doc", "paragraph", "heading", "codeBlock", "bulletList", "listItem", "hardBreak"}, n.Type)
	s := ""
	for i := range n.Content {
		s += adfText(f, &n.Content[i])
	}
	return s
}

// serveJira is one project of Jira Cloud or Data Center.
func serveJira(version string) func(f *fake, w http.ResponseWriter, r *http.Request, body []byte) {
	cloud := version == "3"
	text := func(f *fake, v any) string {
		if !cloud {
			s, isText := v.(string)
			assert.True(f.t, isText)
			assert.LessOrEqual(f.t, len(utf16.Encode([]rune(s))), 2*32767)
			return s
		}
		var n card.Node
		f.decode(mustJSON(v), &n)
		assert.Equal(f.t, "doc", n.Type)
		assert.Equal(f.t, 1, n.Version)
		s := adfText(f, &n)
		assert.LessOrEqual(f.t, len([]rune(s)), 32767)
		return s
	}
	return func(f *fake, w http.ResponseWriter, r *http.Request, body []byte) {
		auth := "Bearer " + secret
		if cloud {
			auth = "Basic " + base64.StdEncoding.EncodeToString([]byte("bot@acme.com:"+secret))
		}
		assert.Equal(f.t, auth, r.Header.Get("Authorization"))
		path, found := strings.CutPrefix(r.URL.Path, "/jira/rest/api/"+version+"/")
		assert.True(f.t, found, r.URL.Path)
		var in struct {
			JQL        string
			Fields     map[string]any
			Body       any
			Transition struct{ ID string }
		}
		if len(body) > 0 && !strings.HasPrefix(path, "search") {
			f.decode(body, &in)
		}
		status := func(t *ticket) map[string]any {
			category := "new"
			if t.Closed {
				category = "done"
			}
			return map[string]any{"status": map[string]any{"name": category, "statusCategory": map[string]any{"key": category}}}
		}
		switch {
		case path == "search/jql" && cloud, path == "search" && !cloud:
			var q struct {
				JQL    string
				Fields []string
			}
			f.decode(body, &q)
			m := regexp.MustCompile(`^project="OPS" and labels="otel-fp-([0-9a-f]{32})" order by created asc$`).FindStringSubmatch(q.JQL)
			if !assert.NotNil(f.t, m, q.JQL) {
				return
			}
			issues := []any{}
			for _, t := range f.tickets {
				if t.Key == m[1] {
					issues = append(issues, map[string]any{"key": "OPS-" + t.ID, "fields": status(t)})
				}
			}
			reply(w, 200, map[string]any{"issues": issues, "isLast": true})
			return
		case path == "issue" && r.Method == http.MethodPost:
			summary := in.Fields["summary"].(string)
			if len(utf16.Encode([]rune(summary))) > 255 || strings.ContainsAny(summary, "\r\n") {
				reply(w, 400, map[string]any{"errors": map[string]string{"summary": "too long"}})
				return
			}
			var labels []string
			for _, l := range in.Fields["labels"].([]any) {
				assert.NotContains(f.t, l, " ")
				labels = append(labels, l.(string))
			}
			t := f.add(ticket{Key: label(labels), Title: summary, Body: text(f, in.Fields["description"]), Priority: fmt.Sprint(in.Fields["priority"])})
			reply(w, 201, map[string]any{"id": t.ID, "key": "OPS-" + t.ID, "self": "x"})
			return
		}
		parts := strings.Split(path, "/")
		t := f.byID(strings.TrimPrefix(parts[1], "OPS-"))
		if t == nil {
			reply(w, 404, map[string]any{"errorMessages": []string{"Issue does not exist"}})
			return
		}
		switch strings.Join(append(parts[2:], r.Method), " ") {
		case "GET":
			reply(w, 200, map[string]any{"fields": status(t)})
		case "PUT":
			t.Priority = fmt.Sprint(in.Fields["priority"])
			w.WriteHeader(204)
		case "comment POST":
			t.Notes = append(t.Notes, text(f, in.Body))
			reply(w, 201, map[string]any{"id": "1"})
		case "transitions GET":
			tr := map[string]any{"id": "31", "name": "Done", "to": map[string]any{"name": "Done", "statusCategory": map[string]any{"key": "done"}}}
			if t.Closed {
				tr = map[string]any{"id": "11", "name": "Reopen", "to": map[string]any{"name": "To Do", "statusCategory": map[string]any{"key": "new"}}}
			}
			reply(w, 200, map[string]any{"transitions": []any{tr}})
		case "transitions POST":
			assert.Contains(f.t, []string{"11", "31"}, in.Transition.ID)
			t.Closed = in.Transition.ID == "31"
			w.WriteHeader(204)
		default:
			f.t.Errorf("unexpected %s %s", r.Method, path)
		}
	}
}

var jiraLimit = answer(429, map[string]string{"RateLimit-Reason": "jira-per-issue-on-write", "Retry-After": "4"}, "")

var _ = register(subject{
	name: "jira cloud", serve: serveJira("3"), limited: jiraLimit, wait: 4e9,
	make: func(url string) maker {
		c := DefaultJira()
		c.URL, c.Project, c.User, c.Token = url+"/jira/", "OPS", "bot@acme.com", secret
		c.Labels = []string{"culprit"}
		return &c
	},
})

var _ = register(subject{
	name: "jira data center", serve: serveJira("2"), limited: jiraLimit, wait: 4e9,
	make: func(url string) maker {
		c := DefaultJira()
		c.URL, c.Project, c.Token = url+"/jira", "OPS", secret
		return &c
	},
})
