package target

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"regexp"
	"strings"
	"time"

	"go.opentelemetry.io/collector/config/configopaque"

	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/card"
	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/wire"
	"github.com/otel-culprit/culprit/internal/rate"
)

// PagerDutyConfig is the target PagerDuty, Events API v2
// (https://developer.pagerduty.com/docs/events-api-v2/trigger-events).
type PagerDutyConfig struct {
	// RoutingKey is the integration key of a service.
	RoutingKey configopaque.String `mapstructure:"routing_key"`
	// URL is where events go; https://events.eu.pagerduty.com in the EU.
	URL string `mapstructure:"url"`

	_ struct{}
}

// DefaultPagerDuty has the defaults.
func DefaultPagerDuty() PagerDutyConfig {
	return PagerDutyConfig{URL: "https://events.pagerduty.com"}
}

var routingKey = regexp.MustCompile(`^[A-Za-z0-9]{32}$`)

// Validate names each mistake.
func (c *PagerDutyConfig) Validate() error {
	var errs []error
	switch {
	case c.RoutingKey == "":
		errs = append(errs, missing("routing_key", "the integration key of a service, type Events API V2", "${env:PAGERDUTY_ROUTING_KEY}"))
	case !routingKey.MatchString(string(c.RoutingKey)):
		errs = append(errs, fmt.Errorf("'routing_key' must be 32 letters and digits, got %d characters; it is the Integration Key of an Events API V2 integration", len(c.RoutingKey)))
	}
	errs = append(errs, baseURL("url", c.URL, "https://events.pagerduty.com"))
	return errors.Join(errs...)
}

// New makes the target.
func (c *PagerDutyConfig) New(o Options) (Target, error) {
	u := c.URL
	if !strings.HasSuffix(u, "/v2/enqueue") {
		u = wire.Join(u, "v2/enqueue")
	}
	return &pagerDuty{key: string(c.RoutingKey), url: u, client: wire.New(o.HTTP, wire.Options{
		Agent: o.Agent, Limit: o.limit(rate.New(60, time.Minute)), DefaultWait: 30 * time.Second, Secrets: []string{string(c.RoutingKey)}, Judge: judgePagerDuty,
	})}, nil
}

// judgePagerDuty: a wrong key is a bad payload to PagerDuty.
func judgePagerDuty(a *wire.Answer, usual *wire.Error) *wire.Error {
	if usual != nil && a.Status == http.StatusBadRequest {
		if s := strings.ToLower(string(a.Body)); strings.Contains(s, "routing key") || strings.Contains(s, "routing_key") {
			usual.Kind = wire.Unauthorized
		}
	}
	return usual
}

type pagerDuty struct {
	noFind
	key, url string
	client   *wire.Client
}

type pagerDutyEvent struct {
	RoutingKey string            `json:"routing_key"`
	Action     string            `json:"event_action"`
	DedupKey   string            `json:"dedup_key"`
	Payload    *pagerDutyPayload `json:"payload,omitempty"`
	Links      []pagerDutyLink   `json:"links,omitempty"`
	Client     string            `json:"client,omitempty"`
	ClientURL  string            `json:"client_url,omitempty"`
}

type pagerDutyPayload struct {
	Summary   string            `json:"summary"`
	Source    string            `json:"source"`
	Severity  string            `json:"severity"`
	Timestamp string            `json:"timestamp,omitempty"`
	Component string            `json:"component,omitempty"`
	Group     string            `json:"group,omitempty"`
	Class     string            `json:"class,omitempty"`
	Details   map[string]string `json:"custom_details,omitempty"`
}

type pagerDutyLink struct {
	Href string `json:"href"`
	Text string `json:"text"`
}

func (t *pagerDuty) Traits() Traits { return Traits{Markup: card.Plain{}, Keyed: true, Quiet: true} }

func (t *pagerDuty) Open(ctx context.Context, c *card.Card) (Ref, error) {
	return t.trigger(ctx, Ref{}, c)
}

// Comment triggers again: while the incident is open that adds to it and wakes nobody.
func (t *pagerDuty) Comment(ctx context.Context, ref Ref, c *card.Card) (Ref, error) {
	return t.trigger(ctx, ref, c)
}

// Reopen makes a new incident: those that are resolved stay so.
func (t *pagerDuty) Reopen(ctx context.Context, ref Ref, c *card.Card) (Ref, error) {
	return t.trigger(ctx, ref, c)
}

func (t *pagerDuty) Resolve(ctx context.Context, ref Ref, c *card.Card) (Ref, error) {
	_, err := t.client.Do(ctx, wire.Request{Method: http.MethodPost, URL: t.url, Body: pagerDutyEvent{RoutingKey: t.key, Action: "resolve", DedupKey: c.Key}})
	return ref, err
}

func (t *pagerDuty) trigger(ctx context.Context, ref Ref, c *card.Card) (Ref, error) {
	e := pagerDutyEvent{
		RoutingKey: t.key, Action: "trigger", DedupKey: c.Key, Client: "Culprit", ClientURL: shortURL(c.Issue.URL),
		Payload: &pagerDutyPayload{
			Summary: wire.Clip(c.Title, 1024), Source: wire.Clip(orUnknown(c.Issue.Service), 255), Severity: [...]string{"critical", "error", "warning", "info", "info"}[c.Severity-1],
			Timestamp: c.Time.UTC().Format(time.RFC3339Nano), Component: wire.Clip(c.Issue.Culprit, 255), Group: wire.Clip(c.Event.Environment, 255),
			Class: wire.Clip(errorType(c), 255), Details: details(c),
		},
	}
	for _, l := range []pagerDutyLink{{c.Issue.URL, "Issue"}, {c.TraceURL, "Trace"}, {c.LogsURL, "Logs"}} {
		if shortURL(l.Href) != "" {
			e.Links = append(e.Links, l)
		}
	}
	_, err := t.client.Do(ctx, wire.Request{Method: http.MethodPost, URL: t.url, Body: e})
	ref.ID = c.Key
	return ref, err
}

// details are what on-call people read of an issue: short values by name, bounded to about 30 KiB.
func details(c *card.Card) map[string]string {
	out := annotations(c)
	delete(out, "summary")
	out["service"], out["environment"], out["level"], out["issue_id"] = c.Issue.Service, c.Event.Environment, c.Issue.Level, c.Issue.ID
	out["first_seen"], out["last_seen"] = card.Time(c.Issue.FirstSeen), card.Time(c.Issue.LastSeen)
	for k, v := range out {
		if out[k] = wire.Clip(v, 5000); v == "" {
			delete(out, k)
		}
	}
	return out
}

func errorType(c *card.Card) string {
	if len(c.Event.Exceptions) > 0 {
		return c.Event.Exceptions[0].Type
	}
	return ""
}

func orUnknown(s string) string {
	if s == "" {
		return "unknown"
	}
	return s
}

// shortURL leaves out what is too long for a link.
func shortURL(u string) string {
	if len(u) > 2000 {
		return ""
	}
	return u
}
