package target

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"time"

	"go.opentelemetry.io/collector/config/configopaque"

	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/card"
	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/wire"
	"github.com/otel-culprit/culprit/internal/rate"
)

// SlackConfig is the target Slack: an incoming webhook, or a bot
// (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks, /reference/methods/chat.postMessage).
type SlackConfig struct {
	// WebhookURL is that of an incoming webhook. Its messages cannot be threads nor be edited.
	WebhookURL configopaque.String `mapstructure:"webhook_url"`
	// Token is a bot's (xoxb-...), with the scope chat:write, and channels:history to find lost messages.
	Token configopaque.String `mapstructure:"token"`
	// Channel is the ID of the bot's channel.
	Channel string `mapstructure:"channel"`
	// APIURL is where the bot's methods are.
	APIURL string `mapstructure:"api_url"`

	_ struct{}
}

// DefaultSlack has the defaults.
func DefaultSlack() SlackConfig { return SlackConfig{APIURL: "https://slack.com/api"} }

const slackHook = "https://hooks.slack.com/services/T000/B000/XXXX"

// Validate names each mistake.
func (c *SlackConfig) Validate() error {
	var errs []error
	switch {
	case c.WebhookURL == "" && c.Token == "":
		errs = append(errs, missing("webhook_url", "the URL of an incoming webhook, or 'token' and 'channel' of a bot", slackHook))
	case c.WebhookURL != "" && c.Token != "":
		errs = append(errs, errors.New("'webhook_url' and 'token' exclude each other: with 'token' a bot posts threads, with 'webhook_url' there are single messages"))
	case c.WebhookURL != "":
		errs = append(errs, validURL("webhook_url", string(c.WebhookURL), slackHook))
		if c.Channel != "" {
			errs = append(errs, errors.New("'channel' belongs to 'token': the channel of a webhook is fixed in Slack"))
		}
	case c.Channel == "":
		errs = append(errs, missing("channel", "the ID of the channel that the bot posts to", "C0123456789"))
	}
	errs = append(errs, baseURL("api_url", c.APIURL, "https://slack.com/api"))
	return errors.Join(errs...)
}

// New makes the target.
func (c *SlackConfig) New(o Options) (Target, error) {
	limit := o.limit(rate.New(1, time.Second)) // one message a second in each channel
	opt := wire.Options{Agent: o.Agent, Limit: limit, DefaultWait: 30 * time.Second, Secrets: []string{string(c.WebhookURL), string(c.Token)}}
	if c.WebhookURL != "" {
		opt.Judge = judgeSlackHook
		return &slackHookTarget{url: string(c.WebhookURL), client: wire.New(o.HTTP, opt)}, nil
	}
	opt.Judge = judgeSlackBot
	opt.Header = http.Header{"Authorization": {"Bearer " + string(c.Token)}, "Content-Type": {"application/json; charset=utf-8"}}
	opt.Limit = o.limit(rate.New(3, 2*time.Second))
	return &slackBot{api: c.APIURL, channel: c.Channel, lag: o.lag(2 * time.Second), client: wire.New(o.HTTP, opt)}, nil
}

// judgeSlackHook: errors of webhooks are words with a status
// (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks#handling_errors).
func judgeSlackHook(a *wire.Answer, usual *wire.Error) *wire.Error {
	if usual == nil {
		return nil
	}
	switch word := strings.TrimSpace(string(a.Body)); word {
	case "no_service", "no_service_id", "no_team", "team_disabled", "invalid_token", "no_active_hooks", "channel_not_found", "channel_is_archived", "action_prohibited", "posting_to_general_channel_denied":
		usual.Kind = wire.Unauthorized
	}
	return usual
}

type slackHookTarget struct {
	noFind
	url    string
	client *wire.Client
}

func (t *slackHookTarget) Traits() Traits { return Traits{Markup: card.Mrkdwn{}, Quiet: true} }

func (t *slackHookTarget) post(ctx context.Context, m *slackMessage) error {
	_, err := t.client.Do(ctx, wire.Request{Method: http.MethodPost, URL: t.url, Body: m})
	return err
}

func (t *slackHookTarget) Open(ctx context.Context, c *card.Card) (Ref, error) {
	return Ref{ID: c.Key}, t.post(ctx, slackCard(c))
}

func (t *slackHookTarget) note(ctx context.Context, ref Ref, c *card.Card) (Ref, error) {
	return ref, t.post(ctx, slackNote(c, true))
}

func (t *slackHookTarget) Comment(ctx context.Context, ref Ref, c *card.Card) (Ref, error) {
	return t.note(ctx, ref, c)
}

func (t *slackHookTarget) Resolve(ctx context.Context, ref Ref, c *card.Card) (Ref, error) {
	return t.note(ctx, ref, c)
}

func (t *slackHookTarget) Reopen(ctx context.Context, ref Ref, c *card.Card) (Ref, error) {
	return t.note(ctx, ref, c)
}

// Digest implements [Digester].
func (t *slackHookTarget) Digest(ctx context.Context, cards []*card.Card) error {
	return t.post(ctx, slackDigest(cards))
}
