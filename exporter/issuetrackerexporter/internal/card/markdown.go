package card

import (
	"strings"

	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/wire"
)

// Markdown is GitHub Flavored Markdown (https://github.github.com/gfm/), which GitLab, Trello and
// ClickUp read too.
type Markdown struct{}

// zeroWidth keeps what follows from being read as a mention or a reference, which no backslash does.
const zeroWidth = "\u200b"

// Escape implements [Markup]: every ASCII punctuation mark with a meaning gets a backslash; @user, #12,
// GitLab's !12, $12, %12 and ~12, and addresses are kept from becoming references.
func (Markdown) Escape(s string) string {
	s = wire.Line(s)
	var b strings.Builder
	for i := 0; i < len(s); i++ {
		c := s[i]
		switch c {
		case '\\', '`', '*', '_', '{', '}', '[', ']', '<', '>', '(', ')', '|', '&', '+', '=':
			b.WriteByte('\\')
			b.WriteByte(c)
		case '@', '#', '!', '~', '$', '%', '^':
			b.WriteByte('\\')
			b.WriteByte(c)
			b.WriteString(zeroWidth)
		case '-', '.', '/': // a list, a numbered list, one of GitLab's quick actions
			if i == 0 || c == '.' && digits(s[:i]) && (i == len(s)-1 || s[i+1] == ' ') {
				b.WriteByte('\\')
			}
			b.WriteByte(c)
		case ':':
			b.WriteByte(c)
			if strings.HasPrefix(s[i:], "://") {
				b.WriteString(zeroWidth)
			}
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

func digits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// Render implements [Markup].
func (m Markdown) Render(d Doc) string {
	var b strings.Builder
	for i, block := range d {
		if i > 0 {
			b.WriteString("\n")
		}
		switch {
		case block.Heading != "":
			b.WriteString("### " + m.Escape(block.Heading) + "\n")
		case block.Para != nil:
			for _, s := range block.Para {
				if s.URL != "" {
					b.WriteString("[" + m.Escape(s.Text) + "](<" + linkURL(s.URL) + ">)")
					continue
				}
				b.WriteString(m.keepBlanks(s.Text))
			}
			b.WriteString("\n")
		case block.Facts != nil:
			b.WriteString("| | |\n|---|---|\n")
			for _, f := range block.Facts {
				b.WriteString("| " + m.Escape(f.Name) + " | " + m.Escape(f.Value) + " |\n")
			}
		default:
			b.WriteString(fenced(block.Code))
		}
	}
	return strings.TrimRight(b.String(), "\n")
}

// keepBlanks escapes a span and keeps the blanks at its ends.
func (m Markdown) keepBlanks(s string) string {
	out := m.Escape(s)
	if strings.HasPrefix(s, " ") {
		out = " " + out
	}
	if strings.HasSuffix(s, " ") {
		out += " "
	}
	return out
}

// fenced is a code block whose fence is longer than any in the code.
func fenced(code string) string {
	longest, run := 2, 0
	for i := range len(code) {
		if code[i] == '`' {
			run++
			longest = max(longest, run)
		} else {
			run = 0
		}
	}
	fence := strings.Repeat("`", longest+1)
	return fence + "text\n" + strings.ToValidUTF8(code, "\uFFFD") + "\n" + fence + "\n"
}

// linkURL keeps a URL from ending its link.
func linkURL(u string) string {
	return strings.NewReplacer("<", "%3C", ">", "%3E", "\n", "", "\r", "", " ", "%20", "|", "%7C", `\`, "%5C").Replace(u)
}
