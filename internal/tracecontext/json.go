package tracecontext

import (
	"math/bits"
	"strings"
	"unicode/utf8"
)

// line looks through a string. level counts strings inside strings.
func (f *Finder) line(line string, s *Scan, level int) {
	if len(line) < minText {
		return
	}
	if start := jsonStart(line); start >= 0 {
		var p path
		r := jsonReader{f: f, s: s, text: line, level: level}
		end, ok := r.object(&p, start, 0)
		if level < 2 {
			f.nested(s, level)
		}
		if s.best.Rule.Found() {
			return
		}
		if ok {
			// Only what stands around the object is left.
			f.text(line[:start], s)
			f.text(line[end:], s)
			return
		}
	}
	f.text(line, s)
}

// nested looks through strings inside JSON that may be lines themselves.
func (f *Finder) nested(s *Scan, level int) {
	texts, n := s.texts, s.ntexts
	s.ntexts = 0
	for _, text := range texts[:n] {
		if s.best.Rule.Found() {
			return
		}
		if strings.IndexByte(text, '\\') >= 0 && strings.IndexByte(text, '{') >= 0 {
			var buf [4096]byte
			inner, ok := unescape(buf[:0], text)
			if !ok {
				continue
			}
			text = string(inner)
		}
		f.line(text, s, level+1)
	}
}

// jsonStart returns where a JSON object may begin: at the first brace that a quote or a brace follows.
// A timestamp, a level or a logger's name may stand before it. It is -1 when there is none.
func jsonStart(line string) int {
	for i := 0; ; i++ {
		j := strings.IndexByte(line[i:], '{')
		if j < 0 {
			return -1
		}
		i += j
		for k := i + 1; k < len(line); k++ {
			switch line[k] {
			case ' ', '\t', '\r', '\n':
				continue
			case '"':
				return i
			}
			break
		}
	}
}

// jsonReader walks over one JSON text without building anything.
type jsonReader struct {
	f     *Finder
	s     *Scan
	text  string
	level int
}

// object reads the object that begins at i and returns where it ends; false when it is no JSON.
func (r *jsonReader) object(p *path, i, depth int) (end int, ok bool) {
	t := r.text
	i++
	for {
		i = skipSpace(t, i)
		if i >= len(t) {
			return i, false
		}
		if t[i] == '}' {
			return i + 1, true
		}
		if t[i] == ',' {
			i++
			continue
		}
		if t[i] != '"' {
			return i, false
		}
		keyEnd := stringEnd(t, i+1)
		if keyEnd < 0 {
			return len(t), false
		}
		name := t[i+1 : keyEnd]
		known := r.f.keys.all.tail(name)
		i = skipSpace(t, keyEnd+1)
		if i >= len(t) || t[i] != ':' {
			return i, false
		}
		i = skipSpace(t, i+1)
		if i >= len(t) {
			return i, false
		}
		switch t[i] {
		case '"':
			valueEnd := stringEnd(t, i+1)
			if valueEnd < 0 {
				return len(t), false
			}
			if known {
				r.str(p, name, t[i+1:valueEnd])
			}
			i = valueEnd + 1
		case '{':
			if i, ok = r.inner(p, name, i, depth); !ok {
				return i, false
			}
		case '[':
			start := i
			if i, ok = skipNested(t, i); !ok {
				return i, false
			}
			if known {
				r.list(p, name, t[start:i])
			}
		default:
			start := i
			for i < len(t) && t[i] != ',' && t[i] != '}' && t[i] > ' ' {
				i++
			}
			if known {
				r.literal(p, name, t[start:i])
			}
		}
	}
}

// inner reads an object inside an object, unless it is about another span or too deep.
func (r *jsonReader) inner(p *path, name string, i, depth int) (end int, ok bool) {
	n, segments := p.n, p.segments
	if depth < maxDepth && p.push(name) {
		if !r.f.denied(p) {
			end, ok = r.object(p, i, depth+1)
			p.n, p.segments = n, segments
			return end, ok
		}
		p.n, p.segments = n, segments
	}
	return skipNested(r.text, i)
}

// str takes a string member.
func (r *jsonReader) str(p *path, name, value string) {
	key, ok := r.key(p, name)
	if !ok {
		return
	}
	if key.Role != RoleText && strings.IndexByte(value, '\\') >= 0 {
		var buf [maxValue]byte
		if plain, ok := unescape(buf[:0], value); ok {
			r.s.value(key, name, string(plain), true)
		}
		return
	}
	r.s.value(key, name, value, true)
}

// list takes the first string of a list under a known key: headers are lists.
func (r *jsonReader) list(p *path, name, value string) {
	i := skipSpace(value, 1)
	if i >= len(value) || value[i] != '"' {
		return
	}
	if key, ok := r.key(p, name); ok && key.Role != RoleText {
		if end := stringEnd(value, i+1); end > 0 {
			r.s.value(key, name, value[i+1:end], true)
		}
	}
}

// literal takes a number, true, false or null.
func (r *jsonReader) literal(p *path, name, value string) {
	key, ok := r.key(p, name)
	switch {
	case !ok:
	case isDigits(value):
		r.s.number(key, name, value)
	case key.Role == RoleFlags:
		r.s.value(key, name, value, true)
	}
}

func (r *jsonReader) key(p *path, name string) (Key, bool) {
	if !r.f.keys.all.probably(name, p.segments > 0) {
		return Key{}, false
	}
	return r.f.keys.lookup(p, name)
}

func skipSpace(t string, i int) int {
	for i < len(t) && (t[i] == ' ' || t[i] == '\n' || t[i] == '\t' || t[i] == '\r') {
		i++
	}
	return i
}

// stringEnd returns where the string that begins at i has its closing quote, or -1. It looks at eight
// bytes at a time.
func stringEnd(t string, i int) int {
	for i+8 <= len(t) {
		b := t[i : i+8]
		w := uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
			uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
		hit := zeroBytes(w^(ones*'"')) | zeroBytes(w^(ones*'\\'))
		if hit == 0 {
			i += 8
			continue
		}
		i += bits.TrailingZeros64(hit) / 8
		if t[i] == '"' {
			return i
		}
		i += 2
	}
	for ; i < len(t); i++ {
		switch t[i] {
		case '"':
			return i
		case '\\':
			i++
		}
	}
	return -1
}

const ones = 0x0101010101010101

// zeroBytes sets the highest bit of the first byte of w that is zero (and perhaps of later ones).
func zeroBytes(w uint64) uint64 { return (w - ones) & ^w & (ones << 7) }

// skipNested returns where the object or list that begins at i ends.
func skipNested(t string, i int) (end int, ok bool) {
	depth := 0
	for i < len(t) {
		switch t[i] {
		case '{', '[':
			depth++
		case '}', ']':
			if depth--; depth == 0 {
				return i + 1, true
			}
		case '"':
			if i = stringEnd(t, i+1); i < 0 {
				return len(t), false
			}
		}
		i++
	}
	return i, false
}

// unescape appends a JSON string without its escapes to dst; false when it is longer than dst can hold.
func unescape(dst []byte, s string) ([]byte, bool) {
	for i := 0; i < len(s); i++ {
		if len(dst)+utf8.UTFMax > cap(dst) {
			return dst, false
		}
		c := s[i]
		if c != '\\' || i+1 == len(s) {
			dst = append(dst, c)
			continue
		}
		i++
		switch s[i] {
		case 'n':
			dst = append(dst, '\n')
		case 't':
			dst = append(dst, '\t')
		case 'r', 'b', 'f':
			dst = append(dst, ' ')
		case 'u':
			if len(s)-i > 4 {
				if v, ok := hex64(s[i+1 : i+5]); ok {
					dst = utf8.AppendRune(dst, rune(v))
					i += 4
				}
			}
		default:
			dst = append(dst, s[i])
		}
	}
	return dst, true
}
