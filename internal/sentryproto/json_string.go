package sentryproto

import "strings"

// str reads the string whose opening quote is at i and returns where the text goes on; 0 when it never ends.
func (p *Parser) str(i int) (n node, next int) {
	src, start := p.src, i+1
	var flags uint8
	for i = marked(p.marks, start); i < len(src); i = marked(p.marks, i+1) {
		switch c := src[i]; {
		case c == '"':
			return node{start: uint32(start), end: uint32(i), kind: String, flags: flags}, i + 1
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
			return n, 0 // cannot be in a framed payload
		default:
			p.lax = true // other control characters are let pass
		}
	}
	return n, 0
}

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
