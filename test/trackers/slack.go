package trackers

import (
	"net/http"
	"regexp"
	"strconv"
	"strings"
	"time"
)

// slackMessage is a message, as chat.postMessage, chat.update and webhooks take it
// (https://docs.slack.dev/reference/methods/chat.postMessage).
type slackMessage struct {
	Channel, TS, Text string
	ThreadTS          string `json:"thread_ts"`
	Broadcast         bool   `json:"reply_broadcast"`
	Unfurl            *bool  `json:"unfurl_links"`
	Blocks            []struct {
		Type string
		Text *struct{ Type, Text string }
	}
	Metadata *struct {
		EventType string            `json:"event_type"`
		Payload   map[string]string `json:"event_payload"`
	}
}

var (
	slackMention = regexp.MustCompile(`<[@!#]`)
)

// slack reads a message and returns its words.
func (q *request) slack() (m slackMessage, words string) {
	q.decode(&m)
	q.want(m.Text != "", "no text")
	q.atMost(4000, "text", m.Text, runes)
	q.want(len(m.Blocks) <= 50, "%d blocks", len(m.Blocks))
	words = m.Text
	for _, b := range m.Blocks {
		q.oneOf("block", b.Type, "section")
		if b.Text == nil || b.Text.Text == "" {
			q.want(false, "a section without text")
			continue
		}
		q.atMost(3000, "section", b.Text.Text, runes)
		words += "\n" + b.Text.Text
	}
	q.want(!slackMention.MatchString(words), "mentions somebody: %.300s", slackMention.FindString(words))
	return m, words
}

// slackWebhook is an incoming webhook: each message stands alone.
func slackWebhook(q *request) {
	q.answered = true // in words, not in JSON
	if q.r.URL.Path != "/services/T0/B0/"+Secret {
		q.denied++
		http.Error(q.w, "no_service", http.StatusNotFound)
		return
	}
	_, words := q.slack()
	if q.bad {
		http.Error(q.w, "invalid_payload", http.StatusBadRequest)
		return
	}
	q.add(Ticket{Title: words})
	_, _ = q.w.Write([]byte("ok"))
}

// slackBot has the methods of a workspace with one channel.
func slackBot(q *request) {
	say := func(v map[string]any) { q.reply(http.StatusOK, v) }
	if q.deny(q.r.Header.Get("Authorization") == "Bearer "+Secret, http.StatusOK, map[string]any{"ok": false, "error": "invalid_auth"}) {
		return
	}
	if q.r.URL.Path == "/api/conversations.history" {
		q.slackHistory()
		return
	}
	m, words := q.slack()
	q.want(strings.HasSuffix(q.r.Header.Get("Content-Type"), "charset=utf-8"), "Content-Type without charset, of which Slack warns")
	switch {
	case q.bad:
		say(map[string]any{"ok": false, "error": "invalid_blocks"})
	case m.Channel != SlackChannel:
		say(map[string]any{"ok": false, "error": "channel_not_found"})
	case q.r.URL.Path == "/api/chat.update":
		t := q.byID(m.TS)
		if t == nil {
			say(map[string]any{"ok": false, "error": "message_not_found"})
			return
		}
		t.Title, t.Edits = words, t.Edits+1
		if m.Metadata != nil {
			t.State = m.Metadata.Payload["state"]
		}
		t.Closed = t.State == "resolved"
		say(map[string]any{"ok": true, "channel": m.Channel, "ts": m.TS})
	case q.r.URL.Path == "/api/chat.postMessage" && m.ThreadTS != "":
		t := q.byID(m.ThreadTS)
		if t == nil {
			say(map[string]any{"ok": false, "error": "thread_not_found"})
			return
		}
		t.Notes = append(t.Notes, words)
		say(map[string]any{"ok": true, "channel": m.Channel, "ts": "9.9"})
	case q.r.URL.Path == "/api/chat.postMessage":
		t := q.add(Ticket{Title: words})
		if m.Metadata != nil {
			t.Key, t.State = m.Metadata.Payload["key"], m.Metadata.Payload["state"]
		}
		t.ID = strconv.FormatInt(t.Made.Unix(), 10) + "." + t.ID
		say(map[string]any{"ok": true, "channel": m.Channel, "ts": t.ID})
	}
}

func (q *request) slackHistory() {
	v := q.r.URL.Query()
	q.want(v.Get("include_all_metadata") == "true" && v.Get("channel") == SlackChannel, "asks for %s", q.r.URL.RawQuery)
	if q.bad {
		q.reply(http.StatusOK, map[string]any{"ok": false, "error": "invalid_arguments"})
		return
	}
	list := []any{}
	for i := len(q.tickets) - 1; i >= 0; i-- { // the newest first
		t := q.tickets[i]
		if time.Since(t.Made) < q.chaos.Lag {
			continue
		}
		payload := map[string]string{"key": t.Key, "state": t.State}
		list = append(list, map[string]any{"ts": t.ID, "metadata": map[string]any{"event_type": "culprit_issue", "event_payload": payload}})
	}
	q.reply(http.StatusOK, map[string]any{"ok": true, "messages": list})
}
