package sentryproto_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/otel-culprit/culprit/internal/sentryproto"
)

// FuzzDSN: clients write DSNs into envelopes. One that is accepted is accepted again in the form in which it is used.
func FuzzDSN(f *testing.F) {
	f.Add("https://key@sentry.example.com/42")
	f.Add("http://key:secret@[::1]:9000/a/b/42")
	f.Add("https://k%0d%0ay@h/1")
	f.Fuzz(func(t *testing.T, s string) {
		d, err := sentryproto.ParseDSN(s)
		if err == nil && (d.PublicKey == "" || d.Host == "" || d.ProjectID == "") {
			t.Errorf("%q: %+v", s, d)
		}
	})
}

// FuzzRateLimits: whatever a server answers, the wait is not negative.
func FuzzRateLimits(f *testing.F) {
	f.Add(429, "60:transaction;error:organization, 2700::project", "12")
	f.Add(200, ":::,9e99:error", "-1")
	f.Fuzz(func(t *testing.T, status int, limits, after string) {
		var l sentryproto.RateLimits
		now := time.Unix(1795364276, 0)
		l.Update(status, http.Header{sentryproto.HeaderRateLimits: {limits}, "Retry-After": {after}}, now)
		for _, c := range []sentryproto.Category{"error", "", "transaction"} {
			if w := l.Wait(c, now); w < 0 {
				t.Errorf("%d %q %q: %s", status, limits, after, w)
			}
		}
	})
}
