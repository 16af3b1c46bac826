package target

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
	"time"

	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/card"
	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/wire"
	"github.com/otel-culprit/culprit/internal/rate"
)

// AlertmanagerConfig is the target Prometheus Alertmanager
// (https://prometheus.io/docs/alerting/latest/alerts_api).
type AlertmanagerConfig struct {
	// URL is the base URL of an Alertmanager.
	URL string `mapstructure:"url"`
	// URLs are those of the replicas of a cluster: all are told.
	URLs []string `mapstructure:"urls"`
	// Labels are added to each alert; they win over those made of the issue.
	Labels map[string]string `mapstructure:"labels"`
	// Keep is how long Alertmanager keeps an alert firing when it hears no more of it.
	Keep time.Duration `mapstructure:"keep"`
	// Resend is how often open alerts are sent again.
	Resend time.Duration `mapstructure:"resend"`

	_ struct{}
}

// DefaultAlertmanager has the defaults.
func DefaultAlertmanager() AlertmanagerConfig {
	return AlertmanagerConfig{Keep: time.Hour, Resend: time.Minute}
}

const alertmanagerURL = "http://localhost:9093"

var labelName = regexp.MustCompile(`^[a-zA-Z_][a-zA-Z0-9_]*$`)

// Validate names each mistake.
func (c *AlertmanagerConfig) Validate() error {
	var errs []error
	if c.URL == "" && len(c.URLs) == 0 {
		errs = append(errs, missing("url", "the base URL of the Alertmanager, or 'urls' for a cluster", alertmanagerURL))
	}
	if c.URL != "" {
		errs = append(errs, baseURL("url", c.URL, alertmanagerURL))
	}
	for i, u := range c.URLs {
		errs = append(errs, baseURL(fmt.Sprintf("urls::%d", i), u, alertmanagerURL))
	}
	for _, name := range slices.Sorted(maps.Keys(c.Labels)) {
		errs = append(errs, matches("labels::"+name, name, labelName, "is no name of a label: letters, digits and _ only", "team"))
	}
	if c.Resend < time.Second {
		errs = append(errs, fmt.Errorf("'resend': %s must be at least 1s, e.g. resend: 1m", c.Resend))
	}
	if c.Keep < 2*c.Resend {
		errs = append(errs, fmt.Errorf("'keep': %s must be at least twice 'resend' (%s), or alerts end between two sendings, e.g. keep: %s", c.Keep, c.Resend, 3*max(c.Resend, time.Minute)))
	}
	return errors.Join(errs...)
}

// New makes the target.
func (c *AlertmanagerConfig) New(o Options) (Target, error) {
	t := &alertmanager{cfg: c}
	urls := c.URLs
	if c.URL != "" {
		urls = append([]string{c.URL}, urls...)
	}
	for _, u := range urls {
		if !strings.HasSuffix(strings.TrimRight(u, "/"), "/api/v2") {
			u = wire.Join(u, "api/v2")
		}
		t.replicas = append(t.replicas, replica{wire.Join(u, "alerts"), wire.New(o.HTTP, wire.Options{Agent: o.Agent, Limit: o.limit(rate.New(50, time.Second))})})
	}
	return t, nil
}

type alertmanager struct {
	noFind
	cfg      *AlertmanagerConfig
	replicas []replica
}

type replica struct {
	url    string
	client *wire.Client
}

type alert struct {
	Labels       map[string]string `json:"labels"`
	Annotations  map[string]string `json:"annotations,omitempty"`
	StartsAt     time.Time         `json:"startsAt"`
	EndsAt       time.Time         `json:"endsAt"`
	GeneratorURL string            `json:"generatorURL,omitempty"`
}

func (t *alertmanager) Traits() Traits { return Traits{Markup: card.Plain{}, Keyed: true} }

func (t *alertmanager) Interval() time.Duration { return t.cfg.Resend }

func (t *alertmanager) Open(ctx context.Context, c *card.Card) (Ref, error) {
	labels := t.labels(c)
	text, err := wire.Encode(labels)
	if err != nil {
		return Ref{}, wire.Refuse(err)
	}
	ref := Ref{ID: c.Key, Extra: string(text)}
	return ref, t.post(ctx, t.alert(ref, c, false))
}

func (t *alertmanager) Comment(ctx context.Context, ref Ref, c *card.Card) (Ref, error) {
	return ref, t.post(ctx, t.alert(ref, c, false))
}

func (t *alertmanager) Resolve(ctx context.Context, ref Ref, c *card.Card) (Ref, error) {
	return ref, t.post(ctx, t.alert(ref, c, true))
}

func (t *alertmanager) Reopen(ctx context.Context, ref Ref, c *card.Card) (Ref, error) {
	return ref, t.post(ctx, t.alert(ref, c, false))
}

// Refresh implements [Refresher].
func (t *alertmanager) Refresh(ctx context.Context, refs []Ref, cards []*card.Card) error {
	list := make([]alert, len(refs))
	for i := range refs {
		list[i] = t.alert(refs[i], cards[i], false)
	}
	var errs []error
	for part := range slices.Chunk(list, 200) {
		errs = append(errs, t.post(ctx, part...))
	}
	return errors.Join(errs...)
}

// labels are an alert's identity: they are made once, when the ticket is opened, and kept with it.
func (t *alertmanager) labels(c *card.Card) map[string]string {
	name := "Issue"
	if len(c.Event.Exceptions) > 0 && c.Event.Exceptions[0].Type != "" {
		name = c.Event.Exceptions[0].Type
	}
	l := map[string]string{
		"alertname": name, "issue_id": c.Issue.ID, "service": c.Issue.Service, "severity": c.Issue.Level,
		"environment": c.Event.Environment, "owner": c.Issue.Owner,
	}
	maps.Copy(l, t.cfg.Labels)
	for k, v := range l {
		if v = wire.Clip(wire.Line(v), 300); v == "" {
			delete(l, k)
		} else {
			l[k] = v
		}
	}
	return l
}

func (t *alertmanager) alert(ref Ref, c *card.Card, ended bool) alert {
	a := alert{StartsAt: c.Issue.FirstSeen, EndsAt: time.Now().Add(t.cfg.Keep)}
	if err := json.Unmarshal([]byte(ref.Extra), &a.Labels); err != nil || len(a.Labels) == 0 {
		a.Labels = t.labels(c)
	}
	if ended {
		a.EndsAt = time.Now().Add(-time.Second)
	}
	if a.StartsAt.IsZero() || a.StartsAt.After(a.EndsAt) {
		a.StartsAt = a.EndsAt.Add(-time.Second)
	}
	a.Annotations = annotations(c)
	if u, err := url.Parse(c.Issue.URL); err == nil && u.Host != "" {
		a.GeneratorURL = c.Issue.URL
	}
	return a
}

// annotations are what people read of an alert.
func annotations(c *card.Card) map[string]string {
	out := map[string]string{
		"summary":     wire.Clip(c.Title, 1000),
		"description": card.Render(card.Plain{}, c.Text, 8000),
		"culprit":     c.Issue.Culprit,
		"state":       string(c.Issue.State),
		"reason":      c.Reason,
		"occurrences": card.Number(c.Issue.Count),
		"users":       card.Number(c.Issue.Users),
		"release":     c.Release(),
		"trace_id":    c.Event.TraceID,
		"issue_url":   c.Issue.URL,
		"trace_url":   c.TraceURL,
		"logs_url":    c.LogsURL,
	}
	for k, v := range out {
		if v == "" || v == "0" {
			delete(out, k)
		}
	}
	return out
}

// post tells all replicas; one that took it is enough, as they tell each other and are told again soon.
func (t *alertmanager) post(ctx context.Context, list ...alert) error {
	var first error
	took := false
	for _, r := range t.replicas {
		_, err := r.client.Do(ctx, wire.Request{Method: http.MethodPost, URL: r.url, Body: list})
		took = took || err == nil
		if err != nil && first == nil {
			first = err
		}
	}
	if took {
		return nil
	}
	return first
}
