package target

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"regexp"
	"time"

	"go.opentelemetry.io/collector/config/configopaque"

	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/card"
	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/wire"
	"github.com/otel-culprit/culprit/internal/rate"
)

// ClickUpConfig is the target ClickUp (https://developer.clickup.com/reference).
type ClickUpConfig struct {
	// Token is a personal token (pk_...).
	Token configopaque.String `mapstructure:"token"`
	// List is the ID of the list that gets the tasks.
	List string `mapstructure:"list"`
	// Tags are set beside the one that the task is found by.
	Tags []string `mapstructure:"tags"`
	// ResolveStatus and ReopenStatus are names of statuses of the list.
	ResolveStatus string `mapstructure:"resolve_status"`
	ReopenStatus  string `mapstructure:"reopen_status"`
	// URL is where the API is.
	URL string `mapstructure:"url"`

	_ struct{}
}

// DefaultClickUp has the defaults: the statuses of a new list.
func DefaultClickUp() ClickUpConfig {
	return ClickUpConfig{ResolveStatus: "complete", ReopenStatus: "to do", URL: "https://api.clickup.com"}
}

var clickUpList = regexp.MustCompile(`^[0-9A-Za-z-]+$`)

// Validate names each mistake.
func (c *ClickUpConfig) Validate() error {
	var errs []error
	if c.Token == "" {
		errs = append(errs, missing("token", "a personal token", "${env:CLICKUP_TOKEN}"))
	}
	if c.List == "" {
		errs = append(errs, missing("list", "the ID of the list that gets the tasks", "\"901234567890\""))
	} else {
		errs = append(errs, matches("list", c.List, clickUpList, "is no ID of a list", "\"901234567890\""))
	}
	if c.ResolveStatus == "" || c.ReopenStatus == "" {
		errs = append(errs, errors.New("'resolve_status' and 'reopen_status' must name statuses of the list, e.g. complete and to do"))
	}
	errs = append(errs, baseURL("url", c.URL, "https://api.clickup.com"))
	return errors.Join(errs...)
}

// New makes the target.
func (c *ClickUpConfig) New(o Options) (Target, error) {
	return &clickUp{cfg: c, api: wire.Join(c.URL, "api/v2"), lag: o.lag(10 * time.Second), client: wire.New(o.HTTP, wire.Options{
		Header: http.Header{"Authorization": {string(c.Token)}}, Agent: o.Agent, Limit: o.limit(rate.New(90, time.Minute)),
		DefaultWait: time.Minute, Secrets: []string{string(c.Token)},
	})}, nil
}

type clickUp struct {
	cfg    *ClickUpConfig
	api    string
	lag    time.Duration
	client *wire.Client
}

type clickUpTask struct {
	ID     string `json:"id"`
	URL    string `json:"url"`
	Status struct {
		Status string `json:"status"`
		Type   string `json:"type"` // open, custom, done, closed
	} `json:"status"`
}

func (t *clickUp) Traits() Traits {
	return Traits{Markup: card.Markdown{}, Search: true, Lag: t.lag, Quiet: true}
}

func clickUpPriority(c *card.Card) int { return min(c.Severity, 4) }

func (t *clickUp) Find(ctx context.Context, key string) (Found, bool, error) {
	q := url.Values{"tags[]": {card.LabelOf(key)}, "include_closed": {"true"}, "order_by": {"created"}, "reverse": {"true"}, "subtasks": {"true"}}
	var a struct {
		Tasks []clickUpTask `json:"tasks"`
	}
	if err := t.client.JSON(ctx, wire.Request{Method: http.MethodGet, URL: wire.Join(t.api, "list", t.cfg.List, "task?"+q.Encode())}, &a); err != nil {
		return Found{}, false, err
	}
	if len(a.Tasks) == 0 {
		return Found{}, false, nil
	}
	task := a.Tasks[0]
	closed := task.Status.Type == "closed" || task.Status.Type == "done" || task.Status.Status == t.cfg.ResolveStatus
	return Found{Ref: Ref{ID: task.ID, URL: task.URL}, Closed: closed}, true, nil
}

func (t *clickUp) Open(ctx context.Context, c *card.Card) (Ref, error) {
	body := map[string]any{
		"name": wire.Clip(c.Title, 255), "markdown_content": card.Render(card.Markdown{}, c.Text, 30000), "tags": append([]string{c.Label()}, t.cfg.Tags...),
		"priority": clickUpPriority(c), "notify_all": false,
	}
	var made clickUpTask
	if err := t.client.JSON(ctx, wire.Request{Method: http.MethodPost, URL: wire.Join(t.api, "list", t.cfg.List, "task"), Body: body}, &made); err != nil {
		return Ref{}, err
	}
	if made.ID == "" {
		return Ref{}, wire.Doubt(errors.New("clickup answered without the ID of the new task"))
	}
	return Ref{ID: made.ID, URL: made.URL}, nil
}

func (t *clickUp) put(ctx context.Context, ref Ref, body map[string]any) error {
	_, err := t.client.Do(ctx, wire.Request{Method: http.MethodPut, URL: wire.Join(t.api, "task", url.PathEscape(ref.ID)), Body: body})
	return gone(err)
}

// Comment raises the priority of an escalating issue, which can be repeated, and then comments.
func (t *clickUp) Comment(ctx context.Context, ref Ref, c *card.Card) (Ref, error) {
	if c.Action == card.Escalate {
		if err := t.put(ctx, ref, map[string]any{"priority": clickUpPriority(c)}); err != nil {
			return ref, err
		}
	}
	// Comments are plain text.
	body := map[string]any{"comment_text": card.Render(card.Plain{}, c.Note, 10000), "notify_all": false}
	_, err := t.client.Do(ctx, wire.Request{Method: http.MethodPost, URL: wire.Join(t.api, "task", url.PathEscape(ref.ID), "comment"), Body: body})
	return ref, gone(err)
}

func (t *clickUp) Resolve(ctx context.Context, ref Ref, c *card.Card) (Ref, error) {
	if err := t.put(ctx, ref, map[string]any{"status": t.cfg.ResolveStatus}); err != nil {
		return ref, err
	}
	return t.Comment(ctx, ref, c)
}

func (t *clickUp) Reopen(ctx context.Context, ref Ref, c *card.Card) (Ref, error) {
	if err := t.put(ctx, ref, map[string]any{"status": t.cfg.ReopenStatus}); err != nil {
		return ref, err
	}
	return t.Comment(ctx, ref, c)
}
