package pii

import (
	"unicode/utf8"
	"unsafe"
)

// A view is a value in plain ASCII: full-width and Arabic-Indic digits, the many blanks and dashes,
// percent-encoding and backslash escapes are written as what they stand for. It is made only for
// values that have one of these, and scanned like a value; findings are mapped back.

// foreign looks at the bytes beyond ASCII from at on; it tells whether one is written as ASCII in a
// view, and up to where it looked.
func (w *Worker) foreign(at int) (bool, int) {
	s := w.text
	for i := at; i < len(s); {
		if s[i] < 0x80 {
			i++
			continue
		}
		switch s[i] {
		case 0xc2, 0xd9, 0xdb, 0xe2, 0xef, 0xe0, 0xe3:
			r, n := utf8.DecodeRuneInString(s[i:])
			if plain(r) != 0 {
				return true, len(s)
			}
			i += n
		default:
			i++
		}
	}
	return false, len(s)
}

// plain returns the ASCII sign that a rune stands for, 0 = none.
func plain(r rune) byte {
	switch {
	case r >= 0xff01 && r <= 0xff5e: // full-width forms
		return byte(r - 0xff01 + '!')
	case r >= 0x0660 && r <= 0x0669: // Arabic-Indic digits
		return byte(r - 0x0660 + '0')
	case r >= 0x06f0 && r <= 0x06f9: // extended Arabic-Indic digits
		return byte(r - 0x06f0 + '0')
	case r >= 0x0966 && r <= 0x096f: // Devanagari digits
		return byte(r - 0x0966 + '0')
	case r >= 0x2010 && r <= 0x2015, r == 0x2212, r == 0x00ad:
		return '-'
	case r == 0x00a0, r >= 0x2000 && r <= 0x200a, r == 0x202f, r == 0x205f, r == 0x3000:
		return ' '
	}
	return 0
}

// escapes tells whether the % or backslash at i begins an escape that a view resolves.
func escapes(s string, i int) bool {
	_, n := unescape(s, i)
	return n > 0
}

// unescape returns the sign that the escape at i stands for and its length; 0 = none.
func unescape(s string, i int) (byte, int) {
	if s[i] == '%' {
		if i+2 >= len(s) || !isHex(s[i+1]) || !isHex(s[i+2]) {
			return 0, 0
		}
		c := hexValue(s[i+1])<<4 | hexValue(s[i+2])
		if c == '%' || c < 0x20 || c >= 0x7f {
			return 0, 0
		}
		return c, 3
	}
	if i+1 >= len(s) {
		return 0, 0
	}
	switch s[i+1] {
	case 'n', 'r', 't':
		// A Windows path has these too, and there nothing must be split in two.
		if i+2 < len(s) && isAlnum[s[i+2]] == 2 && i > 0 && (isAlnum[s[i-1]] != 0 || s[i-1] == ':') {
			return 0, 0
		}
		return ' ', 2
	case '/', '"':
		return s[i+1], 2
	case 'u':
		if i+5 < len(s) && s[i+2] == '0' && s[i+3] == '0' && isHex(s[i+4]) && isHex(s[i+5]) {
			if c := hexValue(s[i+4])<<4 | hexValue(s[i+5]); c >= 0x20 && c < 0x7f {
				return c, 6
			}
		}
	}
	return 0, 0
}

func hexValue(c byte) byte {
	if c <= '9' {
		return c - '0'
	}
	return c | 0x20 - 'a' + 10
}

// scanView scans text as its view shows it.
func (w *Worker) scanView(text string, key *Key) {
	v, at := w.view[:0], w.viewAt[:0]
	percent := false
	for i := 0; i < len(text); {
		c := text[i]
		switch {
		case c == '%' || c == '\\':
			if p, n := unescape(text, i); n > 0 {
				percent = percent || c == '%'
				v, at = append(v, p), append(at, int32(i))
				i += n
				continue
			}
		case c >= 0x80:
			r, n := utf8.DecodeRuneInString(text[i:])
			if p := plain(r); p != 0 {
				v, at = append(v, p), append(at, int32(i))
				i += n
				continue
			}
			for k := range n {
				v, at = append(v, text[i+k]), append(at, int32(i+k))
			}
			i += n
			continue
		}
		v, at = append(v, c), append(at, int32(i))
		i++
	}
	at = append(at, int32(len(text)))
	w.view, w.viewAt = v, at
	first := len(w.findings)
	w.viewing = true
	w.run(unsafe.String(unsafe.SliceData(v), len(v)), key) // v is not written to before the next view
	w.viewing = false
	for i := first; i < len(w.findings); i++ {
		f := &w.findings[i]
		f.Start, f.End = int(at[f.Start]), int(at[f.End])
	}
	w.text = text
}
