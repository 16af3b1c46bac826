package target

import (
	"context"
	"net/http"
	"strconv"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/card"
	"github.com/otel-culprit/culprit/internal/stacktrace"
)

func serveRollbar(f *fake, w http.ResponseWriter, r *http.Request, body []byte) {
	assert.Contains(f.t, []string{secret, secret + "-write"}, r.Header.Get("X-Rollbar-Access-Token"))
	if r.URL.Path == "/api/1/items/" {
		items := []any{}
		for _, t := range f.tickets {
			if !t.Closed && r.URL.Query().Get("page") == "1" {
				id, _ := strconv.Atoi(t.ID)
				items = append(items, map[string]any{"id": id, "hash": t.Key})
			}
		}
		reply(w, 200, map[string]any{"err": 0, "result": map[string]any{"items": items}})
		return
	}
	if r.Method == http.MethodPatch {
		t := f.byID(r.URL.Path[len("/api/1/item/"):])
		assert.JSONEq(f.t, `{"status":"resolved"}`, string(body))
		t.Closed = true
		reply(w, 200, map[string]any{"err": 0})
		return
	}
	assert.Equal(f.t, "/api/1/item/", r.URL.Path)
	var in struct{ Data rollbarData }
	f.decode(body, &in)
	d := in.Data
	assert.NotEmpty(f.t, d.Environment)
	assert.Len(f.t, d.UUID, 36)
	assert.LessOrEqual(f.t, len(d.Fingerprint), 40)
	assert.LessOrEqual(f.t, utf8.RuneCountInString(d.Title), 255)
	assert.Contains(f.t, []string{"critical", "error", "warning", "info", "debug"}, d.Level)
	assert.Len(f.t, d.Body, 1)
	t := f.byKey(d.Fingerprint)
	if t == nil {
		t = f.add(ticket{Key: d.Fingerprint})
	}
	t.Title, t.Closed, t.Priority = d.Title, false, d.Level
	reply(w, 200, map[string]any{"err": 0, "result": map[string]string{"uuid": d.UUID}})
}

var _ = register(subject{
	name: "rollbar", serve: serveRollbar, noNotes: true, wait: 13e9,
	limited: answer(429, map[string]string{"X-Rate-Limit-Remaining-Seconds": "13"}, `{"err":1}`),
	make: func(url string) maker {
		c := DefaultRollbar()
		c.Token, c.WriteToken, c.URL = secret, secret+"-write", url
		return &c
	},
})

// Chains are outermost first; frames have the most recent call last.
func TestRollbarOrder(t *testing.T) {
	c := newCard(card.Open, "a", 1)
	c.Event.Exceptions = []stacktrace.Exception{
		{Type: "Outer", Frames: []stacktrace.Frame{{Function: "crash", File: "a.go"}, {Function: "main", File: "b.go"}}},
		{Type: "Inner", Parent: 0, Relation: stacktrace.Cause},
	}
	chain := (&rollbar{cfg: &RollbarConfig{}}).body(c)["trace_chain"].([]any)
	require.Len(t, chain, 2)
	outer := chain[0].(map[string]any)
	assert.Equal(t, "Outer", outer["exception"].(map[string]any)["class"])
	assert.Equal(t, "main", outer["frames"].([]any)[0].(map[string]any)["method"])
	assert.Equal(t, "crash", outer["frames"].([]any)[1].(map[string]any)["method"])
	_, err := (&rollbar{cfg: &RollbarConfig{}}).Resolve(context.Background(), Ref{}, c)
	require.NoError(t, err, "without a token for it nothing is resolved")
}
