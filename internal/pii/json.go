package pii

import (
	"unicode/utf8"
	"unsafe"
)

// JSON inside a text is walked as JSON: members count with their keys, numbers that go become strings,
// and the result is valid JSON with everything else as it was, byte for byte.

// maxJSONDepth bounds nesting; deeper texts are scanned as plain text.
const maxJSONDepth = 128

// jsonWalk is one walk over a JSON text. Nothing is copied until the first change.
type jsonWalk struct {
	w       *Worker
	s       string
	i       int
	out     []byte // what is written so far, when changed
	from    int    // first byte of s that is not in out yet
	changed bool
	buf     []byte // an unescaped string
}

// redactJSON redacts text when it is a JSON object or array; ok is false when it is none.
func (w *Worker) redactJSON(text string, key *Key) (out string, changed, ok bool) {
	i := skipBlank(text, 0)
	if i >= len(text) || text[i] != '{' && text[i] != '[' || !looksJSON(text, i) {
		return text, false, false
	}
	if w.depth > 2 { // JSON in JSON in JSON
		return text, false, false
	}
	if !validJSON(text) {
		return text, false, false
	}
	w.depth++
	if len(w.jsonPool) == 0 {
		w.jsonPool = append(w.jsonPool, &jsonWalk{})
	}
	j := w.jsonPool[len(w.jsonPool)-1]
	w.jsonPool = w.jsonPool[:len(w.jsonPool)-1]
	*j = jsonWalk{w: w, s: text, i: i, out: j.out[:0], buf: j.buf}
	j.value(key, 0)
	w.depth--
	out, changed = text, j.changed
	if j.changed {
		j.out = append(j.out, text[j.from:]...)
		out = string(j.out)
	}
	w.jsonPool = append(w.jsonPool, j)
	return out, changed, true
}

// looksJSON is a quick look: behind the bracket stands what can stand there.
func looksJSON(s string, i int) bool {
	open := s[i]
	i = skipBlank(s, i+1)
	if i >= len(s) {
		return false
	}
	if open == '{' {
		return s[i] == '"' || s[i] == '}'
	}
	c := s[i]
	return c == '"' || c == '{' || c == '[' || c == ']' || c == '-' || c >= '0' && c <= '9' || c == 't' || c == 'f' || c == 'n'
}

func skipBlank(s string, i int) int {
	for i < len(s) && (s[i] == ' ' || s[i] == '\n' || s[i] == '\t' || s[i] == '\r') {
		i++
	}
	return i
}

// value handles the value at j.i; the text is known to be valid.
func (j *jsonWalk) value(key *Key, depth int) {
	s := j.s
	j.i = skipBlank(s, j.i)
	start := j.i
	switch s[j.i] {
	case '{', '[':
		if key != nil && key.Sensitive() && !key.allowed {
			j.i = skipValue(s, j.i)
			j.replace(start, j.i, j.w.Whole(key))
			return
		}
		object := s[j.i] == '{'
		j.i = skipBlank(s, j.i+1)
		for s[j.i] != '}' && s[j.i] != ']' {
			member := key
			if object {
				member = j.member()
			}
			j.value(member, depth+1)
			j.i = skipBlank(s, j.i)
			if s[j.i] == ',' {
				j.i = skipBlank(s, j.i+1)
			}
		}
		j.i++
	case '"':
		end := skipString(s, j.i)
		j.i = end
		if plain, ok := j.unescape(s[start+1 : end-1]); ok {
			if out, changed := j.w.Redact(plain, key); changed {
				j.replace(start, end, out)
			}
		}
	case 't', 'f', 'n':
		j.i = skipValue(s, j.i)
	default:
		j.i = skipValue(s, j.i)
		if out, changed := j.w.RedactNumber(s[start:j.i], key); changed {
			j.replace(start, j.i, out)
		}
	}
}

// member handles a member's name and returns what is known about it.
func (j *jsonWalk) member() *Key {
	start := j.i
	end := skipString(j.s, start)
	j.i = skipBlank(j.s, end) + 1
	name, _ := j.unescape(j.s[start+1 : end-1])
	key := j.w.Key(name)
	if key != nil && key.redacted != key.name && !j.w.DryRun {
		j.replace(start, end, key.redacted)
	}
	return key
}

// replace writes a string in the place of s[start:end].
func (j *jsonWalk) replace(start, end int, text string) {
	if j.w.DryRun {
		return
	}
	j.out = append(j.out, j.s[j.from:start]...)
	j.out = appendJSONString(j.out, text)
	j.from, j.changed = end, true
}

// unescape returns the string that stands for raw; without escapes it is raw itself.
func (j *jsonWalk) unescape(raw string) (string, bool) {
	k := 0
	for k < len(raw) && raw[k] != '\\' {
		k++
	}
	if k == len(raw) {
		return raw, true
	}
	b := j.buf[:0]
	b = append(b, raw[:k]...)
	for k < len(raw) {
		c := raw[k]
		if c != '\\' {
			b = append(b, c)
			k++
			continue
		}
		switch raw[k+1] {
		case 'n':
			b = append(b, '\n')
		case 't':
			b = append(b, '\t')
		case 'r':
			b = append(b, '\r')
		case 'b':
			b = append(b, '\b')
		case 'f':
			b = append(b, '\f')
		case 'u':
			r := hex4(raw[k+2:])
			k += 4
			if r >= 0xd800 && r < 0xdc00 && k+7 < len(raw) && raw[k+2] == '\\' && raw[k+3] == 'u' {
				if low := hex4(raw[k+4:]); low >= 0xdc00 && low < 0xe000 {
					r = (r-0xd800)<<10 + (low - 0xdc00) + 0x10000
					k += 6
				}
			}
			b = utf8.AppendRune(b, r)
		default:
			b = append(b, raw[k+1])
		}
		k += 2
	}
	j.buf = b
	return unsafe.String(unsafe.SliceData(b), len(b)), true // until the next string is unescaped
}

func hex4(s string) rune {
	return rune(hexValue(s[0]))<<12 | rune(hexValue(s[1]))<<8 | rune(hexValue(s[2]))<<4 | rune(hexValue(s[3]))
}

// appendJSONString appends a quoted string. Invalid UTF-8 is kept as it is.
func appendJSONString(out []byte, s string) []byte {
	out = append(out, '"')
	for i := range len(s) {
		switch c := s[i]; {
		case c == '"' || c == '\\':
			out = append(out, '\\', c)
		case c == '\n':
			out = append(out, '\\', 'n')
		case c == '\t':
			out = append(out, '\\', 't')
		case c == '\r':
			out = append(out, '\\', 'r')
		case c < 0x20:
			const digits = "0123456789abcdef"
			out = append(out, '\\', 'u', '0', '0', digits[c>>4], digits[c&15])
		default:
			out = append(out, c)
		}
	}
	return append(out, '"')
}

// skipString returns the end of the string that begins at i, behind its quote.
func skipString(s string, i int) int {
	for i++; s[i] != '"'; i++ {
		if s[i] == '\\' {
			i++
		}
	}
	return i + 1
}

// skipValue returns the end of the value at i.
func skipValue(s string, i int) int {
	depth := 0
	for i < len(s) {
		switch s[i] {
		case '"':
			i = skipString(s, i)
			if depth == 0 {
				return i
			}
			continue
		case '{', '[':
			depth++
		case '}', ']':
			if depth == 0 {
				return i
			}
			if depth--; depth == 0 {
				return i + 1
			}
		case ',', ' ', '\n', '\t', '\r', ':':
			if depth == 0 {
				return i
			}
		}
		i++
	}
	return i
}
