package stacktext

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/internal/stacktrace"
)

// TestRoundTrip parses real stack traces, writes what was parsed, and parses that: the same error
// must come out.
func TestRoundTrip(t *testing.T) {
	for lang, file := range map[stacktrace.Language]string{
		stacktrace.Python: "python", stacktrace.Java: "java", stacktrace.NodeJS: "node", stacktrace.Go: "go",
		stacktrace.DotNet: "dotnet", stacktrace.Ruby: "ruby", stacktrace.PHP: "php", stacktrace.Rust: "rust", stacktrace.Perl: "perl",
	} {
		t.Run(file, func(t *testing.T) {
			n := 0
			for _, text := range samples(t, file) {
				want, ok := stacktrace.Parse(text, lang)
				if !ok || lang == stacktrace.Ruby && want.Exceptions[0].Type == "" { // a backtrace without its exception
					continue
				}
				n++
				chain := want.Exceptions
				if lang == stacktrace.NodeJS || lang == stacktrace.Go || lang == stacktrace.Rust || lang == stacktrace.Perl {
					chain = chain[:1] // these print no chain
				}
				printed := new(Writer).Render(lang, want.Exceptions)
				got, ok := stacktrace.Parse(printed, lang)
				require.True(t, ok, "%s\nfrom\n%s", printed, text)
				ok = assert.Equal(t, names(lang, chain), names(lang, got.Exceptions), "%s\nfrom\n%s", printed, text)
				if !ok {
					return
				}
			}
			assert.Positive(t, n)
		})
	}
}

// names are what grouping looks at.
func names(lang stacktrace.Language, chain []stacktrace.Exception) (out []string) {
	for i, x := range chain {
		switch lang {
		case stacktrace.Go, stacktrace.Rust, stacktrace.Perl: // the type stands in exception.type only
		default:
			out = append(out, "= "+x.Module+"|"+x.Type+": "+x.Message)
		}
		if i > 0 {
			out = append(out, "< "+string(x.Relation))
		}
		for _, f := range x.Frames {
			function := f.Function
			if lang == stacktrace.PHP { // SDKs do not tell static methods from others
				function = strings.ReplaceAll(function, "::", "->")
			}
			if lang == stacktrace.DotNet { // Mono's and .NET's forms differ in type parameters
				function, _, _ = strings.Cut(function, "[")
			}
			out = append(out, f.Module+" | "+function+" | "+f.File)
		}
	}
	return out
}

// samples reads the traces that were recorded from real programs.
func samples(t testing.TB, lang string) []string {
	t.Helper()
	root := os.Getenv("CULPRIT_SHARED")
	if root == "" {
		root = filepath.Join("..", "..", "..", "..", "..", "shared")
	}
	f, err := os.Open(filepath.Join(root, "data", "stacks", lang+".jsonl"))
	if err != nil {
		t.Skip("NOT TESTED: recorded stack traces of " + lang + "; set CULPRIT_SHARED to the folder that holds data/stacks")
	}
	defer f.Close()
	var out []string
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 1<<20)
	for lines.Scan() {
		var sample struct {
			Stacktrace string `json:"stacktrace"`
		}
		require.NoError(t, json.Unmarshal(lines.Bytes(), &sample))
		out = append(out, sample.Stacktrace)
	}
	require.NoError(t, lines.Err())
	return out
}
