package trackers

import (
	"encoding/base64"
	"encoding/json"
	"net/http"
	"regexp"
	"strings"
)

// adf is a node of the Atlassian Document Format
// (https://developer.atlassian.com/cloud/jira/platform/apis/document/structure).
type adf struct {
	Type    string
	Version int
	Text    string
	Attrs   map[string]any
	Marks   []struct {
		Type  string
		Attrs map[string]any
	}
	Content []adf
}

// within lists what may be in which node.
var within = map[string][]string{
	"doc":        {"paragraph", "heading", "codeBlock", "bulletList"},
	"paragraph":  {"text", "hardBreak"},
	"heading":    {"text"},
	"codeBlock":  {"text"},
	"bulletList": {"listItem"},
	"listItem":   {"paragraph", "bulletList", "codeBlock"},
}

// adfText checks a node and returns its text.
func (q *request) adfText(n *adf) string {
	if n.Type == "text" {
		q.want(n.Text != "", "an empty text node")
		for _, m := range n.Marks {
			q.oneOf("mark", m.Type, "link", "strong")
			q.want(m.Type != "link" || strings.HasPrefix(stringOf(m.Attrs["href"]), "http"), "a link to %v", m.Attrs["href"])
		}
		return n.Text
	}
	s := ""
	for i := range n.Content {
		c := &n.Content[i]
		q.oneOf("node in "+n.Type, c.Type, within[n.Type]...)
		q.want(n.Type != "codeBlock" || len(c.Marks) == 0, "code has marks")
		s += q.adfText(c)
	}
	return s
}

func stringOf(v any) string { s, _ := v.(string); return s }

func jiraCloud(q *request) {
	jira(q, "3", "Basic "+base64.StdEncoding.EncodeToString([]byte(JiraUser+":"+Secret)), "search/jql", func(raw json.RawMessage) string {
		var n adf
		q.want(json.Unmarshal(raw, &n) == nil && n.Type == "doc" && n.Version == 1, "no document: %.100s", raw)
		s := q.adfText(&n)
		q.atMost(32767, "text", s, runes)
		return s
	})
}

func jiraDataCenter(q *request) {
	jira(q, "2", "Bearer "+Secret, "search", func(raw json.RawMessage) string {
		var s string
		q.want(json.Unmarshal(raw, &s) == nil, "no text: %.100s", raw)
		q.atMost(32767, "text", s, runes)
		return s
	})
}

var jql = regexp.MustCompile(`^project="OPS" and labels="(otel-fp-[0-9a-f]{32})"( order by created asc)?$`)

// jira is the project OPS of a Jira; text reads a body.
func jira(q *request, version, auth, search string, text func(json.RawMessage) string) {
	if q.deny(q.r.Header.Get("Authorization") == auth, http.StatusUnauthorized, map[string]any{"errorMessages": []string{"You are not authenticated."}}) {
		return
	}
	path, ok := strings.CutPrefix(q.r.URL.Path, "/rest/api/"+version+"/")
	switch {
	case !ok:
		return
	case version == "3" && path == "search":
		q.reply(http.StatusGone, map[string]any{"errorMessages": []string{"The requested API has been removed. Please migrate to /rest/api/3/search/jql"}})
	case path == search && q.r.Method == http.MethodPost:
		q.jiraSearch()
	case path == "issue" && q.r.Method == http.MethodPost:
		q.jiraCreate(text)
	case strings.HasPrefix(path, "issue/"):
		parts := strings.Split(path, "/")
		t := q.byID(strings.TrimPrefix(parts[1], "OPS-"))
		if t == nil {
			q.reply(http.StatusNotFound, map[string]any{"errorMessages": []string{"Issue does not exist or you do not have permission to see it."}})
			return
		}
		q.jiraIssue(t, strings.Join(append(parts[2:], q.r.Method), " "), text)
	}
}

func jiraStatus(t *Ticket) map[string]any {
	name, category := "To Do", "new"
	if t.Closed {
		name, category = "Done", "done"
	}
	return map[string]any{"name": name, "statusCategory": map[string]any{"key": category}}
}

func (q *request) jiraSearch() {
	var in struct {
		JQL        string
		MaxResults int
		Fields     []string
	}
	q.decode(&in)
	m := jql.FindStringSubmatch(in.JQL)
	q.want(m != nil, "JQL is %q", in.JQL)
	q.want(len(in.Fields) > 0, "no fields are named, so none would come")
	if q.refused() {
		return
	}
	issues := []any{}
	for _, t := range q.visible(m[1]) {
		issues = append(issues, map[string]any{"id": t.ID, "key": "OPS-" + t.ID, "fields": map[string]any{"status": jiraStatus(t)}})
	}
	q.reply(http.StatusOK, map[string]any{"issues": issues, "isLast": true})
}

func (q *request) jiraCreate(text func(json.RawMessage) string) {
	var in struct {
		Fields struct {
			Project     struct{ Key string }
			IssueType   struct{ Name string }
			Summary     string
			Description json.RawMessage
			Labels      []string
			Priority    struct{ Name string }
		}
	}
	q.decode(&in)
	f := &in.Fields
	q.want(f.Project.Key == "OPS" && f.IssueType.Name == "Bug", "project %q, type %q", f.Project.Key, f.IssueType.Name)
	q.want(f.Summary != "" && !strings.ContainsAny(f.Summary, "\r\n"), "the summary is no line: %q", f.Summary)
	q.atMost(255, "summary", f.Summary, units)
	for _, l := range f.Labels {
		q.want(l != "" && len(l) <= 255 && !strings.ContainsAny(l, " \t\n"), "label %q", l)
	}
	q.want(label(f.Labels) != "", "no label to find it by")
	body := text(f.Description)
	if q.refused() {
		return
	}
	t := q.add(Ticket{Key: label(f.Labels), Title: f.Summary, Body: body, Priority: f.Priority.Name})
	q.reply(http.StatusCreated, map[string]any{"id": t.ID, "key": "OPS-" + t.ID, "self": "x"})
}

func (q *request) jiraIssue(t *Ticket, what string, text func(json.RawMessage) string) {
	switch what {
	case "GET":
		q.reply(http.StatusOK, map[string]any{"key": "OPS-" + t.ID, "fields": map[string]any{"status": jiraStatus(t)}})
	case "PUT":
		var in struct {
			Fields struct{ Priority struct{ Name string } }
		}
		q.decode(&in)
		if !q.refused() {
			t.Priority = in.Fields.Priority.Name
			q.reply(http.StatusNoContent, nil)
		}
	case "comment POST":
		var in struct{ Body json.RawMessage }
		q.decode(&in)
		if note := text(in.Body); !q.refused() {
			t.Notes = append(t.Notes, note)
			q.reply(http.StatusCreated, map[string]any{"id": "1"})
		}
	case "transitions GET":
		next := map[string]any{"id": "31", "name": "Done", "to": jiraStatus(&Ticket{Closed: true})}
		if t.Closed {
			next = map[string]any{"id": "11", "name": "Reopen", "to": jiraStatus(&Ticket{})}
		}
		q.reply(http.StatusOK, map[string]any{"transitions": []any{next}})
	case "transitions POST":
		var in struct{ Transition struct{ ID string } }
		q.decode(&in)
		open := map[bool]string{true: "11", false: "31"}[t.Closed]
		q.want(in.Transition.ID == open, "transition %q is not open to %+v", in.Transition.ID, *t)
		if !q.refused() {
			t.Closed = !t.Closed
			q.reply(http.StatusNoContent, nil)
		}
	}
}
