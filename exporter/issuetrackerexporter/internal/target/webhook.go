package target

import (
	"context"
	"crypto/hmac"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"net/textproto"
	"slices"
	"strconv"
	"strings"
	"time"

	"go.opentelemetry.io/collector/config/configopaque"

	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/card"
	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/wire"
	"github.com/otel-culprit/culprit/internal/rate"
)

// WebhookConfig is a server of one's own that takes a POST.
type WebhookConfig struct {
	// URL may hold a secret, therefore it is never shown.
	URL configopaque.String `mapstructure:"url"`
	// Template makes the body; "" = the form of Alertmanager's webhooks, version 4.
	Template string `mapstructure:"template"`
	// ContentType of the body that Template makes.
	ContentType string `mapstructure:"content_type"`
	// Headers are added to each request.
	Headers map[string]configopaque.String `mapstructure:"headers"`
	// Secret signs requests (https://www.standardwebhooks.com): whsec_ and base64, or any text.
	Secret configopaque.String `mapstructure:"secret"`

	_ struct{}
}

// DefaultWebhook has the defaults.
func DefaultWebhook() WebhookConfig { return WebhookConfig{ContentType: "application/json"} }

const webhookURL = "https://hooks.example.com/errors"

// Validate names each mistake.
func (c *WebhookConfig) Validate() error {
	var errs []error
	if c.URL == "" {
		errs = append(errs, missing("url", "where to POST", webhookURL))
	} else {
		errs = append(errs, validURL("url", string(c.URL), webhookURL))
	}
	if _, err := c.template(); err != nil {
		errs = append(errs, fmt.Errorf("'template': %w; e.g. template: '{\"text\": {{json .Raw.Issue.Title}}}'", err))
	}
	if c.ContentType == "" {
		errs = append(errs, errors.New("'content_type' must not be empty, e.g. application/json"))
	}
	for _, name := range slices.Sorted(maps.Keys(c.Headers)) {
		if name == "" || textproto.TrimString(name) != name || strings.ContainsAny(name, " :\r\n") {
			errs = append(errs, fmt.Errorf("'headers': %q is no name of a header, e.g. X-Api-Key", name))
		}
		if strings.ContainsAny(string(c.Headers[name]), "\r\n") {
			errs = append(errs, fmt.Errorf("'headers::%s' has more than one line", name))
		}
	}
	if _, err := signingKey(string(c.Secret)); err != nil {
		errs = append(errs, err)
	}
	return errors.Join(errs...)
}

func (c *WebhookConfig) template() (*card.Template, error) {
	if c.Template == "" {
		return nil, nil
	}
	t, err := card.Compile("webhook::template", c.Template, card.Plain{}, false)
	if err != nil || !strings.HasSuffix(strings.ToLower(strings.SplitN(c.ContentType, ";", 2)[0]), "json") {
		return t, err
	}
	out, err := t.Execute(card.Example())
	if err != nil {
		return nil, err
	}
	return t, card.ValidJSON(out)
}

// signingKey reads a secret of Standard Webhooks.
func signingKey(secret string) ([]byte, error) {
	text, ok := strings.CutPrefix(secret, "whsec_")
	if !ok {
		return []byte(secret), nil
	}
	key, err := base64.StdEncoding.DecodeString(text)
	if err != nil {
		return nil, errors.New("'secret' begins with whsec_, but what follows is no base64")
	}
	return key, nil
}

// New makes the target.
func (c *WebhookConfig) New(o Options) (Target, error) {
	tmpl, err := c.template()
	if err != nil {
		return nil, err
	}
	key, err := signingKey(string(c.Secret))
	if err != nil {
		return nil, err
	}
	header := http.Header{"Content-Type": {c.ContentType}}
	secrets := []string{string(c.URL), string(c.Secret)}
	for k, v := range c.Headers {
		header.Set(k, string(v))
		secrets = append(secrets, string(v))
	}
	return &webhook{
		url: string(c.URL), template: tmpl, key: key, tracker: o.Tracker,
		client: wire.New(o.HTTP, wire.Options{Header: header, Agent: o.Agent, Limit: o.limit(rate.New(20, time.Second)), Secrets: secrets}),
	}, nil
}

type webhook struct {
	noFind
	url, tracker string
	template     *card.Template
	key          []byte
	client       *wire.Client
}

// payload is what Alertmanager sends
// (https://prometheus.io/docs/alerting/latest/configuration/#webhook_config).
type payload struct {
	Version           string            `json:"version"`
	GroupKey          string            `json:"groupKey"`
	TruncatedAlerts   int               `json:"truncatedAlerts"`
	Status            string            `json:"status"`
	Receiver          string            `json:"receiver"`
	GroupLabels       map[string]string `json:"groupLabels"`
	CommonLabels      map[string]string `json:"commonLabels"`
	CommonAnnotations map[string]string `json:"commonAnnotations"`
	ExternalURL       string            `json:"externalURL"`
	Alerts            []payloadAlert    `json:"alerts"`
}

type payloadAlert struct {
	Status       string            `json:"status"`
	Labels       map[string]string `json:"labels"`
	Annotations  map[string]string `json:"annotations"`
	StartsAt     time.Time         `json:"startsAt"`
	EndsAt       time.Time         `json:"endsAt"`
	GeneratorURL string            `json:"generatorURL"`
	Fingerprint  string            `json:"fingerprint"`
}

func (t *webhook) Traits() Traits { return Traits{Markup: card.Plain{}, Keyed: true, Quiet: true} }

func (t *webhook) Open(ctx context.Context, c *card.Card) (Ref, error) {
	return Ref{ID: c.Key}, t.post(ctx, c)
}

func (t *webhook) Comment(ctx context.Context, ref Ref, c *card.Card) (Ref, error) {
	return ref, t.post(ctx, c)
}

func (t *webhook) Resolve(ctx context.Context, ref Ref, c *card.Card) (Ref, error) {
	return ref, t.post(ctx, c)
}

func (t *webhook) Reopen(ctx context.Context, ref Ref, c *card.Card) (Ref, error) {
	return ref, t.post(ctx, c)
}

func (t *webhook) body(c *card.Card) ([]byte, error) {
	if t.template != nil {
		s, err := t.template.Execute(c)
		return []byte(s), err
	}
	labels := (&alertmanager{cfg: &AlertmanagerConfig{}}).labels(c)
	a := payloadAlert{Status: "firing", Labels: labels, Annotations: annotations(c), StartsAt: c.Issue.FirstSeen, GeneratorURL: c.Issue.URL, Fingerprint: c.Key[:16]}
	a.Annotations["action"] = string(c.Action)
	if c.Resolved() {
		a.Status, a.EndsAt = "resolved", c.Time
	}
	return wire.Encode(payload{
		Version: "4", GroupKey: `{}:{issue_id="` + c.Issue.ID + `"}`, Status: a.Status, Receiver: t.tracker, GroupLabels: map[string]string{"issue_id": c.Issue.ID},
		CommonLabels: labels, CommonAnnotations: a.Annotations, ExternalURL: c.Issue.URL, Alerts: []payloadAlert{a},
	})
}

func (t *webhook) post(ctx context.Context, c *card.Card) error {
	body, err := t.body(c)
	if err != nil {
		return wire.Refuse(fmt.Errorf("make the body: %w", err))
	}
	id := idempotencyKey(c)
	header := http.Header{"Idempotency-Key": {id}}
	if len(t.key) > 0 {
		at := strconv.FormatInt(time.Now().Unix(), 10)
		header.Set("webhook-id", id)
		header.Set("webhook-timestamp", at)
		header.Set("webhook-signature", "v1,"+sign(t.key, id, at, body))
	}
	_, err = t.client.Do(ctx, wire.Request{Method: http.MethodPost, URL: t.url, Raw: body, Header: header})
	return err
}

// idempotencyKey is <key>-<action>-<sequence>, the same when an action is tried again.
func idempotencyKey(c *card.Card) string {
	sum := sha256.Sum256([]byte(c.Sequence))
	return c.Key + "-" + string(c.Action) + "-" + hex.EncodeToString(sum[:6])
}

// sign makes a signature of Standard Webhooks, without its version.
func sign(key []byte, id, timestamp string, body []byte) string {
	mac := hmac.New(sha256.New, key)
	mac.Write([]byte(id + "." + timestamp + "."))
	mac.Write(body)
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}
