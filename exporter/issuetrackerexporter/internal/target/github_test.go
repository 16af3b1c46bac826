package target

import (
	"net/http"
	"strconv"
	"time"

	"github.com/otel-culprit/culprit/test/trackers"
)

var _ = register(subject{
	service: "github", wait: 20e9,
	limited: func(w http.ResponseWriter, r *http.Request, serve func(http.ResponseWriter)) {
		trackers.Answer(403, map[string]string{"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": strconv.FormatInt(time.Now().Add(20*time.Second).Unix(), 10)}, `{"message":"API rate limit exceeded"}`)(w, r, serve)
	},
	make: func(url string) maker {
		c := DefaultGitHub()
		c.Repository, c.Token, c.APIURL, c.Labels = "acme/shop", secret, url, []string{"bug"}
		return &c
	},
})
