// Package retryafter reads how long a server wants to be left alone.
package retryafter

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// Longest is the longest wait that is returned, a week: a longer one is a mistake of the server. Callers whose
// servers have shorter limits take the minimum.
const Longest = 7 * 24 * time.Hour

// Parse reads the value of the header Retry-After, which is seconds or a date
// (https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3). Fractions of seconds are not in the RFC, but servers send
// them. The result is 0 to [Longest]; a date in the past is 0. ok is false for what is neither, such as an absent
// header or a negative number.
func Parse(value string, now time.Time) (wait time.Duration, ok bool) {
	value = strings.TrimSpace(value)
	if s, err := strconv.ParseFloat(value, 64); err == nil {
		return Seconds(s), s >= 0
	}
	if at, err := http.ParseTime(value); err == nil {
		return Until(at, now), true
	}
	return 0, false
}

// Seconds makes a wait of 0 to [Longest] of a number of seconds; not a number is 0.
func Seconds(s float64) time.Duration {
	if !(s > 0) {
		return 0
	}
	return time.Duration(min(s, Longest.Seconds()) * float64(time.Second))
}

// Until makes a wait of 0 to [Longest] of the time at which it ends.
func Until(at, now time.Time) time.Duration { return min(max(at.Sub(now), 0), Longest) }
