package stacktrace

import (
	"bufio"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// truth is a row of testdata/<language>.jsonl: a trace of a program that really ran, with the
// frames that its language told in the same run.
type truth struct {
	ID         string       `json:"id"`
	Lang       string       `json:"lang"`
	Format     string       `json:"format"`
	Variant    string       `json:"variant"`
	Type       string       `json:"exception_type"`
	Message    string       `json:"exception_message"`
	Stacktrace string       `json:"stacktrace"`
	Frames     []truthFrame `json:"frames"`
	Culprit    *truthFrame  `json:"culprit"`
	Chain      []string     `json:"chain"`
}

type truthFrame struct {
	Function string `json:"function"`
	File     string `json:"file"`
	Line     int    `json:"line"`
	InApp    bool   `json:"in_app"`
}

func loadTruth(t testing.TB, path string) []truth {
	t.Helper()
	f, err := os.Open(path)
	require.NoError(t, err)
	defer f.Close()
	var rows []truth
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 4<<20)
	for lines.Scan() {
		var r truth
		require.NoError(t, json.Unmarshal(lines.Bytes(), &r))
		rows = append(rows, r)
	}
	require.NoError(t, lines.Err())
	require.NotEmpty(t, rows)
	return rows
}

var (
	reAs     = regexp.MustCompile(` \[as .*\]$`)
	rePrefix = regexp.MustCompile(`^(async |new )`)
	reArgs   = regexp.MustCompile(` ?\([^()]*\)( \[0x[0-9a-f]+\])?$`)
	reParts  = regexp.MustCompile(`::|->|[./#]`)
)

// bareName is what two names of one function have in common, whoever printed them.
func bareName(name string) string {
	name = strings.TrimSpace(name)
	name = reAs.ReplaceAllString(name, "")
	name = rePrefix.ReplaceAllString(name, "")
	name = reArgs.ReplaceAllString(name, "")
	if strings.HasPrefix(name, "<") {
		return name
	}
	parts := reParts.Split(name, -1)
	return parts[len(parts)-1]
}

func base(file string) string {
	return file[strings.LastIndexByte(file, '/')+1:]
}

type score struct{ complaints, n, typ, message, chain, count, frames, functions, lines, files, inApp, culprits, culprit int }

// complain tells whether to log another difference.
func (s *score) complain() bool {
	s.complaints++
	return s.complaints <= 10
}

var languageOf = map[string]Language{
	"python": Python, "java": Java, "node": NodeJS, "go": Go, "dotnet": DotNet,
	"ruby": Ruby, "php": PHP, "rust": Rust, "perl": Perl,
}

func (s *score) add(t testing.TB, r truth, hint Language) {
	got, ok := Parse(r.Stacktrace, hint)
	s.n++
	s.frames += len(r.Frames)
	if r.Culprit != nil {
		s.culprits++
	}
	if !ok {
		t.Logf("%s: not parsed", r.ID)
		return
	}
	outer := got.Exceptions[0]
	typ, message := outer.Type, outer.Message
	if typ == "" { // the text has none, the attribute has
		typ, message = r.Type, r.Message
	}
	chain := []string{typ}
	for i, e := range got.Exceptions[1:] {
		if (e.Relation == Cause || e.Relation == Context) && got.Exceptions[e.Parent].Relation != Member && got.Exceptions[e.Parent].Relation != Suppressed {
			chain = append(chain, got.Exceptions[i+1].Type)
		}
	}
	if typ == r.Type {
		s.typ++
	}
	if strings.TrimSpace(message) == strings.TrimSpace(r.Message) {
		s.message++
	} else if s.complain() {
		t.Logf("%s: message %q, want %q", r.ID, message, r.Message)
	}
	if strings.Join(chain, "\n") == strings.Join(r.Chain, "\n") {
		s.chain++
	} else if s.complain() {
		t.Logf("%s: chain %q, want %q", r.ID, chain, r.Chain)
	}
	if len(outer.Frames) == len(r.Frames) {
		s.count++
	} else if s.complain() {
		t.Logf("%s: %d frames, want %d", r.ID, len(outer.Frames), len(r.Frames))
	}
	for i, want := range r.Frames[:min(len(r.Frames), len(outer.Frames))] {
		f := outer.Frames[i]
		if bareName(f.Function) == bareName(want.Function) {
			s.functions++
		} else if s.complain() {
			t.Logf("%s: frame %d: %q, want %q", r.ID, i, f.Function, want.Function)
		}
		if f.Line == want.Line {
			s.lines++
		}
		if base(f.File) == base(want.File) {
			s.files++
		}
		if f.InApp == want.InApp {
			s.inApp++
		} else if r.Lang != "ruby" && s.complain() { // where the ruby samples recurse, they call every frame a library's
			t.Logf("%s: frame %d: %+v in_app, want %v", r.ID, i, f, want.InApp)
		}
	}
	if r.Culprit == nil {
		return
	}
	e, f := got.Culprit()
	c := got.Exceptions[e].Frames[f]
	// getTraceAsString leaves the throw line out, so nobody can tell it.
	if bareName(c.Function) == bareName(r.Culprit.Function) && (c.Line == r.Culprit.Line || r.Format == "traceasstring" && c.Line == 0) {
		s.culprit++
	} else if s.complain() {
		t.Logf("%s: culprit %+v, want %+v", r.ID, c, *r.Culprit)
	}
}

func share(a, b int) float64 {
	if b == 0 {
		return 1
	}
	return float64(a) / float64(b)
}

func TestTruth(t *testing.T) {
	files, err := filepath.Glob("testdata/*.jsonl")
	require.NoError(t, err)
	require.Len(t, files, 9)
	for _, path := range files {
		scores := map[string]*score{}
		var order []string
		rows := loadTruth(t, path)
		for _, r := range rows {
			if scores[r.Format] == nil {
				scores[r.Format] = &score{}
				order = append(order, r.Format)
			}
		}
		for _, format := range order {
			t.Run(rows[0].Lang+"/"+format, func(t *testing.T) {
				// Once with the telemetry's word for the language, once from the text alone.
				for _, hinted := range []bool{true, false} {
					s := score{}
					for _, r := range rows {
						if r.Format != format {
							continue
						}
						hint := Unknown
						if hinted {
							hint = languageOf[r.Lang]
						}
						s.add(t, r, hint)
					}
					t.Logf("type %.3f message %.3f chain %.3f count %.3f functions %.3f lines %.3f files %.3f in_app %.3f culprit %.3f", share(s.typ, s.n),
						share(s.message, s.n), share(s.chain, s.n), share(s.count, s.n), share(s.functions, s.frames),
						share(s.lines, s.frames), share(s.files, s.frames), share(s.inApp, s.frames), share(s.culprit, s.culprits))
					require.GreaterOrEqual(t, share(s.functions, s.frames), 0.98)
					require.GreaterOrEqual(t, share(s.culprit, s.culprits), 0.95)
					if format != "pkgerrors" { // its inner types are not in the text
						require.GreaterOrEqual(t, share(s.chain, s.n), 0.98)
					}
				}
			})
		}
	}
}
