package target

import (
	"net/http"
	"strconv"
	"time"

	"github.com/otel-culprit/culprit/test/trackers"
)

var _ = register(subject{
	service: "clickup", wait: 25e9,
	limited: func(w http.ResponseWriter, r *http.Request, serve func(http.ResponseWriter)) {
		trackers.Answer(429, map[string]string{"X-RateLimit-Reset": strconv.FormatInt(time.Now().Add(25*time.Second).Unix(), 10)}, "")(w, r, serve)
	},
	make: func(url string) maker {
		c := DefaultClickUp()
		c.Token, c.List, c.URL = secret, "901", url
		return &c
	},
})
