package trackers

import (
	"unicode/utf16"
	"unicode/utf8"
)

// How services measure texts.
func runes(s string) int { return utf8.RuneCountInString(s) }
func units(s string) int { return len(utf16.Encode([]rune(s))) }
func bytes(s string) int { return len(s) }
