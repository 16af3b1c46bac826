package target

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"slices"
	"time"

	"go.opentelemetry.io/collector/config/configopaque"

	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/card"
	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/wire"
	"github.com/otel-culprit/culprit/internal/rate"
)

// OpsgenieConfig is the target Opsgenie (https://docs.opsgenie.com/docs/alert-api), or JSM Operations, whose integration
// events are the same.
type OpsgenieConfig struct {
	// URL is the base: https://api.opsgenie.com, https://api.eu.opsgenie.com, or
	// https://api.atlassian.com/jsm/ops/integration.
	URL string `mapstructure:"url"`
	// APIKey is that of an API integration.
	APIKey configopaque.String `mapstructure:"api_key"`
	// Teams are the names of the teams that are told.
	Teams []string `mapstructure:"teams"`
	// Tags are set on each alert.
	Tags []string `mapstructure:"tags"`

	_ struct{}
}

const opsgenieURL = "https://api.opsgenie.com"

// DefaultOpsgenie has the defaults.
func DefaultOpsgenie() OpsgenieConfig { return OpsgenieConfig{URL: opsgenieURL} }

// Validate names each mistake.
func (c *OpsgenieConfig) Validate() error {
	errs := []error{baseURL("url", c.URL, opsgenieURL+", or https://api.atlassian.com/jsm/ops/integration for JSM")}
	if c.APIKey == "" {
		errs = append(errs, missing("api_key", "the key of an API integration", "${env:OPSGENIE_API_KEY}"))
	}
	if len(c.Tags) > 20 {
		errs = append(errs, errors.New("'tags' are more than 20, which is all that an alert takes"))
	}
	if slices.ContainsFunc(c.Tags, func(s string) bool { return s == "" || len([]rune(s)) > 50 }) {
		errs = append(errs, errors.New("'tags' must be 1 to 50 characters each, e.g. culprit"))
	}
	return errors.Join(errs...)
}

// New makes the target.
func (c *OpsgenieConfig) New(o Options) (Target, error) {
	return &opsgenie{cfg: c, api: wire.Join(c.URL, "v2/alerts"), client: wire.New(o.HTTP, wire.Options{
		Header: http.Header{"Authorization": {"GenieKey " + string(c.APIKey)}}, Agent: o.Agent, Limit: o.limit(rate.New(5, time.Second)),
		DefaultWait: 30 * time.Second, Secrets: []string{string(c.APIKey)},
	})}, nil
}

type opsgenie struct {
	noFind
	cfg    *OpsgenieConfig
	api    string
	client *wire.Client
}

func (t *opsgenie) Traits() Traits { return Traits{Markup: card.Plain{}, Keyed: true, Quiet: true} }

func (t *opsgenie) do(ctx context.Context, method, path string, body any) error {
	_, err := t.client.Do(ctx, wire.Request{Method: method, URL: t.api + path, Body: body})
	return err
}

func alias(c *card.Card, what string) string {
	return "/" + url.PathEscape(c.Key) + "/" + what + "?identifierType=alias"
}

func opsgeniePriority(c *card.Card) string {
	return [...]string{"P1", "P2", "P3", "P4", "P5"}[c.Severity-1]
}

func (t *opsgenie) Open(ctx context.Context, c *card.Card) (Ref, error) {
	body := map[string]any{
		"message": wire.Clip(c.Title, 130), "alias": c.Key, "description": card.Render(card.Plain{}, c.Text, 15000), "details": t.details(c),
		"entity": wire.Clip(c.Issue.Service, 512), "source": "culprit", "priority": opsgeniePriority(c),
	}
	if len(t.cfg.Tags) > 0 {
		body["tags"] = t.cfg.Tags
	}
	var teams []any
	for _, name := range t.cfg.Teams {
		teams = append(teams, map[string]any{"type": "team", "name": name})
	}
	if len(teams) > 0 {
		body["responders"] = teams
	}
	return Ref{ID: c.Key}, t.do(ctx, http.MethodPost, "", body)
}

// details leave out what the alert has in fields of its own; all together may have 8000 characters.
func (t *opsgenie) details(c *card.Card) map[string]string {
	out := details(c)
	delete(out, "description")
	for k, v := range out {
		out[k] = wire.Clip(v, 400)
	}
	return out
}

// Comment raises the priority of an escalating issue, which can be repeated, and then adds a note.
func (t *opsgenie) Comment(ctx context.Context, ref Ref, c *card.Card) (Ref, error) {
	if c.Action == card.Escalate {
		err := t.do(ctx, http.MethodPut, alias(c, "priority"), map[string]any{"priority": opsgeniePriority(c)})
		if err != nil && wire.As(err).Kind != wire.Refused { // integrations of JSM may not have it
			return ref, err
		}
	}
	return ref, t.do(ctx, http.MethodPost, alias(c, "notes"), map[string]any{"source": "culprit", "note": card.Render(card.Plain{}, c.Note, 25000)})
}

// Resolve implements [Target].
func (t *opsgenie) Resolve(ctx context.Context, ref Ref, c *card.Card) (Ref, error) {
	body := map[string]any{"source": "culprit", "note": card.Render(card.Plain{}, c.Note, 25000)}
	return ref, t.do(ctx, http.MethodPost, alias(c, "close"), body)
}

// Reopen makes a new alert: those that are closed stay so.
func (t *opsgenie) Reopen(ctx context.Context, ref Ref, c *card.Card) (Ref, error) {
	if _, err := t.Open(ctx, c); err != nil {
		return ref, err
	}
	return ref, t.do(ctx, http.MethodPost, alias(c, "notes"), map[string]any{"source": "culprit", "note": card.Render(card.Plain{}, c.Note, 25000)})
}
