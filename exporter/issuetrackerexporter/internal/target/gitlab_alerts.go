package target

import (
	"context"
	"net/http"
	"time"

	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/card"
	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/wire"
)

// gitlabAlerts is GitLab's HTTP alert endpoint: alerts with the same fingerprint are one.
type gitlabAlerts struct {
	noFind
	url    string
	client *wire.Client
}

type gitlabAlertBody struct {
	Title       string   `json:"title"`
	Description string   `json:"description,omitempty"`
	StartTime   string   `json:"start_time,omitempty"`
	EndTime     string   `json:"end_time,omitempty"`
	Service     string   `json:"service,omitempty"`
	Tool        string   `json:"monitoring_tool"`
	Hosts       []string `json:"hosts,omitempty"`
	Severity    string   `json:"severity"`
	Fingerprint string   `json:"fingerprint"`
	Environment string   `json:"gitlab_environment_name,omitempty"`
}

func (t *gitlabAlerts) Traits() Traits {
	return Traits{Markup: card.Markdown{}, Keyed: true, Quiet: true}
}

func (t *gitlabAlerts) post(ctx context.Context, ref Ref, c *card.Card) (Ref, error) {
	b := gitlabAlertBody{
		Title: wire.Clip(c.Title, 200), Description: card.Render(card.Plain{}, c.Text, 1000), Service: wire.Clip(c.Issue.Service, 100), Tool: "Culprit",
		Severity: [...]string{"critical", "high", "medium", "low", "info"}[c.Severity-1], Fingerprint: c.Key, Environment: wire.Clip(c.Event.Environment, 255),
	}
	if !c.Issue.FirstSeen.IsZero() {
		b.StartTime = c.Issue.FirstSeen.UTC().Format(time.RFC3339)
	}
	if host := c.Event.Resource["host.name"]; host != "" {
		b.Hosts = []string{wire.Clip(host, 255)}
	}
	if c.Resolved() {
		b.EndTime = c.Time.UTC().Format(time.RFC3339)
	}
	_, err := t.client.Do(ctx, wire.Request{Method: http.MethodPost, URL: t.url, Body: b})
	ref.ID = c.Key
	return ref, err
}

func (t *gitlabAlerts) Open(ctx context.Context, c *card.Card) (Ref, error) {
	return t.post(ctx, Ref{}, c)
}

func (t *gitlabAlerts) Comment(ctx context.Context, ref Ref, c *card.Card) (Ref, error) {
	return t.post(ctx, ref, c)
}

func (t *gitlabAlerts) Resolve(ctx context.Context, ref Ref, c *card.Card) (Ref, error) {
	return t.post(ctx, ref, c)
}

func (t *gitlabAlerts) Reopen(ctx context.Context, ref Ref, c *card.Card) (Ref, error) {
	return t.post(ctx, ref, c)
}
