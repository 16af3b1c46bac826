package stacktrace

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func eachLine(text string, f func(i int, line string) string) string {
	lines := strings.Split(strings.TrimRight(text, "\n"), "\n")
	for i := range lines {
		lines[i] = f(i, lines[i])
	}
	return strings.Join(lines, "\n")
}

// ways are what logging does to a trace on its way.
var ways = map[string]func(string) string{
	"windows": func(s string) string { return strings.ReplaceAll(s, "\n", "\r\n") },
	"escaped": func(s string) string {
		return strings.NewReplacer("\\", `\\`, "\n", `\n`, "\t", `\t`, `"`, `\"`).Replace(s)
	},
	"json": func(s string) string {
		return `{"level":"error","ts":1718000000.1,"msg":"request failed","stack":"` + strings.NewReplacer("\\", `\\`, "\n", `\n`, "\t", `\t`, `"`, `\"`).Replace(s) + `","user":17}`
	},
	"indented": func(s string) string { return eachLine(s, func(_ int, l string) string { return "      " + l }) },
	"cri": func(s string) string {
		return eachLine(s, func(i int, l string) string {
			return fmt.Sprintf("2026-11-22T12:00:0%d.123456%d89Z stderr F %s", i%10, i%10, l)
		})
	},
	"syslog": func(s string) string {
		return eachLine(s, func(i int, l string) string { return fmt.Sprintf("Nov 22 12:00:%02d web-1 shop[8134]: %s", i%60, l) })
	},
	"rfc5424": func(s string) string {
		return eachLine(s, func(i int, l string) string {
			return fmt.Sprintf("<131>1 2026-11-22T12:00:%02d.003Z web-1 shop 8710 - - %s", i%60, l)
		})
	},
	"compose": func(s string) string {
		return eachLine(s, func(_ int, l string) string { return "checkout-1  | " + l })
	},
	"heroku": func(s string) string {
		return eachLine(s, func(i int, l string) string {
			return fmt.Sprintf("2026-11-22T12:00:%02d.12345%d+00:00 app[web.1]: %s", i%60, i%10, l)
		})
	},
	"logger": func(s string) string {
		return eachLine(s, func(i int, l string) string {
			return fmt.Sprintf("[2026-11-22 12:00:%02d,12%d] ERROR [worker-3] shop: %s", i%60, i%10, l)
		})
	},
	"preceded": func(s string) string {
		return "2026-11-22 12:00:00,123 ERROR [worker-3] shop.api - request POST /orders failed after 35 ms\n" + s
	},
	"followed": func(s string) string {
		return strings.TrimRight(s, "\n") + "\n2026-11-22 12:00:01,123 INFO [worker-3] shop.api - next request\n2026-11-22 12:00:02,123 INFO [worker-3] shop.api - GET /orders\n"
	},
	"coloured": func(s string) string {
		return "\x1b[31m" + strings.ReplaceAll(s, "\n", "\x1b[0m\n\x1b[31m") + "\x1b[0m"
	},
	"trimmed": func(s string) string {
		return eachLine(s, func(_ int, l string) string { return strings.TrimSpace(l) })
	},
}

// TestWays parses every sample after what logging does to it, without a hint, and expects the same
// frames, types and culprit as from the plain text.
func TestWays(t *testing.T) {
	files, err := filepath.Glob("testdata/*.jsonl")
	require.NoError(t, err)
	for _, path := range files {
		rows := loadTruth(t, path)
		for way, change := range ways {
			t.Run(rows[0].Lang+"/"+way, func(t *testing.T) {
				n, bad := 0, 0
				for i, r := range rows {
					if i%3 != 0 && r.Variant != "v0" || len(r.Stacktrace) > 1<<16 {
						continue
					}
					if way == "trimmed" && strings.Contains(r.Stacktrace, "  | ") {
						continue // the margins of groups cannot be told without their columns
					}
					n++
					want, ok := Parse(r.Stacktrace, Unknown)
					require.True(t, ok)
					text := change(r.Stacktrace)
					require.True(t, Looks(text))
					got, _ := Parse(text, Unknown)
					if a, b := sketch(want), sketch(got); a != b {
						if bad++; bad <= 2 {
							t.Logf("%s\nwant %s\ngot  %s\nin\n%.1500s", r.ID, a, b, text)
						}
					}
				}
				require.LessOrEqual(t, float64(bad)/float64(n), 0.02, "%d of %d", bad, n)
			})
		}
	}
}

// sketch is what must survive: types, functions, lines, culprit.
func sketch(tr Trace) string {
	var b strings.Builder
	for _, e := range tr.Exceptions {
		fmt.Fprintf(&b, "%s %s %d %q", e.Relation, e.Type, e.Parent, firstLine(e.Message))
		for _, f := range e.Frames {
			fmt.Fprintf(&b, " %s.%s:%d", f.Module, f.Function, f.Line)
		}
		b.WriteString("; ")
	}
	i, j := tr.Culprit()
	fmt.Fprintf(&b, "culprit %d %d", i, j)
	return b.String()
}
