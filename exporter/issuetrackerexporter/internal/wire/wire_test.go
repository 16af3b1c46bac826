package wire

import (
	"context"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/internal/rate"
)

func TestClip(t *testing.T) {
	f := func(s string, limit int, want string) {
		t.Helper()
		assert.Equal(t, want, Clip(s, limit))
	}
	f("abc", 3, "abc")
	f("abcd", 3, "ab…")
	f("한국어말", 3, "한국…")
	f("한국어", 3, "한국어")
	f("a\xffb", 9, "a\uFFFDb")
	f("abc", 0, "")
	f("abc", 1, "…")
	assert.Equal(t, "a…", ClipUnits("a🚀🚀", 3))
	assert.Equal(t, "a🚀…", ClipUnits("a🚀🚀b", 4))
	assert.Equal(t, "a…", ClipBytes("a한국", 6))
	assert.Equal(t, "a b c", Line(" a\n\tb\u2028c\x00"))
}

// FuzzClip cuts any text within its limit, on the border of a rune.
func FuzzClip(f *testing.F) {
	f.Add("한국어🚀", 3)
	f.Add("\xff\xfe", 1)
	f.Fuzz(func(t *testing.T, s string, limit int) {
		for _, c := range []struct {
			out string
			n   int
		}{
			{Clip(s, limit), utf8.RuneCountInString(Clip(s, limit))},
			{ClipUnits(s, limit), len(utf16.Encode([]rune(ClipUnits(s, limit))))},
			{ClipBytes(s, limit), len(ClipBytes(s, limit))},
		} {
			if c.n > max(limit, 0) || !utf8.ValidString(c.out) {
				t.Fatalf("%q for %d", c.out, limit)
			}
		}
		Line(s)
	})
}

func TestWaitOf(t *testing.T) {
	now := time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)
	f := func(name, value string, want time.Duration) {
		t.Helper()
		assert.Equal(t, want, WaitOf(http.Header{name: {value}}, now), "%s: %s", name, value)
	}
	f("Retry-After", "7", 7*time.Second)
	f("Retry-After", "0.5", 500*time.Millisecond)
	f("Retry-After", "Wed, 04 Mar 2026 05:07:07 GMT", time.Minute)
	f("Retry-After", "Wed, 04 Mar 2026 05:00:00 GMT", 0)
	f("Retry-After", "-3", 0)
	f("Retry-After", "NaN", 0)
	f("Retry-After", "1e300", time.Hour)
	f("Retry-After", "soon", 0)
	f("X-Rate-Limit-Remaining-Seconds", "11", 11*time.Second)
	f("X-Ratelimit-Period-In-Sec", "12", 12*time.Second)
	f("X-Ratelimit-Reset", "1772600777", 10*time.Second)
	f("X-Ratelimit-Reset", "2026-03-04T05:06Z", 0)
	f("X-Ratelimit-Reset", "2026-03-04T05:08Z", 113*time.Second)
	f("Ratelimit-Reset", "9", 9*time.Second)
}

func TestPlace(t *testing.T) {
	assert.Equal(t, "https://hooks.slack.com/…", Place("https://user:pass@hooks.slack.com/services/T/B/secret?token=x"))
	assert.Equal(t, "the configured URL", Place("::"))
}

func TestHide(t *testing.T) {
	secrets := usable([]string{"https://hooks.slack.com/services/T0/B0/verysecret", "to ken", "abc"})
	assert.Equal(t, "no [REDACTED] at [REDACTED], [REDACTED]", hide("no verysecret at /services/T0/B0/verysecret, to+ken", secrets))
}

func TestLimiter(t *testing.T) {
	l := newLimiter(rate.New(2, time.Hour))
	ctx := context.Background()
	require.NoError(t, l.wait(ctx, "x"))
	require.NoError(t, l.wait(ctx, "x"))
	e := As(l.wait(ctx, "x"))
	assert.Equal(t, Limited, e.Kind)
	assert.Greater(t, e.Wait, 20*time.Minute)
	free := newLimiter(rate.Limit{})
	free.close(&Error{Kind: Limited, Wait: time.Minute, Err: context.Canceled}, time.Now())
	assert.Equal(t, Limited, As(free.wait(ctx, "x")).Kind)
}

// A patient request waits for the end of a limit and is sent again; one with less patience comes back.
func TestPatience(t *testing.T) {
	calls := 0
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if calls++; calls < 3 {
			w.Header().Set("Retry-After", "0.05")
			w.WriteHeader(http.StatusTooManyRequests)
		}
	}))
	defer server.Close()
	c := New(server.Client(), Options{})
	r := Request{Method: http.MethodGet, URL: server.URL}
	_, err := c.Do(context.Background(), r)
	require.Error(t, err)
	_, err = c.Do(Patient(context.Background(), time.Now().Add(time.Millisecond)), r)
	assert.Equal(t, Limited, As(err).Kind)
	_, err = c.Do(Patient(context.Background(), time.Now().Add(time.Minute)), r)
	require.NoError(t, err)
	assert.Equal(t, 3, calls)
	ctx, cancel := context.WithCancel(Patient(context.Background(), time.Now().Add(time.Minute)))
	c.limit.close(&Error{Kind: Limited, Wait: 30 * time.Second, Err: err}, time.Now())
	cancel()
	_, err = c.Do(ctx, r)
	assert.Equal(t, Later, As(err).Kind)
}
