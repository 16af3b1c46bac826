package stacktrace

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestGolden parses testdata/traces/<language>_<case>.txt and compares with <case>.want beside it.
// UPDATE_GOLDEN=1 writes them anew and fails, so that it cannot stay switched on.
func TestGolden(t *testing.T) {
	files, err := filepath.Glob("testdata/traces/*.txt")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, path := range files {
		name := strings.TrimSuffix(filepath.Base(path), ".txt")
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(path)
			require.NoError(t, err)
			require.True(t, Looks(string(text)))
			got, ok := Parse(string(text), Unknown)
			require.True(t, ok)
			golden := strings.TrimSuffix(path, ".txt") + ".want"
			if os.Getenv("UPDATE_GOLDEN") != "" {
				require.NoError(t, os.WriteFile(golden, []byte(render(got, string(text))), 0o600))
				t.Fatal("written; run again without UPDATE_GOLDEN")
			}
			want, err := os.ReadFile(golden)
			require.NoError(t, err)
			require.Equal(t, string(want), render(got, string(text)))
		})
	}
}

// render shows everything a trace holds, cleaned names included.
func render(tr Trace, text string) string {
	var b strings.Builder
	ce, cf := tr.Culprit()
	fmt.Fprintf(&b, "%s, from %q to %q\n", tr.Language, firstLine(text[tr.Start:]), strings.TrimSpace(text[:tr.End][strings.LastIndexByte(text[:tr.End], '\n')+1:]))
	for i, e := range tr.Exceptions {
		fmt.Fprintf(&b, "%d", i)
		if e.Parent >= 0 {
			fmt.Fprintf(&b, " %s of %d", e.Relation, e.Parent)
		}
		fmt.Fprintf(&b, " %s: %q", e.Type, e.Message)
		if e.Module != "" {
			fmt.Fprintf(&b, " (%s)", e.Module)
		}
		b.WriteString("\n")
		for j, f := range e.Frames {
			mark := "    "
			if i == ce && j == cf {
				mark = " => "
			} else if f.InApp {
				mark = "  * "
			}
			fmt.Fprintf(&b, "%s%s | %s  %s:%d:%d", mark, f.Module, f.Function, f.File, f.Line, f.Column)
			if m, fn := f.Clean(tr.Language); m != f.Module || fn != f.Function {
				fmt.Fprintf(&b, "  clean %s | %s", m, fn)
			}
			b.WriteString("\n")
		}
	}
	return b.String()
}
