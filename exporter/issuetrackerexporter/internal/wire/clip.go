package wire

import (
	"strings"
	"unicode/utf16"
	"unicode/utf8"
)

// Ellipsis marks a text that was cut.
const Ellipsis = "…"

// Clip cuts s to at most limit runes, the last of which is then an ellipsis. Bytes that are no UTF-8
// become U+FFFD, so that the result can be sent as JSON.
func Clip(s string, limit int) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if limit <= 0 {
		return ""
	}
	if len(s) <= limit || utf8.RuneCountInString(s) <= limit {
		return s
	}
	n := 0
	for i := range s {
		if n++; n == limit {
			return s[:i] + Ellipsis
		}
	}
	return s
}

// ClipUnits cuts s to at most limit UTF-16 code units, which is how services written in Java or
// JavaScript count.
func ClipUnits(s string, limit int) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if len(s) <= limit {
		return s
	}
	n, keep := 0, 0 // keep: where to cut so that the ellipsis fits
	for i, r := range s {
		if n <= limit-1 {
			keep = i
		}
		if n += utf16.RuneLen(r); n > limit {
			if limit <= 0 {
				return ""
			}
			return s[:keep] + Ellipsis
		}
	}
	return s
}

// ClipBytes cuts s to at most limit bytes, on the border of a rune.
func ClipBytes(s string, limit int) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	if len(s) <= limit {
		return s
	}
	limit -= len(Ellipsis)
	if limit < 0 {
		return ""
	}
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return s[:limit] + Ellipsis
}

// Line makes one line of s: runs of white space and control characters become one blank.
func Line(s string) string {
	return strings.Join(strings.FieldsFunc(strings.ToValidUTF8(s, "\uFFFD"), func(r rune) bool {
		return r <= ' ' || r == 0x7f || r == 0x85 || r == 0xa0 || r == '\u2028' || r == '\u2029'
	}), " ")
}
