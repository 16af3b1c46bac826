package card

import (
	"strings"

	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/wire"
)

// Wiki is the text formatting notation of Jira's version 2 API
// (https://jira.atlassian.com/secure/WikiRendererHelpAction.jspa?section=all).
type Wiki struct{}

// Escape implements [Markup].
func (Wiki) Escape(s string) string {
	s = wire.Line(s)
	var b strings.Builder
	for i := range len(s) {
		switch s[i] {
		case '\\':
			b.WriteString("&#92;") // a doubled backslash is a line break
			continue
		case '{', '}', '[', ']', '|', '*', '_', '+', '^', '~', '!', '?', '#':
			b.WriteByte('\\')
		case '-':
			if i == 0 || s[i-1] == ' ' || s[i-1] == '-' {
				b.WriteByte('\\')
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// Render implements [Markup].
func (w Wiki) Render(d Doc) string {
	var b strings.Builder
	for i, block := range d {
		if i > 0 {
			b.WriteByte('\n')
		}
		switch {
		case block.Heading != "":
			b.WriteString("h3. " + w.Escape(block.Heading) + "\n")
		case block.Para != nil:
			for _, s := range block.Para {
				switch {
				case s.URL != "":
					b.WriteString("[" + w.Escape(s.Text) + "|" + strings.NewReplacer("|", "%7C", "]", "%5D", "[", "%5B", "\n", "").Replace(s.URL) + "]")
				case s.Text == " · ":
					b.WriteString(s.Text)
				default:
					b.WriteString(w.Escape(s.Text))
				}
			}
			b.WriteByte('\n')
		case block.Facts != nil:
			for _, f := range block.Facts {
				b.WriteString("||" + w.Escape(f.Name) + "|" + w.Escape(f.Value) + " |\n")
			}
		default:
			code := strings.ReplaceAll(strings.ToValidUTF8(block.Code, "\uFFFD"), "{noformat}", "{"+zeroWidth+"noformat}")
			b.WriteString("{noformat}\n" + code + "\n{noformat}\n")
		}
	}
	return strings.TrimRight(b.String(), "\n")
}
