package stacktrace

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// nastyHeads are first lines that a parser may take for something else.
var nastyHeads = []string{
	"java.lang.IllegalStateException: order 17 has no items", "java.lang.IllegalStateException", "", " ", "x", "\tat", "at home",
	"java.io.IOException: a\nb\n\nc", "java.io.IOException: Caused by: x.Y: z", "a.B: c\nCaused by: d.E: f", "a.B: c\n\tSuppressed: d.E: f",
	"a.B: c\n\t... 3 more", "Exception in thread \"main\" a.B: c", "2026-11-22 10:00:00 ERROR a.B: c", "2026-11-22 10:00:00,1 ERROR [x] failed\na.B: c",
	"Caused by: a.B: c", "... 1 more", "goroutine 1 [running]:", "Traceback (most recent call last):\n  File \"a.py\", line 1, in b\nKeyError: 1",
	"a.B: x\x1b[0m", `a.B: x\n\tat y`, `{"message":"a.B: c"`, "a.B: \xff\xfe", "Suppressed: a.B: c", "TypeError: x is not a function",
	"System.Exception: x", "#0 a.php(1): b()", "panic: x", "thread 'main' panicked at src/main.rs:1:2:", "a.B:", "a.B: c\r", "\r\n\r\na.B: c",
	"a.B: c\nat the end", "\tat a.B.c(D.java:1)", "a.B: c\n\tat e.F.g(H.java:2)\nx", "|a.B: c|", "10:00:00 | a.B: c", "[CIRCULAR REFERENCE: a.B: c]",
}

var javaTails = []string{
	"\n\tat com.acme.Shop.pay(Shop.java:1)\n\tat com.acme.Web.post(Web.java:2)\n\tat java.lang.Thread.run(Thread.java:3)",
	"\n\tat com.acme.Shop.pay(Shop.java:1)\n\tat com.acme.Web.post(Web.java:2)\nCaused by: a.B: c\n\tat com.acme.Db.ask(Db.java:3)\n\t... 2 more\n",
	"\n\tat com.acme.Shop.pay(Shop.java:1)\n\tat com.acme.Web.post(Web.java:2)\n\tSuppressed: a.B: c\n\t\tat com.acme.Db.ask(Db.java:3)\nCaused by: e.F\n\tat g.H.i(J.java:4)\nand more",
	"\r\n\tat com.acme.Shop.pay(Shop.java:1)\r\n\tat com.acme.Web.post(Web.java:2)\r\n",
	"\nat com.acme.Shop.pay(Shop.java:1)\nat com.acme.Web.post(Web.java:2)\n  at x.Y.z(Z.java)",
	"\n\tat home\n\tat com.acme.Web.post(Web.java:2)\n\tat x.Y.z(Z.java:1)\n",
	"\n\tat com.acme.Shop.pay(Shop.java:1)",
	"\n  at f (a.js:1:2)\n  at g (b.js:3:4)\n  at h (c.js:5:6)",
	"\n   at Acme.Shop.Pay() in C:\\a.cs:line 1\n   at Acme.Web.Post() in C:\\b.cs:line 2\n",
	"\n\tat com.acme.Shop.pay(Shop.java:1)\n\n\nx\n\tat com.acme.Web.post(Web.java:2)\n",
}

// checkTail compares what a known tail makes of a text with what the parser does.
func checkTail(t *testing.T, first, second, tail string, hint Language, rules InApp) (used bool) {
	t.Helper()
	known, ok := ParseLimits(first+tail, hint, DefaultLimits, rules)
	if !ok {
		return false
	}
	at, ok := TailOf(first + tail)
	k, ok2 := NewTail(first+tail, hint, &known)
	if !ok || !ok2 {
		return false
	}
	text := second + tail
	if now, ok := TailOf(text); !ok || text[now:] != (first + tail)[at:] {
		return false // the caller looks tails up by their text
	}
	got, ok := k.Parse(text, hint)
	if !ok {
		return false
	}
	want, ok := ParseLimits(text, hint, DefaultLimits, rules)
	require.True(t, ok, "%q", text)
	require.Equal(t, want, got, "%q after %q", text, first)
	return true
}

func TestTail(t *testing.T) {
	used := 0
	for _, tail := range javaTails {
		for _, first := range nastyHeads {
			for _, second := range nastyHeads {
				for _, hint := range []Language{Unknown, Java, Python} {
					if checkTail(t, first, second, tail, hint, InApp{}) {
						used++
					}
				}
			}
		}
	}
	require.Greater(t, used, 1000)
	require.True(t, checkTail(t, nastyHeads[0], "a.B: other", javaTails[1], Java, InApp{Include: []string{"java.*"}}))
}

// TestTailOfTruth: traces of programs that really ran, under other heads.
func TestTailOfTruth(t *testing.T) {
	used := 0
	for _, language := range []string{"java", "node", "dotnet", "php"} {
		for _, row := range loadTruth(t, "testdata/"+language+".jsonl") {
			at, ok := TailOf(row.Stacktrace)
			if !ok {
				continue
			}
			for _, head := range nastyHeads {
				if checkTail(t, row.Stacktrace[:at], head, row.Stacktrace[at:], Unknown, InApp{}) {
					used++
				}
			}
		}
	}
	require.Greater(t, used, 1000)
}

// FuzzTail: whatever stands before the frames, and in them, a known tail gives what the parser does.
func FuzzTail(f *testing.F) {
	for i, head := range nastyHeads {
		f.Add(nastyHeads[0], head, javaTails[i%len(javaTails)])
	}
	f.Fuzz(func(t *testing.T, first, second, tail string) {
		if len(first)+len(second)+len(tail) > 4<<10 || strings.Count(tail, "\n") > 100 {
			return
		}
		checkTail(t, first, second, tail, Unknown, InApp{})
		checkTail(t, first, second, tail, Java, InApp{})
	})
}
