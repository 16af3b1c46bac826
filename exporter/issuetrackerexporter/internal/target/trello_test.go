package target

import (
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
