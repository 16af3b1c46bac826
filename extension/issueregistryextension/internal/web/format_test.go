package web

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/otel-culprit/culprit/internal/issue"
)

func TestAgo(t *testing.T) {
	f := func(d time.Duration, want string) {
		t.Helper()
		assert.Equal(t, want, ago(noon, noon.Add(-d)))
	}
	f(0, "just now")
	f(-time.Hour, "just now") // a clock that is ahead of ours
	f(59*time.Second, "just now")
	f(time.Minute, "1m ago")
	f(59*time.Minute, "59m ago")
	f(23*time.Hour+59*time.Minute, "23h ago")
	f(24*time.Hour, "1d ago")
	f(59*24*time.Hour, "59d ago")
	f(60*24*time.Hour, "2mo ago")
	f(800*24*time.Hour, "2y ago")
	assert.Equal(t, "never", ago(noon, time.Time{}))
	assert.Equal(t, "never", absolute(time.Time{}))
	assert.Equal(t, "never", string(when(noon, time.Time{})))
}

func TestCounts(t *testing.T) {
	f := func(n uint64, wantShort, wantExact string) {
		t.Helper()
		assert.Equal(t, wantShort, short(n))
		assert.Equal(t, wantExact, exact(n))
	}
	f(0, "0", "0")
	f(999, "999", "999")
	f(1000, "1,000", "1,000")
	f(9999, "9,999", "9,999")
	f(10_000, "10k", "10,000")
	f(48_213, "48.2k", "48,213")
	f(123_456, "123k", "123,456")
	f(999_499, "999k", "999,499")
	f(999_500, "1M", "999,500")
	f(4_123_000, "4.1M", "4,123,000")
	f(7_000_000_000, "7B", "7,000,000,000")
}

func TestPercent(t *testing.T) {
	f := func(part, whole uint64, want string) {
		t.Helper()
		assert.Equal(t, want, percent(part, whole))
	}
	f(0, 0, "0%")
	f(0, 9, "0%")
	f(1, 10_000, "<0.1%")
	f(34, 1000, "3.4%")
	f(1, 2, "50%")
	f(995, 1000, "99.5%")
	f(9_999, 10_000, ">99.9%") // never 100 while one is missing
	f(10, 10, "100%")
}

func TestOffset(t *testing.T) {
	f := func(d time.Duration, want string) {
		t.Helper()
		assert.Equal(t, want, strings.ReplaceAll(offset(d), "\u00a0", " "))
	}
	f(0, "0 ms")
	f(-35*time.Millisecond, "−35 ms")
	f(2*time.Millisecond, "+2 ms")
	f(-1240*time.Millisecond, "−1.24 s")
	f(-3*time.Minute, "−3m0s")
}

func TestTitleParts(t *testing.T) {
	f := func(title, typ, rest string) {
		t.Helper()
		assert.Equal(t, [2]string{typ, rest}, titleParts(title))
	}
	f("ValueError: bad: thing", "ValueError", "bad: thing")
	f("could not send mail to <email>: full", "", "could not send mail to <email>: full")
	f("panic", "", "panic")
	f("", "", "")
	f(strings.Repeat("x", 200)+": y", "", strings.Repeat("x", 200)+": y")
	assert.Equal(t, "IllegalStateException", shortType("java.lang.IllegalStateException"))
	assert.Equal(t, "*net.OpError", shortType("*net.OpError"))
	assert.Equal(t, "a.b.", shortType("a.b.")[:4])
}

func TestClip(t *testing.T) {
	assert.Equal(t, "checkout", clip("checkout", 16))
	assert.Equal(t, "payment…rvice-v2", clip("payment-settlement-service-v2", 16))
	assert.Equal(t, "日本…ビス", clip("日本語のサービス", 5))
}

func TestShares(t *testing.T) {
	got := shares(map[string]uint64{"a": 1, "b": 5, "c": 2, "": 2}, 2)
	names := []string{}
	for _, s := range got {
		names = append(names, s.Name+" "+s.Percent)
	}
	assert.Equal(t, []string{"b 50%", "c 20%", " 30%"}, names, "the rest comes last")
	assert.Empty(t, shares(nil, 3))
}

func TestMuteText(t *testing.T) {
	f := func(i issue.Issue, want string) {
		t.Helper()
		assert.Equal(t, want, muteText(i))
	}
	f(issue.Issue{}, "Muted.")
	f(issue.Issue{Mute: &issue.Mute{}}, "Muted for ever.")
	f(issue.Issue{Count: 90, Mute: &issue.Mute{UntilCount: 190, Escalating: true}}, "Muted until 100 further events or it escalates.")
	f(issue.Issue{Count: 200, Mute: &issue.Mute{UntilCount: 190}}, "Muted until 0 further events.")
	f(issue.Issue{Mute: &issue.Mute{Until: noon}}, "Muted until 18 Nov 2026, 12:30 UTC.")
}
