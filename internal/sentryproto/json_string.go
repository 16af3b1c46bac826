package sentryproto

import (
	"encoding/binary"
	"math/bits"
	"strings"
	"unsafe"
)

// str reads the string whose opening quote is at i and returns where it ends.
func (p *Parser) str(i int) (int, error) {
	src, start := p.src, i+1
	var flags uint8
	for i = plainEnd(src, start); i < len(src); i = plainEnd(src, i+1) {
		switch c := src[i]; {
		case c == '"':
			p.nodes = append(p.nodes, node{start: uint32(start), end: uint32(i), kind: String, flags: flags, next: uint32(len(p.nodes) + 1)})
			return i + 1, nil
		case c == '\\':
			flags |= escaped
			i++
			p.lax = p.lax || !validEscape(src, i)
		case c >= 0x80:
			flags |= nonASCII
			p.wide = true
			for i+1 < len(src) && src[i+1] >= 0x80 { // letters of one script come in a row
				i++
			}
		case c == '\n':
			return 0, ErrJSON // cannot be in a framed payload
		default:
			p.lax = true // other control characters are let pass
		}
	}
	return 0, ErrJSON
}

// plainEnd returns the index of the first byte at or behind i that needs a look: a quote, a backslash,
// a control character or one above 127. It reads eight bytes at a time; a byte's high bit in found says
// that it is such a one (Mycroft's test for zero bytes,
// https://graphics.stanford.edu/~seander/bithacks.html#ZeroInWord; only the lowest bit is exact).
func plainEnd(s string, i int) int {
	const (
		ones  = 0x0101010101010101
		highs = 0x8080808080808080
	)
	data := unsafe.Slice(unsafe.StringData(s), len(s))
	for ; i+8 <= len(data); i += 8 {
		w := binary.LittleEndian.Uint64(data[i:])
		quote, slash := w^('"'*ones), w^('\\'*ones)
		found := (w | (w-' '*ones)&^w | (quote-ones)&^quote | (slash-ones)&^slash) & highs
		if found != 0 {
			return i + bits.TrailingZeros64(found)/8
		}
	}
	for i < len(data) && !special[data[i]] {
		i++
	}
	return i
}

// special marks the bytes inside a string that need a look.
var special = func() (t [256]bool) {
	for c := range t {
		t[c] = c < 0x20 || c == '"' || c == '\\' || c >= 0x80
	}
	return t
}()

// validEscape tells whether an escape of RFC 8259, section 7, stands behind the backslash before i.
func validEscape(s string, i int) bool {
	if i >= len(s) {
		return false
	}
	if s[i] == 'u' {
		_, ok := hex4(s[i+1:])
		return ok
	}
	return strings.IndexByte(`"\/bfnrt`, s[i]) >= 0
}
