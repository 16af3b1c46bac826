package card

import (
	"strings"
)

// Mrkdwn is Slack's markup (https://docs.slack.dev/messaging/formatting-message-text).
type Mrkdwn struct{}

var mrkdwnEscaper = strings.NewReplacer("&", "&amp;", "<", "&lt;", ">", "&gt;")

// Escape implements [Markup]. With & < > escaped there are no mentions and links; * _ ~ ` are kept from
// being read as markup by a character without width.
func (Mrkdwn) Escape(s string) string {
	s = mrkdwnEscaper.Replace(strings.ToValidUTF8(s, "\uFFFD"))
	if !strings.ContainsAny(s, "*_~`") {
		return s
	}
	var b strings.Builder
	for i := range len(s) {
		switch s[i] {
		case '*', '_', '~', '`': // only at the border of a word, so that names can be copied
			if i == 0 || i == len(s)-1 || !word(s[i-1]) || !word(s[i+1]) {
				b.WriteString(zeroWidth)
			}
		}
		b.WriteByte(s[i])
	}
	return b.String()
}

// Render implements [Markup].
func (m Mrkdwn) Render(d Doc) string {
	var b strings.Builder
	for _, block := range d {
		switch {
		case block.Heading != "":
			b.WriteString("*" + m.Escape(block.Heading) + "*\n")
		case block.Para != nil:
			for _, s := range block.Para {
				b.WriteString(m.span(s))
			}
			b.WriteByte('\n')
		case block.Facts != nil:
			for _, f := range block.Facts {
				b.WriteString("*" + m.Escape(f.Name) + ":* " + m.Escape(f.Value) + "\n")
			}
		default:
			b.WriteString("```\n" + m.code(block.Code) + "\n```\n")
		}
	}
	return strings.TrimRight(b.String(), "\n")
}

func (m Mrkdwn) span(s Span) string {
	if s.URL == "" {
		return m.Escape(s.Text)
	}
	u := strings.NewReplacer("|", "%7C", ">", "%3E", "<", "%3C", "&", "&amp;", "\n", "").Replace(s.URL)
	return "<" + u + "|" + strings.ReplaceAll(m.Escape(s.Text), "|", "¦") + ">"
}

// code keeps a code block from being ended within.
func (m Mrkdwn) code(s string) string {
	return strings.ReplaceAll(mrkdwnEscaper.Replace(strings.ToValidUTF8(s, "\uFFFD")), "```", "`"+zeroWidth+"`"+zeroWidth+"`")
}

func word(c byte) bool {
	return c >= '0' && c <= '9' || c >= 'A' && c <= 'Z' || c >= 'a' && c <= 'z' || c >= 0x80
}
