package record

import (
	"encoding/json"
	"strconv"
	"strings"
)

// maxJSON bounds the length in bytes of a JSON line that is looked into.
const maxJSON = 256 << 10

// isJSON tells whether a body may be a JSON object.
func isJSON(s string) bool {
	return len(s) >= 2 && len(s) <= maxJSON && s[0] == '{' && strings.HasSuffix(strings.TrimRight(s, " \r\n"), "}")
}

// jsonObject looks into a JSON object without decoding it; strings stay escaped. in is fObject or fThrown inside a map that stands for an error. It returns the offset behind the object, -1 when it is malformed.
func (f *fields) jsonObject(s string, i, depth int, in field) int {
	i++ // the brace
	for {
		i = skipSpace(s, i)
		if i >= len(s) {
			return -1
		}
		switch s[i] {
		case '}':
			return i + 1
		case ',':
			i++
			continue
		case '"':
		default:
			return -1
		}
		end := skipString(s, i)
		if end < 0 {
			return -1
		}
		key := s[i+1 : end-1]
		i = skipSpace(s, end)
		if i >= len(s) || s[i] != ':' {
			return -1
		}
		i = skipSpace(s, i+1)
		if i >= len(s) {
			return -1
		}
		what := fieldOf(key)
		if in != fNone {
			if what = weaken(memberOf(key), in == fObject); what == fObject || what == fThrown {
				what = fNone
			}
		}
		if i = f.jsonValue(s, i, depth, key, what, in); i < 0 {
			return -1
		}
	}
}

func (f *fields) jsonValue(s string, i, depth int, key string, what, in field) int {
	switch s[i] {
	case '"':
		end := skipString(s, i)
		if end > 0 && what != fNone {
			f.set(what, s[i+1:end-1])
		}
		return end
	case '{':
		switch {
		case depth >= maxDepth:
		case what == fObject || what == fThrown:
			return f.jsonObject(s, i, depth+1, what)
		case in == fNone && container(key):
			return f.jsonObject(s, i, depth+1, fNone)
		}
		return skipNested(s, i)
	case '[':
		end := skipNested(s, i)
		if end > 0 && (what == fStack || what == fMaybeStack) && f.listRaw == "" && end-i > 2 {
			f.listRaw = s[i:end]
		}
		return end
	default:
		end := i
		for end < len(s) && s[end] != ',' && s[end] != '}' && s[end] != ']' && s[end] > ' ' {
			end++
		}
		if end == i {
			return -1
		}
		switch literal := s[i:end]; {
		case what == fNone:
		case literal == "true" || literal == "false":
			f.boolean(what, literal == "true")
		case what == fLevel || what == fLevelNumber:
			if n, err := strconv.Atoi(literal); err == nil {
				f.integer(what, int64(n))
			}
		}
		return end
	}
}

func skipSpace(s string, i int) int {
	for i < len(s) && (s[i] == ' ' || s[i] == '\n' || s[i] == '\t' || s[i] == '\r') {
		i++
	}
	return i
}

// skipString returns the offset behind the string that begins at s[i]; -1 when it does not end.
func skipString(s string, i int) int {
	for i++; i < len(s); {
		j := strings.IndexByte(s[i:], '"')
		if j < 0 {
			return -1
		}
		i += j
		backslashes := 0
		for k := i - 1; s[k] == '\\'; k-- {
			backslashes++
		}
		i++
		if backslashes%2 == 0 {
			return i
		}
	}
	return -1
}

// skipNested returns the offset behind the object or list that begins at s[i].
func skipNested(s string, i int) int {
	depth := 0
	for i < len(s) {
		switch s[i] {
		case '{', '[':
			depth++
		case '}', ']':
			depth--
			if depth == 0 {
				return i + 1
			}
		case '"':
			if i = skipString(s, i); i < 0 {
				return -1
			}
			continue
		}
		i++
	}
	return -1
}

// jsonLine looks into a JSON object from end to end; false when it is malformed.
func (f *fields) jsonLine(s string) bool {
	if f.jsonObject(s, 0, 0, fNone) < 0 {
		return false
	}
	for i, v := range f.s {
		if v != "" {
			f.raw |= 1 << i
		}
	}
	// Whether these hold a stack trace can only be told of the decoded text.
	for _, what := range [...]field{fMaybeStack, fThrown, fObject, fEscaped, fHandled} {
		if v := f.s[what]; v != "" {
			f.s[what] = ""
			f.raw &^= 1 << what
			f.str(what, unescape(v))
		}
	}
	return true
}

// decode decodes one string of a JSON line, if that was not done yet.
func (f *fields) decode(what field) string {
	if f.raw&(1<<what) != 0 {
		f.raw &^= 1 << what
		f.s[what] = unescape(f.s[what])
	}
	return f.s[what]
}

// decodeAll decodes the strings of a JSON line.
func (f *fields) decodeAll() {
	for i := range f.s {
		f.decode(field(i))
	}
}

// unescape decodes the inside of a JSON string; it returns the string itself when nothing is escaped.
func unescape(s string) string {
	if strings.IndexByte(s, '\\') < 0 {
		return s
	}
	var decoded string
	if json.Unmarshal([]byte(`"`+s+`"`), &decoded) != nil {
		return s
	}
	return decoded
}
