package target

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"

	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/card"
	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/wire"
)

// slackBot posts one thread for each issue and keeps its first message up to date.
type slackBot struct {
	api, channel string
	lag          time.Duration
	client       *wire.Client
}

const slackEvent = "culprit_issue" // event_type of the metadata by which a message is found again

var errSlackGone = errors.New("message_not_found")

// judgeSlackBot: methods answer 200 with {"ok":false,"error":"word"}.
func judgeSlackBot(a *wire.Answer, usual *wire.Error) *wire.Error {
	if usual != nil {
		return usual
	}
	var body struct {
		OK    bool   `json:"ok"`
		Error string `json:"error"`
	}
	if err := json.Unmarshal(a.Body, &body); err != nil {
		return &wire.Error{Kind: wire.Later, Unsure: true, Err: fmt.Errorf("slack answered half an answer or no JSON: %w", err)}
	}
	if body.OK {
		return nil
	}
	e := &wire.Error{Kind: wire.Refused, Err: fmt.Errorf("slack answered %q", body.Error)}
	switch body.Error {
	case "ratelimited", "rate_limited", "message_limit_exceeded":
		e.Kind, e.Wait = wire.Limited, max(wire.RetryAfter(a.Header, time.Now()), time.Second)
	case "internal_error", "fatal_error", "service_unavailable", "request_timeout", "team_added_to_org":
		e.Kind, e.Unsure = wire.Later, true
	case "message_not_found", "thread_not_found", "cant_update_message", "edit_window_closed":
		e.Err = errSlackGone
	case "not_authed", "invalid_auth", "account_inactive", "token_revoked", "token_expired", "no_permission", "missing_scope", "org_login_required",
		"ekm_access_denied", "not_allowed_token_type", "channel_not_found", "not_in_channel", "is_archived", "restricted_action", "access_denied", "team_access_not_granted":
		e.Kind = wire.Unauthorized
	}
	return e
}

func (t *slackBot) Traits() Traits {
	return Traits{Markup: card.Mrkdwn{}, Search: true, Lag: t.lag, Quiet: true}
}

type slackAnswer struct {
	Channel string `json:"channel"`
	TS      string `json:"ts"`
}

func (t *slackBot) call(ctx context.Context, method string, m *slackMessage) (slackAnswer, error) {
	var a slackAnswer
	err := t.client.JSON(ctx, wire.Request{Method: http.MethodPost, URL: wire.Join(t.api, method), Body: m}, &a)
	if err != nil && wire.As(err).Kind == wire.Refused && strings.Contains(err.Error(), errSlackGone.Error()) {
		return a, ErrGone
	}
	return a, err
}

// Find implements [Target]: it looks through the channel's latest messages. Without the right to read
// them nothing is found.
func (t *slackBot) Find(ctx context.Context, key string) (Found, bool, error) {
	query := url.Values{"channel": {t.channel}, "limit": {"200"}, "include_all_metadata": {"true"}, "oldest": {strconv.FormatInt(time.Now().Add(-24*time.Hour).Unix(), 10)}}
	var a struct {
		Messages []struct {
			TS       string         `json:"ts"`
			Metadata *slackMetadata `json:"metadata"`
		} `json:"messages"`
	}
	err := t.client.JSON(ctx, wire.Request{Method: http.MethodGet, URL: wire.Join(t.api, "conversations.history?"+query.Encode()), Soft: true}, &a)
	if err != nil {
		if e := wire.As(err); e.Kind == wire.Unauthorized || e.Kind == wire.Refused {
			return Found{}, false, nil
		}
		return Found{}, false, err
	}
	for i := len(a.Messages) - 1; i >= 0; i-- { // the oldest first
		if m := a.Messages[i]; m.Metadata != nil && m.Metadata.EventType == slackEvent && m.Metadata.Payload["key"] == key {
			return Found{Ref: Ref{ID: m.TS, Extra: t.channel}, Closed: m.Metadata.Payload["state"] == "resolved"}, true, nil
		}
	}
	return Found{}, false, nil
}

// Open implements [Target].
func (t *slackBot) Open(ctx context.Context, c *card.Card) (Ref, error) {
	m := t.header(c)
	m.Channel = t.channel
	a, err := t.call(ctx, "chat.postMessage", m)
	if err != nil {
		return Ref{}, err
	}
	if a.TS == "" {
		return Ref{}, wire.Doubt(errors.New("slack answered without ts"))
	}
	return Ref{ID: a.TS, Extra: a.Channel}, nil
}

func (t *slackBot) header(c *card.Card) *slackMessage {
	m := slackCard(c)
	state := "open"
	if c.Resolved() {
		state = "resolved"
	}
	m.Metadata = &slackMetadata{EventType: slackEvent, Payload: map[string]string{"key": c.Key, "issue_id": c.Issue.ID, "state": state}}
	return m
}

// tell edits the header, which can be repeated, and then replies in the thread.
func (t *slackBot) tell(ctx context.Context, ref Ref, c *card.Card, loud bool) (Ref, error) {
	channel := ref.Extra
	if channel == "" {
		channel = t.channel
	}
	m := t.header(c)
	m.Channel, m.TS = channel, ref.ID
	if _, err := t.call(ctx, "chat.update", m); err != nil {
		return ref, err
	}
	reply := slackNote(c, false)
	reply.Channel, reply.ThreadTS, reply.Broadcast = channel, ref.ID, loud
	_, err := t.call(ctx, "chat.postMessage", reply)
	return ref, err
}

// Comment implements [Target].
func (t *slackBot) Comment(ctx context.Context, ref Ref, c *card.Card) (Ref, error) {
	return t.tell(ctx, ref, c, c.Action == card.Escalate)
}

// Resolve implements [Target].
func (t *slackBot) Resolve(ctx context.Context, ref Ref, c *card.Card) (Ref, error) {
	return t.tell(ctx, ref, c, false)
}

// Reopen implements [Target].
func (t *slackBot) Reopen(ctx context.Context, ref Ref, c *card.Card) (Ref, error) {
	return t.tell(ctx, ref, c, true)
}

// Digest implements [Digester].
func (t *slackBot) Digest(ctx context.Context, cards []*card.Card) error {
	m := slackDigest(cards)
	m.Channel = t.channel
	_, err := t.call(ctx, "chat.postMessage", m)
	return err
}
