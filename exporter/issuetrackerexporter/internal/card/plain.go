package card

import (
	"strings"
)

// Plain is text without markup.
type Plain struct{}

// Escape implements [Markup].
func (Plain) Escape(s string) string { return s }

// Render implements [Markup].
func (Plain) Render(d Doc) string {
	var b strings.Builder
	for i, block := range d {
		if i > 0 {
			b.WriteByte('\n')
		}
		switch {
		case block.Heading != "":
			b.WriteString(block.Heading + ":\n")
		case block.Para != nil:
			for _, s := range block.Para {
				switch {
				case s.URL != "":
					b.WriteString(s.Text + ": " + s.URL)
				case s.Text == " · ":
					b.WriteByte('\n')
				default:
					b.WriteString(s.Text)
				}
			}
			b.WriteByte('\n')
		case block.Facts != nil:
			for _, f := range block.Facts {
				b.WriteString(f.Name + ": " + f.Value + "\n")
			}
		default:
			b.WriteString(block.Code + "\n")
		}
	}
	return strings.TrimRight(b.String(), "\n")
}
