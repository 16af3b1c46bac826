package card

import (
	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/wire"
)

// Markup is how a target writes text.
type Markup interface {
	// Escape makes a string mean itself within a line.
	Escape(s string) string
	// Render writes a document.
	Render(d Doc) string
}

// Render writes a text in a markup, at most limit runes. A code block that is cut is still closed.
func Render(m Markup, t Text, limit int) string {
	if t.Own != "" {
		return wire.Clip(t.Own, limit)
	}
	s := m.Render(t.Doc)
	for shrink := 2; len([]rune(s)) > limit && shrink < 1<<16; shrink *= 2 {
		d := make(Doc, len(t.Doc))
		copy(d, t.Doc)
		for i := range d {
			if n := len([]rune(d[i].Code)); n > 0 {
				d[i].Code = wire.Clip(d[i].Code, max(n/shrink, 1))
			}
		}
		s = m.Render(d)
	}
	return wire.Clip(s, limit)
}
