package pii

import (
	"strconv"
	"strings"
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
	ends    []jsonString
	next    int       // of ends: the first one that was not passed
	secret  trivalent // whether the text names a Kubernetes Secret
	data    bool      // in the data of one
	places  [32]Place // of the members of the text before, which mostly has the same ones
	members int
	// redacted counts the names that stand for redacted ones; nil until there is one
	redacted map[jsonName]int
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
	if len(w.jsonPool) == 0 {
		w.jsonPool = append(w.jsonPool, &jsonWalk{w: w})
	}
	j := w.jsonPool[len(w.jsonPool)-1]
	if j.ends, ok = validJSON(text, j.ends[:0]); !ok {
		return text, false, false
	}
	w.jsonPool = w.jsonPool[:len(w.jsonPool)-1]
	w.depth++
	j.s, j.i, j.out, j.from, j.changed, j.next, j.members, j.secret, j.data = text, i, j.out[:0], 0, false, 0, 0, unknown, false
	if len(j.redacted) > maxNames {
		j.redacted = nil
	}
	clear(j.redacted)
	j.value(key, nil)
	w.depth--
	out, changed = text, j.changed
	if j.changed {
		j.out = append(j.out, text[j.from:]...)
		out = string(j.out)
	}
	j.s = ""
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
	for i < len(s) && s[i] <= ' ' && (s[i] == ' ' || s[i] == '\n' || s[i] == '\t' || s[i] == '\r') {
		i++
	}
	return i
}

// value handles the value at j.i, that of a member with its place; the text is known to be valid.
func (j *jsonWalk) value(key *Key, p *Place) {
	s := j.s
	j.i = skipBlank(s, j.i)
	start := j.i
	switch s[j.i] {
	case '{', '[':
		if key != nil && key.Sensitive() && !key.allowed {
			j.i = skipValue(s, j.i)
			for j.next < len(j.ends) && int(j.ends[j.next]>>1) <= j.i {
				j.next++
			}
			j.replace(start, j.i, j.w.Whole(key))
			return
		}
		object := s[j.i] == '{'
		var argument *Key
		j.i = skipBlank(s, j.i+1)
		for s[j.i] != '}' && s[j.i] != ']' {
			if object {
				j.member(start)
			} else {
				argument = j.element(key, argument)
			}
			j.i = skipBlank(s, j.i)
			if s[j.i] == ',' {
				j.i = skipBlank(s, j.i+1)
			}
		}
		j.i++
	case '"':
		plain := j.string()
		if p != nil {
			if out, changed := j.w.RedactAt(p, plain); changed {
				j.replace(start, j.i, out)
			}
		} else if out, changed := j.w.Redact(plain, key); changed {
			j.replace(start, j.i, out)
		}
	case 't', 'n':
		j.i += 4
	case 'f':
		j.i += 5
	default:
		for j.i < len(s) && !behindNumber(s[j.i]) {
			j.i++
		}
		if out, changed := j.w.RedactNumber(strings.TrimSuffix(s[start:j.i], ".0"), key); changed {
			j.replace(start, j.i, out)
		}
	}
}

// behindNumber tells what may follow a number.
func behindNumber(c byte) bool { return c == ',' || c <= ' ' || c == '}' || c == ']' }

// member handles a name and its value in the object that begins at open.
func (j *jsonWalk) member(open int) {
	start := j.i
	name := j.string()
	p := &j.places[j.members&31]
	j.members++
	key := p.Key()
	if key == nil || key.name != name {
		key = j.w.Key(name)
		p.Take(key)
	}
	if key != nil && (key.redacted != key.name || name[0] == '[') && !j.w.DryRun {
		if redacted := j.unique(open, key.redacted); redacted != name {
			j.replace(start, j.i, redacted)
		}
	}
	j.i = skipBlank(j.s, j.i) + 1
	if key != nil && namesValue(key.name) {
		if named := j.nameOf(open); named != nil {
			j.value(named, nil)
			return
		}
	}
	if j.data {
		key, p = j.w.Key("secret"), nil
	} else if key != nil && (key.name == "data" || key.name == "stringData") && j.ofSecret(open) {
		j.data = true
		j.value(key, p)
		j.data = false
		return
	}
	j.value(key, p)
}

// maxNames bounds the memory for redacted names that is kept from one text to the next.
const maxNames = 256

// unique returns a redacted name, with a number where the object that begins at open has had it already: readers of JSON
// keep one of two members with the same name, or refuse both.
func (j *jsonWalk) unique(open int, name string) string {
	if j.redacted == nil {
		j.redacted = map[jsonName]int{}
	}
	at := jsonName{open, name}
	n := j.redacted[at] + 1
	for own := at; n > 1; n++ {
		own.name = name + "_" + strconv.Itoa(n)
		if j.redacted[own] == 0 {
			j.redacted[at], j.redacted[own] = n, 1
			return own.name
		}
	}
	j.redacted[at] = n
	return name
}

// jsonName is a redacted name in the object that begins at open.
type jsonName struct {
	open int
	name string
}

// string returns the string at j.i without its escapes, until the next one is asked for, and goes behind it.
func (j *jsonWalk) string() string {
	end := j.ends[j.next]
	j.next++
	raw := j.s[j.i+1 : end>>1-1]
	j.i = int(end >> 1)
	if end&1 == 0 {
		return raw
	}
	return j.unescape(raw)
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

// unescape returns the string that stands for raw.
func (j *jsonWalk) unescape(raw string) string {
	b, k := j.buf[:0], 0
	for {
		n := strings.IndexByte(raw[k:], '\\')
		if n < 0 {
			b = append(b, raw[k:]...)
			break
		}
		b = append(b, raw[k:k+n]...)
		k += n
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
	return unsafe.String(unsafe.SliceData(b), len(b))
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
	end, _ := validString(s, i)
	return end
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
