package sentryproto

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/internal/stacktrace"
)

func chainOf(t *testing.T, exception string, lang stacktrace.Language) []stacktrace.Exception {
	t.Helper()
	v, err := ParseJSON([]byte(exception))
	require.NoError(t, err)
	return Chain(Exceptions(v), lang)
}

func TestChain(t *testing.T) {
	chain := chainOf(t, `{"values":[null,
		{"type":"KeyError","value":"'amount'","mechanism":{"source":"exceptions[1]","exception_id":2,"parent_id":0}},
		{"type":"OSError","value":7,"module":"builtins","mechanism":{"source":"__context__","exception_id":1,"parent_id":0}},
		{"type":"PayError","module":"shop.errors","value":"charge failed","mechanism":{"exception_id":0},"stacktrace":{"frames":[
			{"abs_path":"/srv/main.py","filename":"main.py","function":"<module>","lineno":11,"in_app":true},null,
			{"filename":"py.py","raw_function":"charge","module":"py","lineno":6,"colno":"3"}]}}]}`, stacktrace.Python)
	assert.Equal(t, []stacktrace.Exception{
		{Type: "shop.errors.PayError", Module: "shop.errors", Message: "charge failed", Parent: -1, Frames: []stacktrace.Frame{
			{Function: "charge", Module: "py", File: "py.py", Line: 6, Column: 3},
			{Function: "<module>", File: "/srv/main.py", Line: 11, InApp: true},
		}},
		{Type: "OSError", Module: "builtins", Message: "7", Parent: 0, Relation: stacktrace.Context},
		{Type: "KeyError", Message: "'amount'", Parent: 0, Relation: stacktrace.Member},
	}, chain)
}

// The forms that a list comes in.
func TestExceptionForms(t *testing.T) {
	f := func(exception string, types ...string) {
		t.Helper()
		var got []string
		for _, x := range chainOf(t, exception, stacktrace.Go) {
			got = append(got, x.Type)
		}
		assert.Equal(t, types, got, exception)
	}
	f(`[{"type":"A"},{"type":"B"}]`, "B", "A")
	f(`{"values":[{"type":"A"}]}`, "A")
	f(`{"type":"A","value":"a"}`, "A")
	f(`{"value":"a"}`, "")
	f(`{"values":null}`)
	f(`null`)
	f(`[1,"x"]`)
}

// Of very long lists what is next to the crash stays.
func TestChainIsBounded(t *testing.T) {
	frames := strings.Repeat(`{"function":"old"},`, 500) + `{"function":"crash"}`
	chain := chainOf(t, `[`+strings.Repeat(`{"type":"cause"},`, 200)+`{"type":"outer","stacktrace":{"frames":[`+frames+`]}}]`, stacktrace.Java)
	require.Len(t, chain, maxChain)
	assert.Equal(t, "outer", chain[0].Type)
	require.Len(t, chain[0].Frames, maxFrames)
	assert.Equal(t, "crash", chain[0].Frames[0].Function)
	assert.Equal(t, "old", chain[0].Frames[maxFrames-1].Function)
}

func TestUnixNano(t *testing.T) {
	f := func(s, want string) {
		t.Helper()
		v, err := ParseJSON([]byte(s))
		require.NoError(t, err)
		got := v.UnixNano()
		if want == "" {
			assert.Zero(t, got, s)
			return
		}
		assert.Equal(t, want, time.Unix(0, got).UTC().Format(time.RFC3339Nano))
	}
	f(`1795345037.25`, "2026-11-22T10:57:17.25Z")
	f(`1795345037.123456`, "2026-11-22T10:57:17.123456001Z")
	f(`"1795345037"`, "2026-11-22T10:57:17Z")
	f(`"2026-11-22T10:57:17.123456789Z"`, "2026-11-22T10:57:17.123456789Z")
	f(`"2026-11-22T11:57:17+01:00"`, "2026-11-22T10:57:17Z")
	f(`"2026-11-22T10:57:17.5"`, "2026-11-22T10:57:17.5Z")
	f(`"2026-11-22 10:57:17"`, "2026-11-22T10:57:17Z")
	for _, s := range []string{`null`, `true`, `""`, `"now"`, `-1`, `0`, `1e99`, `"0001-01-01T00:00:00Z"`, `"9999-01-01T00:00:00Z"`, `"NaN"`} {
		f(s, "")
	}
	f(strconv.Itoa(lastSecond+1), "")
}

func FuzzChain(f *testing.F) {
	f.Add(`{"values":[{"type":"A","mechanism":{"exception_id":1,"parent_id":0,"source":"errors[0]"}},{"type":"G","module":"m","mechanism":{"exception_id":0},"stacktrace":{"frames":[{"filename":"x.py","lineno":3}]}}]}`)
	f.Fuzz(func(t *testing.T, s string) {
		v, err := new(Parser).ParseText(s)
		if err != nil {
			return
		}
		for i, x := range Chain(Exceptions(v), stacktrace.Python) {
			if x.Parent >= i {
				t.Fatalf("the parent of %d is %d", i, x.Parent)
			}
		}
	})
}
