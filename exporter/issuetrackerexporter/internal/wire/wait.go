package wire

import (
	"net/http"
	"strconv"
	"strings"
	"time"

	"github.com/otel-culprit/culprit/internal/retryafter"
)

// maxWait bounds what a server can ask for: GitHub's windows, the longest there are, last an hour.
const maxWait = time.Hour

// RetryAfter reads the header Retry-After; 0 = absent or in the past.
func RetryAfter(h http.Header, now time.Time) time.Duration {
	d, _ := retryafter.Parse(h.Get("Retry-After"), now)
	return min(d, maxWait)
}

// WaitOf reads how long a server that is asked too often wants to be left alone: from Retry-After, or
// else from a header of its own. 0 = it did not say.
func WaitOf(h http.Header, now time.Time) time.Duration {
	if d := RetryAfter(h, now); d > 0 {
		return d
	}
	for _, name := range []string{"X-Rate-Limit-Remaining-Seconds", "X-RateLimit-Period-In-Sec"} { // Rollbar, Opsgenie
		if s, err := strconv.ParseFloat(h.Get(name), 64); err == nil && s > 0 {
			return seconds(s)
		}
	}
	for _, name := range []string{"X-RateLimit-Reset", "RateLimit-Reset"} { // GitHub, ClickUp, Jira, GitLab
		v := strings.TrimSpace(h.Get(name))
		s, err := strconv.ParseInt(v, 10, 64)
		switch {
		case err == nil && s > 1e11: // milliseconds since 1970
			return until(time.UnixMilli(s), now)
		case err == nil && s > 1e8: // seconds since 1970
			return until(time.Unix(s, 0), now)
		case err == nil && s > 0:
			return seconds(float64(s))
		case v == "":
			continue
		}
		for _, layout := range []string{time.RFC3339, "2006-01-02T15:04Z07:00"} {
			if at, err := time.Parse(layout, v); err == nil {
				return until(at, now)
			}
		}
	}
	return 0
}

func until(at, now time.Time) time.Duration { return min(retryafter.Until(at, now), maxWait) }

func seconds(s float64) time.Duration { return min(retryafter.Seconds(s), maxWait) }
