// Package clip shortens strings without cutting a character in two. Limits are bytes, characters or UTF-16 code
// units, which is how services written in Java or JavaScript count.
//
// Strings that are not UTF-8 are cut too; a byte that is no part of a character counts as one.
package clip

import (
	"unicode/utf16"
	"unicode/utf8"
)

// Bytes returns the beginning of s, at most limit bytes.
func Bytes(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	limit = max(limit, 0)
	for limit > 0 && !utf8.RuneStart(s[limit]) {
		limit--
	}
	return s[:limit]
}

// Runes returns the beginning of s, at most limit characters.
func Runes(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	for i := range s {
		if limit--; limit < 0 {
			return s[:i]
		}
	}
	return s
}

// Units returns the beginning of s, at most limit UTF-16 code units.
func Units(s string, limit int) string {
	if len(s) <= limit {
		return s
	}
	for i, r := range s {
		if limit -= utf16.RuneLen(r); limit < 0 {
			return s[:i]
		}
	}
	return s
}

// BytesMark is [Bytes] with a mark at the end of what was cut, which is within the limit. A mark that is longer than
// the limit is left out.
func BytesMark(s string, limit int, mark string) string {
	return marked(s, limit, mark, len(mark), Bytes)
}

// RunesMark is [Runes] with a mark as in [BytesMark].
func RunesMark(s string, limit int, mark string) string {
	return marked(s, limit, mark, utf8.RuneCountInString(mark), Runes)
}

// UnitsMark is [Units] with a mark as in [BytesMark].
func UnitsMark(s string, limit int, mark string) string {
	n := 0
	for _, r := range mark {
		n += utf16.RuneLen(r)
	}
	return marked(s, limit, mark, n, Units)
}

// marked cuts; size is that of the mark in the unit of cut.
func marked(s string, limit int, mark string, size int, cut func(string, int) string) string {
	head := cut(s, limit)
	if len(head) == len(s) || size > limit {
		return head
	}
	return cut(head, limit-size) + mark
}
