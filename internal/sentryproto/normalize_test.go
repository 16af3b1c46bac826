package sentryproto

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestNames(t *testing.T) {
	assert.Equal(t, "team-shop@1.2+3", Release(" team/shop@1.2+3\n"))
	assert.Empty(t, Release(".."))
	assert.Equal(t, strings.Repeat("é", 100), Release(strings.Repeat("é", 300)))
	assert.Equal(t, "eu-west", Environment("eu/west"))
	assert.Empty(t, Environment("None"))
	assert.Equal(t, "77-a", Dist("7 7-a!"))
	assert.Equal(t, "203.0.113.9", IPAddress("203.0.113.9"))
	assert.Equal(t, "2001:db8::1", IPAddress("2001:db8::1"))
	assert.Empty(t, IPAddress("[IP]"))
	assert.Equal(t, "ab...", Cut("abcdefg", 5))
	assert.Equal(t, "äö...", Cut("äöüßäöü", 5))
	assert.Equal(t, "...fg", cutHead("abcdefg", 5))
}

func TestTag(t *testing.T) {
	f := func(key, value, wantKey, wantValue string) {
		t.Helper()
		k, v, ok := Tag(key, value)
		assert.True(t, ok)
		assert.Equal(t, wantKey+"="+wantValue, k+"="+v)
	}
	f("k8s.pod.name", "pay-1", "k8s.pod.name", "pay-1")
	f("a b/c", " x\ny", "a_b_c", "x")
	f(strings.Repeat("k", 40), strings.Repeat("v", 300), strings.Repeat("k", 32), strings.Repeat("v", 197)+"...")
	for _, key := range []string{"release", "Dist", "user", "filename", "function", "environment", ""} {
		_, _, ok := Tag(key, "x")
		assert.False(t, ok, key)
	}
	_, _, ok := Tag("x", "\n")
	assert.False(t, ok)
}

// bigEvent is an event that is too large in every part.
func bigEvent(frames, crumbs int) *Event {
	e := &Event{EventID: "x", Extra: map[string]string{}, Contexts: map[string]Context{"otel": {"resource": map[string]string{}}}}
	stack := &Stacktrace{}
	for i := range frames {
		stack.Frames = append(stack.Frames, Frame{
			Function: fmt.Sprintf("f%d", i), Filename: strings.Repeat("/path", 80), ContextLine: strings.Repeat("c", 400),
			PreContext: []string{strings.Repeat("p", 400)}, Vars: map[string]string{"v": strings.Repeat("v", 2000)},
		})
	}
	e.Exception = &List[Exception]{Values: []Exception{{Type: strings.Repeat("T", 300), Value: strings.Repeat("x", 9000), Stacktrace: stack}}}
	e.Breadcrumbs = &List[Breadcrumb]{}
	for i := range crumbs {
		e.Breadcrumbs.Values = append(e.Breadcrumbs.Values, Breadcrumb{Message: fmt.Sprintf("crumb %d %s", i, strings.Repeat("m", 10000))})
	}
	for i := range 40 {
		e.Extra[fmt.Sprintf("extra%d", i)] = strings.Repeat("e", 20000)
	}
	return e
}

func TestNormalizeKeepsLimits(t *testing.T) {
	e := bigEvent(300, 150)
	e.Normalize()
	assert.Len(t, e.Exception.Values[0].Stacktrace.Frames, 250)
	assert.Equal(t, "f299", e.Exception.Values[0].Stacktrace.Frames[249].Function, "the oldest callers go")
	assert.Len(t, e.Breadcrumbs.Values, 100)
	assert.True(t, strings.HasPrefix(e.Breadcrumbs.Values[99].Message, "crumb 149"))
	assert.Len(t, e.Exception.Values[0].Value, 8192)
	total := 0
	for k, v := range e.Extra {
		assert.LessOrEqual(t, len(v), maxExtraValue)
		total += len(k) + len(v)
	}
	assert.LessOrEqual(t, total, maxExtraTotal)
}

// Trimming takes the least useful first and stops as soon as the event fits.
func TestTrimOrder(t *testing.T) {
	kept := func(e *Event) string {
		frames := e.Exception.Values[0].Stacktrace.Frames
		f := frames[len(frames)-1]
		crumbs := 0
		if e.Breadcrumbs != nil {
			crumbs = len(e.Breadcrumbs.Values)
		}
		return fmt.Sprintf("vars=%t context=%t crumbs=%d frames=%d extra=%t", f.Vars != nil, f.ContextLine != "", crumbs, len(frames), e.Extra != nil)
	}
	f := func(limit int, want string) {
		t.Helper()
		e := bigEvent(200, 60)
		e.Normalize()
		payload, trimmed, err := e.MarshalTrimmed(func(b []byte) int { return len(b) * MaxCompressedBytes / limit })
		require.NoError(t, err)
		assert.True(t, trimmed)
		assert.LessOrEqual(t, len(payload), limit)
		assert.Equal(t, want, kept(e))
		assert.True(t, json.Valid(payload))
	}
	f(1_000_000, "vars=false context=true crumbs=60 frames=200 extra=true")
	f(890_000, "vars=false context=false crumbs=60 frames=200 extra=true")
	f(750_000, "vars=false context=false crumbs=20 frames=200 extra=true")
	f(410_000, "vars=false context=false crumbs=0 frames=200 extra=true")
	f(300_000, "vars=false context=false crumbs=0 frames=50 extra=true")
	f(200_000, "vars=false context=false crumbs=0 frames=50 extra=false")
}

func TestSmallEventIsNotTrimmed(t *testing.T) {
	e := bigEvent(2, 2)
	e.Normalize()
	_, trimmed, err := e.MarshalTrimmed(func([]byte) int { return 0 })
	require.NoError(t, err)
	assert.False(t, trimmed)
}
