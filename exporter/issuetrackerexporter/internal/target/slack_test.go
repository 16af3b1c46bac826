package target

import (
	"net/http"
	"strings"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/config/configopaque"
)

// checkSlack keeps the letter of Block Kit.
func checkSlack(f *fake, m *slackMessage) {
	assert.NotEmpty(f.t, m.Text)
	assert.LessOrEqual(f.t, utf8.RuneCountInString(m.Text), 4000)
	assert.LessOrEqual(f.t, len(m.Blocks), 50)
	for _, b := range m.Blocks {
		assert.Equal(f.t, "section", b.Type)
		assert.NotEmpty(f.t, b.Text.Text)
		assert.LessOrEqual(f.t, utf8.RuneCountInString(b.Text.Text), 3000)
		assert.NotContains(f.t, b.Text.Text, "<@here")
	}
}

func slackWords(m *slackMessage) string {
	s := m.Text
	for _, b := range m.Blocks {
		s += "\n" + b.Text.Text
	}
	return s
}

func serveSlackHook(f *fake, w http.ResponseWriter, r *http.Request, body []byte) {
	assert.Equal(f.t, "/services/T0/B0/"+secret, r.URL.Path)
	var m slackMessage
	f.decode(body, &m)
	checkSlack(f, &m)
	f.add(ticket{Title: m.Text})
	_, _ = w.Write([]byte("ok"))
}

var _ = register(subject{
	name: "slack webhook", serve: serveSlackHook, messages: true,
	denied: answer(404, nil, "no_service"),
	make: func(url string) maker {
		c := DefaultSlack()
		c.WebhookURL = configopaque.String(url + "/services/T0/B0/" + secret)
		return &c
	},
})

func serveSlackBot(f *fake, w http.ResponseWriter, r *http.Request, body []byte) {
	assert.Equal(f.t, "Bearer "+secret, r.Header.Get("Authorization"))
	if r.URL.Path == "/api/conversations.history" {
		assert.Equal(f.t, "true", r.URL.Query().Get("include_all_metadata"))
		var list []map[string]any
		for i := len(f.tickets) - 1; i >= 0; i-- { // the newest first
			t := f.tickets[i]
			payload := map[string]string{"key": t.Key, "state": t.State}
			list = append(list, map[string]any{"ts": t.ID, "metadata": map[string]any{"event_type": slackEvent, "event_payload": payload}})
		}
		reply(w, 200, map[string]any{"ok": true, "messages": list})
		return
	}
	var m slackMessage
	f.decode(body, &m)
	checkSlack(f, &m)
	if m.Channel != "C0123" {
		reply(w, 200, map[string]any{"ok": false, "error": "channel_not_found"})
		return
	}
	switch {
	case r.URL.Path == "/api/chat.update":
		t := f.byID(m.TS)
		if t == nil {
			reply(w, 200, map[string]any{"ok": false, "error": "message_not_found"})
			return
		}
		assert.Equal(f.t, t.Key, m.Metadata.Payload["key"])
		t.Title, t.Closed = slackWords(&m), strings.Contains(m.Text, ":white_check_mark:")
		t.State = m.Metadata.Payload["state"]
	case m.ThreadTS != "":
		t := f.byID(m.ThreadTS)
		t.Notes = append(t.Notes, slackWords(&m))
	default:
		f.add(ticket{Key: m.Metadata.Payload["key"], Title: slackWords(&m)})
	}
	reply(w, 200, map[string]any{"ok": true, "channel": "C0123", "ts": f.tickets[len(f.tickets)-1].ID})
}

var _ = register(subject{
	name: "slack bot", serve: serveSlackBot, noClose: false,
	limited: answer(200, map[string]string{"Retry-After": "9"}, `{"ok":false,"error":"ratelimited"}`), wait: 9e9,
	denied: answer(200, nil, `{"ok":false,"error":"invalid_auth"}`),
	make: func(url string) maker {
		c := DefaultSlack()
		c.Token, c.Channel, c.APIURL = secret, "C0123", url+"/api"
		return &c
	},
})
