package target

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"regexp"
	"strconv"
	"strings"
	"time"

	"go.opentelemetry.io/collector/config/configopaque"

	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/card"
	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/wire"
	"github.com/otel-culprit/culprit/internal/rate"
)

// GitHubConfig is the target GitHub Issues (https://docs.github.com/rest/issues/issues).
type GitHubConfig struct {
	// Repository is owner/name.
	Repository string `mapstructure:"repository"`
	// Token may write issues.
	Token configopaque.String `mapstructure:"token"`
	// APIURL is https://HOST/api/v3 on an Enterprise Server.
	APIURL string `mapstructure:"api_url"`
	// Labels are set beside the one that the issue is found by.
	Labels []string `mapstructure:"labels"`
	// Assignees are logins.
	Assignees []string `mapstructure:"assignees"`

	_ struct{}
}

// DefaultGitHub has the defaults.
func DefaultGitHub() GitHubConfig { return GitHubConfig{APIURL: "https://api.github.com"} }

var repository = regexp.MustCompile(`^[A-Za-z0-9_.-]+/[A-Za-z0-9_.-]+$`)

// Validate names each mistake.
func (c *GitHubConfig) Validate() error {
	var errs []error
	if c.Repository == "" {
		errs = append(errs, missing("repository", "owner and name", "acme/shop"))
	} else {
		errs = append(errs, matches("repository", c.Repository, repository, "must be owner/name", "acme/shop"))
	}
	if c.Token == "" {
		errs = append(errs, missing("token", "a token that may write issues", "${env:GITHUB_TOKEN}"))
	}
	for i, l := range c.Labels {
		if l == "" || len([]rune(l)) > 50 || strings.Contains(l, ",") {
			errs = append(errs, fmt.Errorf("'labels::%d': %q must be 1 to 50 characters without commas, e.g. bug", i, l))
		}
	}
	if len(c.Assignees) > 10 {
		errs = append(errs, errors.New("'assignees' are more than 10, which is all that GitHub takes"))
	}
	errs = append(errs, baseURL("api_url", c.APIURL, "https://api.github.com"))
	return errors.Join(errs...)
}

// New makes the target.
func (c *GitHubConfig) New(o Options) (Target, error) {
	return &github{cfg: c, api: wire.Join(c.APIURL, "repos", c.Repository, "issues"), lag: o.lag(10 * time.Second), client: wire.New(o.HTTP, wire.Options{
		Header: http.Header{"Authorization": {"Bearer " + string(c.Token)}, "Accept": {"application/vnd.github+json"}, "X-GitHub-Api-Version": {"2022-11-28"}},
		// 80 new contents a minute and 500 an hour are allowed; two of three requests make none.
		Agent: o.Agent, Limit: o.limit(rate.New(10, 10*time.Second)), DefaultWait: time.Minute, Secrets: []string{string(c.Token)}, Judge: judgeGitHub,
	})}, nil
}

// judgeGitHub: a limit is 429 or 403 (https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api).
func judgeGitHub(a *wire.Answer, usual *wire.Error) *wire.Error {
	if usual == nil || a.Status != http.StatusForbidden && a.Status != http.StatusTooManyRequests {
		return usual
	}
	now := time.Now()
	switch {
	case a.Header.Get("Retry-After") != "":
		usual.Kind, usual.Wait = wire.Limited, max(wire.RetryAfter(a.Header, now), time.Second)
	case a.Header.Get("X-Ratelimit-Remaining") == "0":
		usual.Kind, usual.Wait = wire.Limited, max(wire.WaitOf(a.Header, now), time.Second)
	case strings.Contains(strings.ToLower(string(a.Body)), "rate limit"):
		usual.Kind, usual.Wait = wire.Limited, time.Minute
	}
	return usual
}

type github struct {
	cfg    *GitHubConfig
	api    string
	lag    time.Duration
	client *wire.Client
}

type githubIssue struct {
	Number int    `json:"number"`
	URL    string `json:"html_url"`
	State  string `json:"state"`
}

func (i githubIssue) ref() Ref { return Ref{ID: strconv.Itoa(i.Number), URL: i.URL} }

func (t *github) Traits() Traits {
	return Traits{Markup: card.Markdown{}, Search: true, Lag: t.lag, Quiet: true}
}

func (t *github) Find(ctx context.Context, key string) (Found, bool, error) {
	q := url.Values{"labels": {card.LabelOf(key)}, "state": {"all"}, "per_page": {"1"}, "sort": {"created"}, "direction": {"asc"}}
	var list []githubIssue
	if err := t.client.JSON(ctx, wire.Request{Method: http.MethodGet, URL: t.api + "?" + q.Encode()}, &list); err != nil {
		return Found{}, false, t.absent(err)
	}
	if len(list) == 0 {
		return Found{}, false, nil
	}
	return Found{Ref: list[0].ref(), Closed: list[0].State == "closed"}, true, nil
}

// absent: to a token without rights a repository is not there.
func (t *github) absent(err error) error {
	if e := wire.As(err); e.Status == http.StatusNotFound {
		return wire.Deny(fmt.Errorf("%w (no repository %s, or the token may not see it)", err, t.cfg.Repository))
	}
	return err
}

func (t *github) Open(ctx context.Context, c *card.Card) (Ref, error) {
	body := map[string]any{"title": wire.Clip(c.Title, 256), "body": card.Render(card.Markdown{}, c.Text, 65000), "labels": append([]string{c.Label()}, t.cfg.Labels...)}
	if len(t.cfg.Assignees) > 0 {
		body["assignees"] = t.cfg.Assignees
	}
	var made githubIssue
	if err := t.client.JSON(ctx, wire.Request{Method: http.MethodPost, URL: t.api, Body: body}, &made); err != nil {
		return Ref{}, t.absent(err)
	}
	if made.Number == 0 {
		return Ref{}, wire.Doubt(errors.New("github answered without the number of the new issue"))
	}
	return made.ref(), nil
}

func (t *github) Comment(ctx context.Context, ref Ref, c *card.Card) (Ref, error) {
	_, err := t.client.Do(ctx, wire.Request{Method: http.MethodPost, URL: wire.Join(t.api, ref.ID, "comments"), Body: map[string]any{"body": card.Render(card.Markdown{}, c.Note, 65000)}})
	return ref, gone(err)
}

func (t *github) Resolve(ctx context.Context, ref Ref, c *card.Card) (Ref, error) {
	return t.move(ctx, ref, c, "closed", "completed")
}

func (t *github) Reopen(ctx context.Context, ref Ref, c *card.Card) (Ref, error) {
	return t.move(ctx, ref, c, "open", "reopened")
}

// move changes the state, which can be repeated, and then comments.
func (t *github) move(ctx context.Context, ref Ref, c *card.Card, state, reason string) (Ref, error) {
	if _, err := t.client.Do(ctx, wire.Request{Method: http.MethodPatch, URL: wire.Join(t.api, ref.ID), Body: map[string]any{"state": state, "state_reason": reason}}); err != nil {
		return ref, gone(err)
	}
	return t.Comment(ctx, ref, c)
}
