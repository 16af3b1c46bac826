package stacktrace

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// fuzzParser feeds one parser, and then the whole way of a text with its language as the hint.
func fuzzParser(f *testing.F, language Language, prefixes ...string) {
	f.Helper()
	for _, prefix := range prefixes {
		files, err := filepath.Glob("testdata/traces/" + prefix + "_*.txt")
		if err != nil || len(files) == 0 {
			f.Fatalf("no seeds for %s: %v", prefix, err)
		}
		for _, path := range files {
			text, err := os.ReadFile(path)
			if err != nil {
				f.Fatal(err)
			}
			f.Add(string(text))
		}
	}
	limits := Limits{Bytes: 1 << 16, Frames: 64, Exceptions: 8}
	f.Fuzz(func(t *testing.T, text string) {
		if len(text) > limits.Bytes {
			return
		}
		var tr Trace
		if run(dialectOf(language).parse, text, limits, &tr) {
			check(t, text, tr, limits)
		}
		if tr, ok := ParseLimits(text, language, limits, InApp{}); ok {
			check(t, text, tr, limits)
			if i := strings.IndexByte(text, '\n'); !Looks(text) && i >= 0 && i < len(text)-1 && Detect(text) != Unknown {
				t.Errorf("Looks refuses a %s trace", tr.Language)
			}
			for _, e := range tr.Exceptions {
				for i := range e.Frames {
					e.Frames[i].Clean(tr.Language)
				}
			}
			tr.markInApp(InApp{Include: []string{"**/a*"}, Exclude: []string{"*b*"}})
		}
	})
}

// check tells what holds for every trace.
func check(t *testing.T, text string, tr Trace, limits Limits) {
	t.Helper()
	if tr.Start < 0 || tr.Start > tr.End || tr.End > len(text) {
		t.Fatalf("bounds %d..%d of %d", tr.Start, tr.End, len(text))
	}
	if len(tr.Exceptions) == 0 || len(tr.Exceptions) > limits.Exceptions {
		t.Fatalf("%d exceptions", len(tr.Exceptions))
	}
	frames := 0
	for i, e := range tr.Exceptions {
		if e.Parent >= i || i == 0 && e.Parent != -1 || i > 0 && e.Parent < 0 {
			t.Fatalf("exception %d has parent %d", i, e.Parent)
		}
		if (e.Relation == Outermost) != (i == 0) {
			t.Fatalf("exception %d is %q", i, e.Relation)
		}
		frames += len(e.Frames)
		for _, f := range e.Frames {
			if f.Line < 0 || f.Column < 0 {
				t.Fatalf("place %d:%d", f.Line, f.Column)
			}
		}
	}
	if frames > 2*limits.Frames {
		t.Fatalf("%d frames", frames)
	}
	e, f := tr.Culprit()
	if e >= 0 && f >= len(tr.Exceptions[e].Frames) || (e < 0) != (frames == 0) {
		t.Fatalf("culprit %d, %d of %d frames", e, f, frames)
	}
}

func FuzzPython(f *testing.F)     { fuzzParser(f, Python, "python") }
func FuzzJava(f *testing.F)       { fuzzParser(f, Java, "java") }
func FuzzJavaScript(f *testing.F) { fuzzParser(f, NodeJS, "node", "js") }
func FuzzGo(f *testing.F)         { fuzzParser(f, Go, "go") }
func FuzzDotNet(f *testing.F)     { fuzzParser(f, DotNet, "dotnet") }
func FuzzRuby(f *testing.F)       { fuzzParser(f, Ruby, "ruby") }
func FuzzPHP(f *testing.F)        { fuzzParser(f, PHP, "php") }
func FuzzRust(f *testing.F)       { fuzzParser(f, Rust, "rust") }
func FuzzPerl(f *testing.F)       { fuzzParser(f, Perl, "perl") }
func FuzzErlang(f *testing.F)     { fuzzParser(f, Erlang, "elixir", "erlang") }
func FuzzDart(f *testing.F)       { fuzzParser(f, Dart, "dart") }
func FuzzSwift(f *testing.F)      { fuzzParser(f, Swift, "swift") }
func FuzzLua(f *testing.F)        { fuzzParser(f, Lua, "lua") }

// FuzzClean cleans any name for any language.
func FuzzClean(f *testing.F) {
	for _, name := range []string{"lambda$a$1", "init.func8.Sum.1", "<F>d__3", "block (2 levels) in x", "{closure:/a.php:3}", "<T as U>::f::{{closure}}", "__ANON__[x:1]", "closure #1 in f", "a.b.<anonymous>"} {
		f.Add(name, "MoveNext")
	}
	f.Fuzz(func(t *testing.T, name, other string) {
		for _, language := range everyLanguage {
			fr := Frame{Function: name}
			fr.Clean(language)
			fr = Frame{Module: name, Function: other}
			fr.Clean(language)
		}
	})
}
