package stacktrace

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// everyLanguage has those without a parser, too.
var everyLanguage = []Language{Unknown, Python, Java, NodeJS, WebJS, Go, DotNet, Ruby, PHP, Rust, Perl, Erlang, Dart, Swift, Lua, CPlusPlus, OtherOrNone}

func TestParseRefuses(t *testing.T) {
	f := func(text string) {
		t.Helper()
		got, ok := Parse(text, Unknown)
		require.False(t, ok, "%+v", got)
		require.Equal(t, Unknown, Detect(text))
	}
	f("")
	f("\n")
	f("order 17 shipped")
	f("ERROR something failed at the very last moment\nplease look at it (now: 12)\n")
	f("Meeting at 10:30\nat the office\nfrom Monday on\n")
	f("name: value\nother: value\n  - a\n  - b: 3\n")
	f("SELECT *\nFROM orders\nWHERE id = 17\n")
	f("#1 fix the build\n#2 write docs (soon): maybe\n")
	f("contact ana@example.com:25\nor bob@example.com\n")
	f("1: first\n2: second\n3: third\n")
	f("see main.go: it is long\nand app.rb: too\n")
	f("key=value\nTraceback without frames\nValueError: x\n")
	f("stack traceback:\n\tnothing that is a frame\n")
	f("GET /a/b HTTP/1.1\nHost: example.com:8080\nReferer: https://example.com/\n")
}

// TestHint tells that a wrong hint does no harm.
func TestHint(t *testing.T) {
	for language, text := range longTraces {
		for _, hint := range everyLanguage {
			got, ok := Parse(text, hint)
			require.True(t, ok, "%s as %s", language, hint)
			require.Equal(t, language, got.Language, "%s as %s", language, hint)
		}
	}
}

func TestLimits(t *testing.T) {
	got, ok := ParseLimits(longTraces[Java], Java, Limits{Frames: 7}, InApp{})
	require.True(t, ok)
	require.True(t, got.Truncated)
	require.Len(t, got.Exceptions[0].Frames, 7)

	got, ok = ParseLimits(longTraces[Python], Python, Limits{Bytes: 1000}, InApp{})
	require.True(t, ok)
	require.True(t, got.Truncated)
	require.LessOrEqual(t, got.End, 1000)

	var b strings.Builder
	b.WriteString("java.lang.Error: 0\n\tat a.B.c(B.java:1)\n")
	for i := range 200 {
		fmt.Fprintf(&b, "Caused by: java.lang.Error: %d\n\tat a.B.c(B.java:1)\n", i)
	}
	got, ok = Parse(b.String(), Java)
	require.True(t, ok)
	require.True(t, got.Truncated)
	require.Len(t, got.Exceptions, DefaultLimits.Exceptions)
}

// TestCut parses every prefix of a trace: a size limit may cut at any byte.
func TestCut(t *testing.T) {
	for language, text := range longTraces {
		parsed := 0
		for n := len(text) / 3; n < len(text); n += 7 {
			got, ok := Parse(text[:n], Unknown)
			if !ok {
				continue
			}
			parsed++
			require.Equal(t, language, got.Language)
			require.LessOrEqual(t, got.End, n)
			require.NotEmpty(t, got.Exceptions[0].Frames)
		}
		require.Positive(t, parsed, language)
	}
}

// TestPositions tells that Start and End hold in the text as it came.
func TestPositions(t *testing.T) {
	trace := "java.lang.IllegalStateException: x\n\tat com.acme.App.main(App.java:3)"
	got, ok := Parse("before\n"+trace+"\n2026-11-22 12:00:00 after\n", Unknown)
	require.True(t, ok)
	require.Equal(t, len("before\n"), got.Start)
	require.Equal(t, len("before\n"+trace), got.End)

	escaped := strings.NewReplacer("\n", `\n`, "\t", `\t`).Replace(trace)
	record := `{"msg":"failed","stack":"` + escaped + `","n":1}`
	got, ok = Parse(record, Unknown)
	require.True(t, ok)
	require.Equal(t, escaped, record[got.Start:got.End])
}

// TestAllocations keeps a parse at a few allocations, whatever the number of frames.
func TestAllocations(t *testing.T) {
	for language, text := range longTraces {
		n := testing.AllocsPerRun(20, func() { Parse(text, language) })
		require.LessOrEqual(t, n, 6.0, language)
		require.Zero(t, testing.AllocsPerRun(20, func() { Looks(text) }), language)
		require.Zero(t, testing.AllocsPerRun(20, func() { Detect(text) }), language)
	}
}
