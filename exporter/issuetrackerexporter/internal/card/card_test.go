package card

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/stacktrace"
)

func TestEscape(t *testing.T) {
	f := func(m Markup, in, want string) {
		t.Helper()
		assert.Equal(t, want, m.Escape(in))
	}
	f(Markdown{}, "a*b_c [x](y) <b>", `a\*b\_c \[x\]\(y\) \<b\>`)
	f(Markdown{}, "@all #12", `\@`+zeroWidth+`all \#`+zeroWidth+`12`)
	f(Markdown{}, "1.4.0", "1.4.0")
	f(Markdown{}, "1. x", `1\. x`)
	f(Markdown{}, "/close", `\/close`)
	f(Markdown{}, "two\nlines | `code`", "two lines \\| \\`code\\`")
	f(Mrkdwn{}, "<!channel> & <@U1>", "&lt;!channel&gt; &amp; &lt;@U1&gt;")
	f(Mrkdwn{}, "process_order *b*", "process_order "+zeroWidth+"*b"+zeroWidth+"*")
	f(Wiki{}, `{code} [a|b] C:\x -- - *`, `\{code\} \[a\|b\] C:&#92;x \-\- \- \*`)
	f(Plain{}, "<&>", "<&>")
}

// A text that ends code does not end the block.
func TestCodeStaysCode(t *testing.T) {
	assert.Equal(t, "````text\n```\nx\n````", Markdown{}.Render(Doc{{Code: "```\nx"}}))
	assert.NotContains(t, strings.TrimSuffix(strings.TrimPrefix(Mrkdwn{}.Render(Doc{{Code: "a```b"}}), "```"), "```"), "```")
	assert.Equal(t, 2, strings.Count(Wiki{}.Render(Doc{{Code: "{noformat}x"}}), "{noformat}"))
}

func TestRenderings(t *testing.T) {
	c := Example()
	for name, m := range map[string]Markup{"markdown": Markdown{}, "mrkdwn": Mrkdwn{}, "wiki": Wiki{}, "plain": Plain{}} {
		s := m.Render(c.DefaultText())
		for _, want := range []string{"billing/pay.py", "ValueError: bad x", "1.2.3", "GET /cart", "http://localhost:4380/issues/00f1e2d3c4b5a697", "2026-03-04 05:06:07 UTC"} {
			assert.Contains(t, s, want, name)
		}
	}
	text, err := json.Marshal(ADF(c.Text, 1000))
	require.NoError(t, err)
	assert.Contains(t, string(text), `{"type":"codeBlock","content":[{"type":"text","text":"ValueError: bad x\n    at charge (billing/pay.py:7)"}]}`)
}

func TestRenderCuts(t *testing.T) {
	long := Text{Doc: Doc{para("before"), {Code: strings.Repeat("한", 10_000)}, para("after")}}
	for _, m := range []Markup{Markdown{}, Mrkdwn{}, Wiki{}, Plain{}} {
		s := Render(m, long, 3000)
		assert.LessOrEqual(t, utf8.RuneCountInString(s), 3000)
		assert.Contains(t, s, "after", "the code is cut, not what follows it")
	}
}

func TestStack(t *testing.T) {
	frames := make([]stacktrace.Frame, 20)
	for i := range frames {
		frames[i] = stacktrace.Frame{Function: "lib", File: "lib.go", Line: i + 1}
	}
	frames[15] = stacktrace.Frame{Function: "mine", Module: "shop", File: "shop.go", InApp: true}
	s := Stack([]stacktrace.Exception{{Type: "E", Message: "m", Frames: frames}, {Type: "C", Relation: stacktrace.Cause}})
	assert.Contains(t, s, "E: m\n    at lib (lib.go:1)")
	assert.Contains(t, s, "at shop.mine (shop.go)")
	assert.Contains(t, s, "… 11 more frames\ncaused by: C")
}

func TestKey(t *testing.T) {
	assert.Regexp(t, "^[0-9a-f]{32}$", Key("00f1e2d3c4b5a697"))
	assert.NotEqual(t, Key("a"), Key("b"))
	assert.LessOrEqual(t, len(LabelOf(Key("a"))), 50)
}

func TestTemplate(t *testing.T) {
	tmpl, err := Compile("x", "{{.Service}} {{.Title | clip 5}} {{index .Tags \"none\"}}{{json .Raw.Issue.Title}}", Mrkdwn{}, false)
	require.NoError(t, err)
	s, err := tmpl.Execute(Example())
	require.NoError(t, err)
	assert.Equal(t, `billing Valu… "ValueError: bad <str>"`, s)
	_, err = Compile("x", "{{.Nope}}", Plain{}, false)
	require.ErrorContains(t, err, "Nope")
	_, err = Compile("x", "{{.Titel}}", Plain{}, false)
	require.ErrorContains(t, err, `Values (did you mean "Title"?)`)
	_, err = Compile("x", "{{.Title | uper}}", Plain{}, false)
	require.ErrorContains(t, err, `"uper" not defined (did you mean "upper"?)`)
	_, err = Compile("x", `{{define "a"}}{{template "a" .}}{{end}}{{template "a" .}}`, Plain{}, false)
	require.Error(t, err, "a template that calls itself")
	_, err = Compile("x", `{{range $i := 1000000}}0123456789{{end}}`, Plain{}, false)
	require.ErrorIs(t, err, errTooLong)
}

// FuzzTemplate compiles any template; it must not panic nor make more than a megabyte.
func FuzzTemplate(f *testing.F) {
	for _, s := range []string{"{{.Title}}", "{{clip 3 .Message}}", "{{range .Releases}}{{.}}{{end}}", "{{json .Raw}}", "{{index .Tags 1}}", "{{clip -1 .Title | upper}}"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, source string) {
		if strings.Contains(source, "range") {
			return // a loop of a billion steps that write nothing only takes long
		}
		tmpl, err := Compile("x", source, Markdown{}, len(source)%2 == 0)
		if err != nil {
			return
		}
		if s, err := tmpl.Execute(Example()); err == nil && (len(s) > maxOutput*3 || !utf8.ValidString(s)) {
			t.Fatalf("%d bytes", len(s))
		}
	})
}

// FuzzRender renders any text in each markup within its limit.
func FuzzRender(f *testing.F) {
	f.Add("a*b`c", "```\n{noformat}", "http://x/|>", 40)
	f.Add("<!here>", "\xff\x00", "", 3)
	f.Fuzz(func(t *testing.T, a, code, url string, limit int) {
		limit &= 0xfff
		d := Text{Doc: Doc{{Heading: a}, {Para: []Span{{Text: a, URL: url}}}, {Facts: []Fact{{a, code}}}, {Code: code}}}
		for _, m := range []Markup{Markdown{}, Mrkdwn{}, Wiki{}, Plain{}} {
			s := Render(m, d, limit)
			if utf8.RuneCountInString(s) > limit {
				t.Fatalf("%T: %d runes, %d allowed", m, utf8.RuneCountInString(s), limit)
			}
		}
		if strings.ContainsAny(Mrkdwn{}.Escape(a), "<>") {
			t.Fatal("a mention is possible")
		}
		if _, err := json.Marshal(ADF(d, limit)); err != nil {
			t.Fatal(err)
		}
	})
}

// A link of the exporter's own configuration goes before the registry's, which the event has.
func TestOwnLinkToTheIssue(t *testing.T) {
	n := issue.Notice{Issue: issue.Summary{ID: "a1", Service: "shop", URL: "http://registry/a1"}}
	assert.Equal(t, "http://registry/a1", New(&n, Open, issue.Links{}).Issue.URL)
	assert.Equal(t, "https://own/a1?service=shop", New(&n, Open, issue.Links{Issue: "https://own/{issue_id}?service={service}"}).Issue.URL)
}
