package target

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/card"
	"github.com/otel-culprit/culprit/test/trackers"
)

var _ = register(subject{
	service: "trello", wait: 10e9,
	limited: trackers.Answer(429, nil, `{"error":"API_TOKEN_LIMIT_EXCEEDED"}`),
	make: func(url string) maker {
		c := DefaultTrello()
		c.Key, c.Token, c.List, c.URL = trackers.TrelloKey, secret, "list1", url
		return &c
	},
})

// A server that does not tell the list's board makes cards all the same, and the first of them tells it.
func TestTrelloWithoutLists(t *testing.T) {
	var asked []string
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		asked = append(asked, r.Method+" "+r.URL.Path)
		switch r.URL.Path {
		case "/1/cards":
			_, _ = w.Write([]byte(`{"id":"c1","idBoard":"b1"}`))
		case "/1/boards/b1/cards":
			_, _ = w.Write([]byte(`[]`))
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	defer server.Close()
	c := DefaultTrello()
	c.Key, c.Token, c.List, c.URL = "key", "token", "list1", server.URL
	target, err := c.New(Options{HTTP: server.Client()})
	require.NoError(t, err)
	for range 2 {
		_, found, err := target.Find(context.Background(), "key")
		require.NoError(t, err)
		assert.False(t, found)
		ref, err := target.Open(context.Background(), card.Example())
		require.NoError(t, err)
		assert.Equal(t, "c1", ref.ID)
	}
	assert.Equal(t, []string{"GET /1/lists/list1", "POST /1/cards", "GET /1/boards/b1/cards", "POST /1/cards"}, asked)
}
