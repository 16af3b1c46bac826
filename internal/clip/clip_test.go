package clip

import (
	"strings"
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
)

const mark = "…"

func TestCut(t *testing.T) {
	f := func(cut func(string, int) string, s string, limit int, want string) {
		t.Helper()
		assert.Equal(t, want, cut(s, limit))
	}
	f(Bytes, "abc", 3, "abc")
	f(Bytes, "abcd", 3, "abc")
	f(Bytes, "한국어", 8, "한국")
	f(Bytes, "한국어", 2, "")
	f(Bytes, "abc", 0, "")
	f(Bytes, "abc", -1, "")
	f(Bytes, "a\xff\xffb", 2, "a\xff")
	f(Bytes, "\x80\x80\x80", 2, "")
	f(Runes, "한국어", 3, "한국어")
	f(Runes, "한국어", 2, "한국")
	f(Runes, "a\xff\xffb", 2, "a\xff")
	f(Runes, "abc", 0, "")
	f(Runes, "abc", -1, "")
	f(Units, "a🚀🚀", 5, "a🚀🚀")
	f(Units, "a🚀🚀", 4, "a🚀")
	f(Units, "a🚀🚀", 2, "a")
	f(Units, "\xff\xff", 1, "\xff")
}

func TestMark(t *testing.T) {
	f := func(cut func(string, int, string) string, s string, limit int, want string) {
		t.Helper()
		assert.Equal(t, want, cut(s, limit, mark))
	}
	f(BytesMark, "abcdef", 6, "abcdef")
	f(BytesMark, "abcdefg", 6, "abc…")
	f(BytesMark, "a한국", 6, "a…")
	f(BytesMark, "abc", 2, "ab")
	f(RunesMark, "abcd", 3, "ab…")
	f(RunesMark, "한국어말", 3, "한국…")
	f(RunesMark, "abc", 1, "…")
	f(RunesMark, "abc", 0, "")
	f(UnitsMark, "a🚀🚀", 3, "a…")
	f(UnitsMark, "a🚀🚀b", 4, "a🚀…")
	assert.Equal(t, "a🚀", UnitsMark("a🚀b", 3, "🚀🚀"), "a mark that does not fit")
	assert.Equal(t, "🚀", UnitsMark("a🚀b", 2, "🚀"))
}

func units(s string) int { return len(utf16.Encode([]rune(s))) }

// FuzzClip cuts any text within its limit, at the border of a character, and never more than need be.
func FuzzClip(f *testing.F) {
	f.Add("한국어🚀", 3)
	f.Add("\xff\xfe\x80", 1)
	f.Add(strings.Repeat("é", 9), 9)
	f.Fuzz(func(t *testing.T, s string, limit int) {
		for name, c := range map[string]struct {
			plain, marked string
			size          func(string) int
		}{
			"bytes": {Bytes(s, limit), BytesMark(s, limit, mark), func(s string) int { return len(s) }},
			"runes": {Runes(s, limit), RunesMark(s, limit, mark), utf8.RuneCountInString},
			"units": {Units(s, limit), UnitsMark(s, limit, mark), units},
		} {
			if c.size(c.plain) > max(limit, 0) || c.size(c.marked) > max(limit, 0) {
				t.Fatalf("%s: %q and %q are longer than %d", name, c.plain, c.marked, limit)
			}
			if !strings.HasPrefix(s, c.plain) || c.size(s) <= limit && (c.plain != s || c.marked != s) {
				t.Fatalf("%s: %q and %q of %q for %d", name, c.plain, c.marked, s, limit)
			}
			if utf8.ValidString(s) && !(utf8.ValidString(c.plain) && utf8.ValidString(c.marked)) {
				t.Fatalf("%s: %q and %q cut a character", name, c.plain, c.marked)
			}
		}
	})
}

func BenchmarkBytes(b *testing.B) {
	s := strings.Repeat("한국어", 100)
	b.SetBytes(int64(len(s)))
	b.ReportAllocs()
	for b.Loop() {
		Bytes(s, 500)
	}
}

func BenchmarkUnitsMark(b *testing.B) {
	s := strings.Repeat("한국어", 100)
	b.SetBytes(int64(len(s)))
	b.ReportAllocs()
	for b.Loop() {
		UnitsMark(s, 250, mark)
	}
}
