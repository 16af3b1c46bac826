package target

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"

	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/card"
	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/wire"
)

// flag is something that was found out once.
type flag struct{ atomic.Bool }

type jiraStatus struct {
	Name     string `json:"name"`
	Category struct {
		Key string `json:"key"` // new, indeterminate, done
	} `json:"statusCategory"`
}

func (s jiraStatus) done() bool { return s.Category.Key == "done" }

// Find implements [Target].
func (t *jira) Find(ctx context.Context, key string) (Found, bool, error) {
	path := "search"
	body := map[string]any{
		"jql":        fmt.Sprintf("project=%q and labels=%q order by created asc", t.cfg.Project, card.LabelOf(key)),
		"maxResults": 1, "fields": []string{"status"},
	}
	if t.cloud {
		path = "search/jql"
	}
	var a struct {
		Issues []struct {
			Key    string `json:"key"`
			Fields struct {
				Status jiraStatus `json:"status"`
			} `json:"fields"`
		} `json:"issues"`
	}
	if err := t.client.JSON(ctx, wire.Request{Method: http.MethodPost, URL: wire.Join(t.api, path), Body: body}, &a); err != nil {
		return Found{}, false, err
	}
	if len(a.Issues) == 0 {
		return Found{}, false, nil
	}
	return Found{Ref: t.ref(a.Issues[0].Key), Closed: a.Issues[0].Fields.Status.done()}, true, nil
}

func (t *jira) ref(key string) Ref { return Ref{ID: key, URL: wire.Join(t.site, "browse", key)} }

// Open implements [Target].
func (t *jira) Open(ctx context.Context, c *card.Card) (Ref, error) {
	fields := map[string]any{}
	maps.Copy(fields, t.cfg.Fields)
	fields["project"] = map[string]any{"key": t.cfg.Project}
	fields["issuetype"] = map[string]any{"name": t.cfg.IssueType}
	fields["summary"] = wire.ClipUnits(wire.Line(c.Title), jiraSummary)
	fields["description"] = t.text(c.Text)
	fields["labels"] = append([]string{c.Label()}, t.cfg.Labels...)
	if p := t.priority(c); p != nil {
		fields["priority"] = p
	}
	var a struct {
		Key string `json:"key"`
	}
	err := t.client.JSON(ctx, wire.Request{Method: http.MethodPost, URL: wire.Join(t.api, "issue"), Body: map[string]any{"fields": fields}}, &a)
	if fields["priority"] != nil && t.aboutPriority(err) {
		delete(fields, "priority")
		err = t.client.JSON(ctx, wire.Request{Method: http.MethodPost, URL: wire.Join(t.api, "issue"), Body: map[string]any{"fields": fields}}, &a)
	}
	if err != nil {
		return Ref{}, err
	}
	if a.Key == "" {
		return Ref{}, wire.Doubt(errors.New("jira answered without the key of the new ticket"))
	}
	return t.ref(a.Key), nil
}

func (t *jira) priority(c *card.Card) any {
	if len(t.cfg.Priorities) != 5 || t.noPriority.Load() {
		return nil
	}
	return map[string]any{"name": t.cfg.Priorities[min(max(c.Severity, 1), 5)-1]}
}

// aboutPriority tells that a project has no field priority, or other names; it is then left alone.
func (t *jira) aboutPriority(err error) bool {
	if err == nil {
		return false
	}
	e := wire.As(err)
	var a struct {
		Errors map[string]string `json:"errors"`
	}
	if e.Status != http.StatusBadRequest || json.Unmarshal(e.Body, &a) != nil || a.Errors["priority"] == "" {
		return false
	}
	t.noPriority.Store(true)
	return true
}

func (t *jira) issueURL(ref Ref, parts ...string) string {
	return wire.Join(t.api, append([]string{"issue", url.PathEscape(ref.ID)}, parts...)...)
}

// Comment implements [Target]. An escalating issue gets a higher priority, which can be repeated, and then
// the comment.
func (t *jira) Comment(ctx context.Context, ref Ref, c *card.Card) (Ref, error) {
	if c.Action == card.Escalate {
		if p := t.priority(c); p != nil {
			_, err := t.client.Do(ctx, wire.Request{Method: http.MethodPut, URL: t.issueURL(ref), Body: map[string]any{"fields": map[string]any{"priority": p}}})
			if err != nil && !t.aboutPriority(err) {
				return ref, gone(err)
			}
		}
	}
	return ref, t.comment(ctx, ref, c)
}

func (t *jira) comment(ctx context.Context, ref Ref, c *card.Card) error {
	_, err := t.client.Do(ctx, wire.Request{Method: http.MethodPost, URL: t.issueURL(ref, "comment"), Body: map[string]any{"body": t.text(c.Note)}})
	return gone(err)
}

// Resolve implements [Target].
func (t *jira) Resolve(ctx context.Context, ref Ref, c *card.Card) (Ref, error) {
	return t.move(ctx, ref, c, true, t.cfg.ResolveTransition)
}

// Reopen implements [Target].
func (t *jira) Reopen(ctx context.Context, ref Ref, c *card.Card) (Ref, error) {
	return t.move(ctx, ref, c, false, t.cfg.ReopenTransition)
}

// move takes the transition first, which can be repeated, and then comments.
func (t *jira) move(ctx context.Context, ref Ref, c *card.Card, done bool, name string) (Ref, error) {
	id, names, err := t.transition(ctx, ref, done, name)
	switch {
	case err != nil:
		return ref, err
	case id != "":
		body := map[string]any{"transition": map[string]any{"id": id}}
		if _, err := t.client.Do(ctx, wire.Request{Method: http.MethodPost, URL: t.issueURL(ref, "transitions"), Body: body}); err != nil {
			return ref, gone(err)
		}
	default:
		there, err := t.isDone(ctx, ref)
		if err != nil {
			return ref, err
		}
		if there != done {
			return ref, wire.Refuse(fmt.Errorf("ticket %s has no transition for it, only %q: name one with 'resolve_transition' or 'reopen_transition'", ref.ID, names))
		}
	}
	return ref, t.comment(ctx, ref, c)
}

func (t *jira) isDone(ctx context.Context, ref Ref) (bool, error) {
	var a struct {
		Fields struct {
			Status jiraStatus `json:"status"`
		} `json:"fields"`
	}
	err := t.client.JSON(ctx, wire.Request{Method: http.MethodGet, URL: t.issueURL(ref) + "?fields=status"}, &a)
	return a.Fields.Status.done(), gone(err)
}

// transition chooses by name, or else by the category of the status that it leads to; "" = there is none, as for a
// ticket that is there already.
func (t *jira) transition(ctx context.Context, ref Ref, done bool, name string) (id string, names []string, err error) {
	var a struct {
		Transitions []struct {
			ID   string     `json:"id"`
			Name string     `json:"name"`
			To   jiraStatus `json:"to"`
		} `json:"transitions"`
	}
	if err := t.client.JSON(ctx, wire.Request{Method: http.MethodGet, URL: t.issueURL(ref, "transitions")}, &a); err != nil {
		return "", nil, gone(err)
	}
	for _, tr := range a.Transitions {
		if name != "" && strings.EqualFold(tr.Name, name) || name == "" && tr.To.Category.Key != "" && tr.To.done() == done {
			return tr.ID, nil, nil
		}
		names = append(names, tr.Name)
	}
	if name == "" { // servers that name no category
		for _, tr := range a.Transitions {
			word := strings.ToLower(tr.Name + " " + tr.To.Name)
			closes := strings.Contains(word, "done") || strings.Contains(word, "resolve") || strings.Contains(word, "close")
			if tr.To.Category.Key == "" && closes == done {
				return tr.ID, nil, nil
			}
		}
	}
	return "", names, nil
}
