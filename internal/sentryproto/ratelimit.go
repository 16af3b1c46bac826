package sentryproto

import (
	"math"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/otel-culprit/culprit/internal/retryafter"
)

// Category is what a rate limit or a client report is about
// (https://develop.sentry.dev/sdk/foundations/transport/rate-limiting/).
type Category string

// The categories that are used here; knownCategories has all of them.
const (
	CategoryAll         Category = "" // a limit on everything
	CategoryError       Category = "error"
	CategoryTransaction Category = "transaction"
	CategorySpan        Category = "span"
	CategoryLog         Category = "log_item"
	CategoryInternal    Category = "internal"
)

var knownCategories = map[Category]bool{
	"default": true, CategoryError: true, CategoryTransaction: true, "monitor": true, CategorySpan: true,
	CategoryLog: true, "log_byte": true, "security": true, "attachment": true, "session": true,
	"profile": true, "profile_chunk": true, "replay": true, "feedback": true, "trace_metric": true,
	"trace_metric_byte": true, "metric_bucket": true, CategoryInternal: true,
}

// Headers of Sentry's rate limits, and how long a 429 without either of them holds.
const (
	HeaderRateLimits   = "X-Sentry-Rate-Limits"
	HeaderAuth         = "X-Sentry-Auth"
	DefaultRetryAfter  = 60 * time.Second
	headerRetryAfter   = "Retry-After"
	maxRateLimitHeader = 16 << 10
)

// RateLimits remembers until when a DSN takes no data of a category. It is safe for concurrent use.
type RateLimits struct {
	mu    sync.Mutex
	until map[Category]time.Time
}

// Update reads the limits of a response. X-Sentry-Rate-Limits counts whatever the status is; a 429
// without it is a limit on everything.
func (l *RateLimits) Update(status int, h http.Header, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	if values := h.Values(HeaderRateLimits); len(values) > 0 {
		header := strings.Join(values, ",")
		for limit := range strings.SplitSeq(header[:min(len(header), maxRateLimitHeader)], ",") {
			l.add(limit, now)
		}
		return
	}
	if status == http.StatusTooManyRequests {
		l.hold(CategoryAll, now.Add(retryAfter(h.Get(headerRetryAfter), now)))
	}
}

// add reads one limit: <retry_after>:<category;category…>:<scope>:<reason>:<namespaces>.
func (l *RateLimits) add(limit string, now time.Time) {
	after, rest, _ := strings.Cut(strings.TrimSpace(limit), ":")
	seconds, err := strconv.ParseFloat(strings.TrimSpace(after), 64)
	if err != nil || math.IsNaN(seconds) || seconds < 0 {
		if strings.TrimSpace(limit) == "" {
			return
		}
		seconds = DefaultRetryAfter.Seconds() // the documentation's rule for an unreadable number
	}
	until := now.Add(retryafter.Seconds(seconds))
	categories, _, _ := strings.Cut(rest, ":")
	all := true
	for c := range strings.SplitSeq(categories, ";") {
		c := Category(strings.ToLower(strings.TrimSpace(c)))
		if c == "" {
			continue
		}
		all = false // a limit whose categories are all unknown is about nothing we know
		if knownCategories[c] {
			l.hold(c, until)
		}
	}
	if all {
		l.hold(CategoryAll, until)
	}
}

func (l *RateLimits) hold(c Category, until time.Time) {
	if l.until == nil {
		l.until = map[Category]time.Time{}
	}
	if until.After(l.until[c]) {
		l.until[c] = until
	}
}

// Wait tells how long data of a category must be held back; 0 = it may be sent.
func (l *RateLimits) Wait(c Category, now time.Time) time.Duration {
	l.mu.Lock()
	defer l.mu.Unlock()
	return max(0, l.until[c].Sub(now), l.until[CategoryAll].Sub(now))
}

// RetryAfter is what a server asks for with Retry-After; 0 when it does not.
func RetryAfter(h http.Header, now time.Time) time.Duration {
	s := h.Get(headerRetryAfter)
	if s == "" {
		return 0
	}
	return retryAfter(s, now)
}

func retryAfter(s string, now time.Time) time.Duration {
	if d, ok := retryafter.Parse(s, now); ok {
		return d
	}
	return DefaultRetryAfter
}
