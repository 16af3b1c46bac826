package wire

import (
	"strings"

	"github.com/otel-culprit/culprit/internal/clip"
)

// Ellipsis marks a text that was cut.
const Ellipsis = "…"

// Clip cuts s to at most limit runes, the last of which is then an ellipsis. Bytes that are no UTF-8
// become U+FFFD, so that the result can be sent as JSON.
func Clip(s string, limit int) string { return clip.RunesMark(valid(s), limit, Ellipsis) }

// ClipUnits is Clip in UTF-16 code units, which is how services written in Java or JavaScript count.
func ClipUnits(s string, limit int) string { return clip.UnitsMark(valid(s), limit, Ellipsis) }

// ClipBytes is Clip in bytes.
func ClipBytes(s string, limit int) string { return clip.BytesMark(valid(s), limit, Ellipsis) }

func valid(s string) string { return strings.ToValidUTF8(s, "\uFFFD") }

// Line makes one line of s: runs of white space and control characters become one blank.
func Line(s string) string {
	return strings.Join(strings.FieldsFunc(valid(s), func(r rune) bool {
		return r <= ' ' || r == 0x7f || r == 0x85 || r == 0xa0 || r == '\u2028' || r == '\u2029'
	}), " ")
}
