package target

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"go.opentelemetry.io/collector/config/configopaque"

	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/card"
	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/wire"
	"github.com/otel-culprit/culprit/internal/rate"
)

// RollbarConfig is the target Rollbar (https://docs.rollbar.com/reference/create-item).
type RollbarConfig struct {
	// Token has the scope post_server_item.
	Token configopaque.String `mapstructure:"token"`
	// WriteToken has the scopes read and write; "" = items are not resolved.
	WriteToken configopaque.String `mapstructure:"write_token"`
	// Environment is for events without one.
	Environment string `mapstructure:"environment"`
	// URL is where the API is.
	URL string `mapstructure:"url"`

	_ struct{}
}

// DefaultRollbar has the defaults.
func DefaultRollbar() RollbarConfig {
	return RollbarConfig{Environment: "production", URL: "https://api.rollbar.com"}
}

// Validate names each mistake.
func (c *RollbarConfig) Validate() error {
	var errs []error
	if c.Token == "" {
		errs = append(errs, missing("token", "a project access token with the scope post_server_item", "${env:ROLLBAR_TOKEN}"))
	}
	if c.Environment == "" {
		errs = append(errs, missing("environment", "the environment of events that have none", "production"))
	}
	errs = append(errs, baseURL("url", c.URL, "https://api.rollbar.com"))
	return errors.Join(errs...)
}

// New makes the target.
func (c *RollbarConfig) New(o Options) (Target, error) {
	return &rollbar{cfg: c, api: wire.Join(c.URL, "api/1"), version: o.Version, client: wire.New(o.HTTP, wire.Options{
		Agent: o.Agent, Limit: o.limit(rate.New(5, time.Second)), DefaultWait: time.Minute, Secrets: []string{string(c.Token), string(c.WriteToken)},
	})}, nil
}

type rollbar struct {
	noFind
	cfg          *RollbarConfig
	api, version string
	client       *wire.Client
}

type rollbarData struct {
	Environment string            `json:"environment"`
	Body        map[string]any    `json:"body"`
	Level       string            `json:"level"`
	Timestamp   int64             `json:"timestamp"`
	CodeVersion string            `json:"code_version,omitempty"`
	Platform    string            `json:"platform,omitempty"`
	Language    string            `json:"language,omitempty"`
	Context     string            `json:"context,omitempty"`
	Request     map[string]string `json:"request,omitempty"`
	Person      map[string]string `json:"person,omitempty"`
	Server      map[string]string `json:"server,omitempty"`
	Custom      map[string]string `json:"custom,omitempty"`
	Fingerprint string            `json:"fingerprint"`
	Title       string            `json:"title"`
	UUID        string            `json:"uuid"`
	Notifier    map[string]string `json:"notifier"`
}

func (t *rollbar) Traits() Traits { return Traits{Markup: card.Plain{}, Keyed: true, Quiet: true} }

func (t *rollbar) Open(ctx context.Context, c *card.Card) (Ref, error) { return t.send(ctx, c) }

// Comment sends the latest occurrence: items have no comments.
func (t *rollbar) Comment(ctx context.Context, _ Ref, c *card.Card) (Ref, error) {
	return t.send(ctx, c)
}

// Reopen sends an occurrence, which makes Rollbar reactivate a resolved item.
func (t *rollbar) Reopen(ctx context.Context, _ Ref, c *card.Card) (Ref, error) {
	return t.send(ctx, c)
}

func (t *rollbar) send(ctx context.Context, c *card.Card) (Ref, error) {
	e := c.Event
	d := rollbarData{
		Environment: wire.Clip(e.Environment, 255), Body: t.body(c), Level: [...]string{"critical", "error", "warning", "info", "debug"}[c.Severity-1],
		Timestamp: e.Time.Unix(), CodeVersion: wire.Clip(c.Release(), 40), Language: string(e.Language), Context: wire.Clip(e.Transaction, 255),
		Request: short(e.Request, 1000), Person: short(pick(e.User, "id", "username", "email"), 255), Custom: details(c), Fingerprint: c.Key,
		Title: wire.Clip(c.Title, 255), UUID: eventID(c), Notifier: map[string]string{"name": "culprit", "version": t.version},
	}
	if d.Environment == "" {
		d.Environment = t.cfg.Environment
	}
	if host := e.Resource["host.name"]; host != "" {
		d.Server = map[string]string{"host": wire.Clip(host, 255)}
	}
	if d.Person["id"] == "" {
		d.Person = nil // the ID is required
	}
	header := http.Header{"X-Rollbar-Access-Token": {string(t.cfg.Token)}}
	_, err := t.client.Do(ctx, wire.Request{Method: http.MethodPost, URL: wire.Join(t.api, "item/"), Body: map[string]any{"data": d}, Header: header})
	return Ref{ID: c.Key}, err
}

// body has the chain outermost first, and the frames of each with the most recent call last.
func (t *rollbar) body(c *card.Card) map[string]any {
	var chain []any
	for i, x := range c.Event.Exceptions {
		if i == 10 {
			break
		}
		frames := []any{}
		for _, f := range x.Frames[:min(len(x.Frames), 100)] {
			frame := map[string]any{"filename": wire.Clip(orUnknown(f.File), 500), "method": wire.Clip(f.Function, 500)}
			if f.Line > 0 {
				frame["lineno"] = f.Line
			}
			frames = append([]any{frame}, frames...)
		}
		if len(frames) == 0 {
			frames = append(frames, map[string]any{"filename": orUnknown(c.Issue.Culprit)})
		}
		chain = append(chain, map[string]any{"frames": frames, "exception": map[string]any{"class": wire.Clip(orUnknown(x.Type), 255), "message": wire.Clip(x.Message, 5000)}})
	}
	switch len(chain) {
	case 0:
		return map[string]any{"message": map[string]any{"body": wire.Clip(c.Title+"\n"+c.Event.Message, 5000)}}
	case 1:
		return map[string]any{"trace": chain[0]}
	}
	return map[string]any{"trace_chain": chain}
}

// Resolve looks the item up among the active ones and resolves it. Without a token for it nothing happens.
func (t *rollbar) Resolve(ctx context.Context, ref Ref, c *card.Card) (Ref, error) {
	if t.cfg.WriteToken == "" {
		return ref, nil
	}
	header := http.Header{"X-Rollbar-Access-Token": {string(t.cfg.WriteToken)}}
	for page := 1; page <= 10; page++ {
		var a struct {
			Result struct {
				Items []struct {
					ID   json.Number `json:"id"`
					Hash string      `json:"hash"`
				} `json:"items"`
			} `json:"result"`
		}
		if err := t.client.JSON(ctx, wire.Request{Method: http.MethodGet, URL: wire.Join(t.api, "items/?status=active&page="+strconv.Itoa(page)), Header: header}, &a); err != nil {
			return ref, err
		}
		for _, item := range a.Result.Items {
			if item.Hash == c.Key {
				_, err := t.client.Do(ctx, wire.Request{Method: http.MethodPatch, URL: wire.Join(t.api, "item", item.ID.String()), Body: map[string]any{"status": "resolved"}, Header: header})
				return ref, err
			}
		}
		if len(a.Result.Items) == 0 {
			break
		}
	}
	return ref, nil // it is no longer active
}

// eventID is a UUID that is the same when an action is tried again.
func eventID(c *card.Card) string {
	sum := sha256.Sum256([]byte(c.Key + string(c.Action) + c.Sequence))
	sum[6], sum[8] = sum[6]&0x0f|0x40, sum[8]&0x3f|0x80 // version 4, https://www.rfc-editor.org/rfc/rfc9562
	return fmt.Sprintf("%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

func short(in map[string]string, limit int) map[string]string {
	out := make(map[string]string, len(in))
	for k, v := range in {
		if len(out) == 100 {
			break
		}
		out[wire.Clip(k, 100)] = wire.Clip(v, limit)
	}
	return out
}

func pick(in map[string]string, keys ...string) map[string]string {
	out := map[string]string{}
	for _, k := range keys {
		if v := in[k]; v != "" {
			out[k] = v
		}
	}
	if out["id"] == "" && in["hash"] != "" {
		out["id"] = in["hash"]
	}
	return out
}
