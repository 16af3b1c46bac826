package sentryreceiver

import (
	"encoding/json"
	"io"
	"net/http"
	"strconv"
	"strings"

	"github.com/otel-culprit/culprit/internal/sentryproto"
)

// retryAfter is how many seconds SDKs hold back when the spool is full.
const retryAfter = 10

// answer writes a JSON body.
func answer(w http.ResponseWriter, status int, body string) {
	w.Header()["Content-Type"] = jsonType // the server adds the length of what is this short
	w.WriteHeader(status)
	_, _ = io.WriteString(w, body) // a client that has gone needs no answer
}

var jsonType = []string{"application/json"}

// refuse answers as Relay does: {"detail": "…", "causes": […]}, and the same in X-Sentry-Error.
func refuse(w http.ResponseWriter, status int, detail string, causes ...string) {
	body, err := json.Marshal(struct {
		Detail string   `json:"detail"`
		Causes []string `json:"causes,omitempty"`
	}{detail, causes})
	if err != nil { // strings only: cannot happen
		body = []byte(`{}`)
	}
	w.Header().Set("X-Sentry-Error", strings.Join(append([]string{detail}, causes...), ": "))
	answer(w, status, string(body))
}

// throttle tells an SDK to hold everything back for a while.
func throttle(w http.ResponseWriter) {
	seconds := strconv.Itoa(retryAfter)
	w.Header().Set(sentryproto.HeaderRateLimits, seconds+"::organization:spool_full")
	w.Header().Set("Retry-After", seconds)
	refuse(w, http.StatusTooManyRequests, "Sentry dropped data due to a quota or internal rate limit being reached. This will not affect your application.", "the spool is full")
}

// writeHTTPError answers what goes wrong before the handler: the body's encoding, or authentication.
func writeHTTPError(w http.ResponseWriter, _ *http.Request, message string, status int) {
	if strings.HasPrefix(message, "unsupported Content-Encoding") {
		status = http.StatusUnsupportedMediaType
	}
	refuse(w, status, "invalid request", message)
}
