package sentryproto

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/otel-culprit/culprit/internal/retryafter"
)

func TestRateLimits(t *testing.T) {
	now := time.Date(2026, 11, 22, 12, 0, 0, 0, time.UTC)
	f := func(status int, header map[string]string, c Category, want time.Duration) {
		t.Helper()
		var l RateLimits
		h := http.Header{}
		for k, v := range header {
			h.Set(k, v)
		}
		l.Update(status, h, now)
		assert.Equal(t, want, l.Wait(c, now))
		assert.Zero(t, l.Wait(c, now.Add(want)), "the limit ends")
	}
	limits := func(s string) map[string]string { return map[string]string{"X-Sentry-Rate-Limits": s} }

	f(200, nil, CategoryError, 0)
	f(429, nil, CategoryError, 60*time.Second)
	f(429, nil, CategoryTransaction, 60*time.Second)
	f(429, map[string]string{"Retry-After": "7"}, CategoryError, 7*time.Second)
	f(429, map[string]string{"Retry-After": "0.5"}, CategoryError, 500*time.Millisecond)
	f(429, map[string]string{"Retry-After": "Sun, 22 Nov 2026 12:00:09 GMT"}, CategoryError, 9*time.Second)
	f(429, map[string]string{"Retry-After": "soon"}, CategoryError, 60*time.Second)
	f(503, map[string]string{"Retry-After": "7"}, CategoryError, 0)
	f(200, limits("60:error:organization"), CategoryError, 60*time.Second)
	f(200, limits("60:error:organization"), CategoryTransaction, 0)
	f(429, limits("60::organization"), CategoryTransaction, 60*time.Second)
	f(429, limits("60"), CategoryTransaction, 60*time.Second)
	f(429, limits(" 1.5 : default ; ERROR : project : quota : custom , 9:transaction:key"), CategoryError, 1500*time.Millisecond)
	f(429, limits("60:of_tomorrow:organization"), CategoryError, 0)
	f(429, limits("60:of_tomorrow;error:organization"), CategoryError, 60*time.Second)
	f(429, limits("5:error:key, 60:error:organization, 7:error:key"), CategoryError, 60*time.Second)
	f(429, limits("x:error:key"), CategoryError, 60*time.Second)
	f(429, limits(",,"), CategoryError, 0)
	f(429, limits("1e300:error:key"), CategoryError, retryafter.Longest)
}

// A shorter limit never ends a longer one.
func TestLongerLimitStays(t *testing.T) {
	now := time.Now()
	var l RateLimits
	l.Update(429, http.Header{"Retry-After": {"60"}}, now)
	l.Update(429, http.Header{"Retry-After": {"1"}}, now)
	l.Update(200, http.Header{}, now)
	assert.Equal(t, 60*time.Second, l.Wait(CategoryError, now))
}

func TestClientReports(t *testing.T) {
	var r ClientReports
	assert.Nil(t, r.Take())
	r.Add(ReasonSendError, CategoryError, 2)
	r.Add(ReasonRateLimit, CategoryError, 1)
	r.Add(ReasonSendError, CategoryError, 1)
	taken := r.Take()
	assert.Equal(t, []Discarded{{ReasonRateLimit, CategoryError, 1}, {ReasonSendError, CategoryError, 3}}, taken)
	assert.Nil(t, r.Take())
	r.Return(taken)
	assert.Equal(t, taken, r.Take())
	assert.JSONEq(t, `{"timestamp":1795345037.5,"discarded_events":[{"reason":"send_error","category":"error","quantity":3}]}`,
		string(MarshalClientReport(time.UnixMilli(1795345037500), taken[1:])))
}
