package target

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"go.opentelemetry.io/collector/config/configopaque"

	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/card"
	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/wire"
	"github.com/otel-culprit/culprit/internal/rate"
)

// GitLabConfig is the target GitLab: issues (https://docs.gitlab.com/api/issues), or the HTTP alert endpoint
// (https://docs.gitlab.com/operations/incident_management/integrations).
type GitLabConfig struct {
	// URL is the instance.
	URL string `mapstructure:"url"`
	// Project is the ID or the path of the project that gets issues.
	Project string `mapstructure:"project"`
	// Token has the scope api.
	Token configopaque.String `mapstructure:"token"`
	// Labels are set beside the one that the issue is found by.
	Labels []string `mapstructure:"labels"`
	// Confidential issues are seen by members only.
	Confidential bool `mapstructure:"confidential"`
	// IssueType is issue or incident.
	IssueType string `mapstructure:"issue_type"`
	// AlertURL is the URL of an alert endpoint; alerts are made instead of issues.
	AlertURL configopaque.String `mapstructure:"alert_url"`
	// AlertKey is its authorization key.
	AlertKey configopaque.String `mapstructure:"alert_key"`

	_ struct{}
}

// DefaultGitLab has the defaults.
func DefaultGitLab() GitLabConfig {
	return GitLabConfig{URL: "https://gitlab.com", IssueType: "issue"}
}

const gitlabAlert = "https://gitlab.com/acme/shop/alerts/notify/culprit/8a1b2c3d4e5f6a7b.json"

// Validate names each mistake.
func (c *GitLabConfig) Validate() error {
	var errs []error
	if c.AlertURL != "" || c.AlertKey != "" {
		if c.AlertURL == "" {
			errs = append(errs, missing("alert_url", "the URL of the alert endpoint (Settings > Monitor > Alerts)", gitlabAlert))
		} else {
			errs = append(errs, validURL("alert_url", string(c.AlertURL), gitlabAlert))
		}
		if c.AlertKey == "" {
			errs = append(errs, missing("alert_key", "the authorization key of the alert endpoint", "${env:GITLAB_ALERT_KEY}"))
		}
		if c.Project != "" || c.Token != "" {
			errs = append(errs, errors.New("'alert_url' makes alerts, 'project' and 'token' make issues: set one of both"))
		}
		return errors.Join(errs...)
	}
	errs = append(errs, baseURL("url", c.URL, "https://gitlab.com"))
	if c.Project == "" {
		errs = append(errs, missing("project", "the ID or the path of the project, or 'alert_url' for alerts", "acme/shop"))
	}
	if c.Token == "" {
		errs = append(errs, missing("token", "a token with the scope api", "${env:GITLAB_TOKEN}"))
	}
	errs = append(errs, oneOf("issue_type", c.IssueType, "issue", "incident"))
	for i, l := range c.Labels {
		if l == "" || len(l) > 255 || strings.Contains(l, ",") {
			errs = append(errs, fmt.Errorf("'labels::%d': %q must be 1 to 255 characters without commas, e.g. bug", i, l))
		}
	}
	return errors.Join(errs...)
}

// New makes the target.
func (c *GitLabConfig) New(o Options) (Target, error) {
	opt := wire.Options{Agent: o.Agent, Limit: o.limit(rate.New(5, time.Second)), DefaultWait: 30 * time.Second}
	if c.AlertURL != "" {
		opt.Header = http.Header{"Authorization": {"Bearer " + string(c.AlertKey)}}
		opt.Secrets = []string{string(c.AlertURL), string(c.AlertKey)}
		return &gitlabAlerts{url: string(c.AlertURL), client: wire.New(o.HTTP, opt)}, nil
	}
	opt.Header = http.Header{"Private-Token": {string(c.Token)}}
	opt.Secrets = []string{string(c.Token)}
	u := wire.Join(c.URL, "api/v4/projects", url.PathEscape(c.Project), "issues")
	return &gitlab{cfg: c, api: u, lag: o.lag(5 * time.Second), client: wire.New(o.HTTP, opt)}, nil
}

type gitlab struct {
	cfg    *GitLabConfig
	api    string
	lag    time.Duration
	client *wire.Client
}

type gitlabIssue struct {
	IID   int    `json:"iid"`
	URL   string `json:"web_url"`
	State string `json:"state"` // opened, closed
}

func (i gitlabIssue) ref() Ref { return Ref{ID: strconv.Itoa(i.IID), URL: i.URL} }

func (t *gitlab) Traits() Traits {
	return Traits{Markup: card.Markdown{}, Search: true, Lag: t.lag, Quiet: true}
}

func (t *gitlab) absent(err error) error {
	if e := wire.As(err); e.Status == http.StatusNotFound {
		return wire.Deny(fmt.Errorf("%w (no project %s, or the token may not see it)", err, t.cfg.Project))
	}
	return err
}

func (t *gitlab) Find(ctx context.Context, key string) (Found, bool, error) {
	q := url.Values{"labels": {card.LabelOf(key)}, "state": {"all"}, "per_page": {"1"}, "order_by": {"created_at"}, "sort": {"asc"}, "scope": {"all"}}
	var list []gitlabIssue
	if err := t.client.JSON(ctx, wire.Request{Method: http.MethodGet, URL: t.api + "?" + q.Encode()}, &list); err != nil {
		return Found{}, false, t.absent(err)
	}
	if len(list) == 0 {
		return Found{}, false, nil
	}
	return Found{Ref: list[0].ref(), Closed: list[0].State == "closed"}, true, nil
}

func (t *gitlab) Open(ctx context.Context, c *card.Card) (Ref, error) {
	body := map[string]any{
		"title": wire.Clip(c.Title, 255), "description": card.Render(card.Markdown{}, c.Text, 100_000),
		"labels": strings.Join(append([]string{c.Label()}, t.cfg.Labels...), ","), "issue_type": t.cfg.IssueType,
	}
	if t.cfg.Confidential {
		body["confidential"] = true
	}
	var made gitlabIssue
	if err := t.client.JSON(ctx, wire.Request{Method: http.MethodPost, URL: t.api, Body: body}, &made); err != nil {
		return Ref{}, t.absent(err)
	}
	if made.IID == 0 {
		return Ref{}, wire.Doubt(errors.New("gitlab answered without the iid of the new issue"))
	}
	return made.ref(), nil
}

func (t *gitlab) Comment(ctx context.Context, ref Ref, c *card.Card) (Ref, error) {
	_, err := t.client.Do(ctx, wire.Request{Method: http.MethodPost, URL: wire.Join(t.api, ref.ID, "notes"), Body: map[string]any{"body": card.Render(card.Markdown{}, c.Note, 100_000)}})
	return ref, gone(err)
}

func (t *gitlab) Resolve(ctx context.Context, ref Ref, c *card.Card) (Ref, error) {
	return t.move(ctx, ref, c, "close")
}

func (t *gitlab) Reopen(ctx context.Context, ref Ref, c *card.Card) (Ref, error) {
	return t.move(ctx, ref, c, "reopen")
}

// move changes the state, which can be repeated, and then comments.
func (t *gitlab) move(ctx context.Context, ref Ref, c *card.Card, event string) (Ref, error) {
	if _, err := t.client.Do(ctx, wire.Request{Method: http.MethodPut, URL: wire.Join(t.api, ref.ID), Body: map[string]any{"state_event": event}}); err != nil {
		return ref, gone(err)
	}
	return t.Comment(ctx, ref, c)
}
