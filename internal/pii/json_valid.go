package pii

import (
	"math/bits"
	"strings"
)

// jsonString is the end of a string in a JSON text, behind its quote, times two, and one more if it has escapes.
type jsonString uint32

// maxMapped is the longest text that can be walked as JSON, in bytes.
const maxMapped = 1<<31 - 1

// validJSON tells whether s is one JSON value (RFC 8259) of bounded depth. It appends the ends of all strings, names
// of members included, in their order to ends.
func validJSON(s string, ends []jsonString) ([]jsonString, bool) {
	if len(s) > maxMapped {
		return ends, false
	}
	var stack [maxJSONDepth]byte
	depth, i := 0, skipBlank(s, 0)
	for {
		// A value.
		if i >= len(s) {
			return ends, false
		}
		switch c := s[i]; {
		case c == '{' || c == '[':
			if depth == maxJSONDepth {
				return ends, false
			}
			stack[depth] = c
			depth++
			i = skipBlank(s, i+1)
			if i < len(s) && s[i] == c+2 {
				break // empty: closed below
			}
			if c == '{' {
				if i, ends = validMember(s, i, ends); i < 0 {
					return ends, false
				}
			}
			continue
		case c == '"':
			escaped := jsonString(0)
			if i, escaped = validString(s, i); i < 0 {
				return ends, false
			}
			ends = append(ends, jsonString(i)<<1|escaped)
		default:
			if i = validScalar(s, i); i < 0 {
				return ends, false
			}
		}
		// What follows a value.
		for {
			i = skipBlank(s, i)
			if depth == 0 {
				return ends, i == len(s)
			}
			if i >= len(s) {
				return ends, false
			}
			if s[i] == stack[depth-1]+2 {
				depth--
				i++
				continue
			}
			break
		}
		if s[i] != ',' {
			return ends, false
		}
		i = skipBlank(s, i+1)
		if stack[depth-1] == '{' {
			if i, ends = validMember(s, i, ends); i < 0 {
				return ends, false
			}
		}
	}
}

func validMember(s string, i int, ends []jsonString) (int, []jsonString) {
	if i >= len(s) || s[i] != '"' {
		return -1, ends
	}
	i, escaped := validString(s, i)
	if i < 0 {
		return -1, ends
	}
	ends = append(ends, jsonString(i)<<1|escaped)
	i = skipBlank(s, i)
	if i >= len(s) || s[i] != ':' {
		return -1, ends
	}
	return skipBlank(s, i+1), ends
}

// validString returns the end of the string that begins at i, -1 = it is none, and 1 if it has escapes. It looks at
// eight bytes at a time for a quote, a backslash or a control character.
func validString(s string, i int) (end int, escaped jsonString) {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	for i++; ; i++ {
		for i+8 <= len(s) {
			x := load64(s, i)
			quote, slash := x^ones*'"', x^ones*'\\'
			found := ((x-ones*0x20)&^x | (quote-ones)&^quote | (slash-ones)&^slash) & tops
			// The lowest bit that is set is right; a borrow spoils only those above it.
			i += bits.TrailingZeros64(found) >> 3
			if found != 0 {
				break
			}
		}
		for i < len(s) && s[i] >= 0x20 && s[i] != '"' && s[i] != '\\' { // the last bytes
			i++
		}
		if i >= len(s) || s[i] < 0x20 {
			return -1, 0
		}
		if s[i] == '"' {
			return i + 1, escaped
		}
		escaped = 1
		if i++; i >= len(s) {
			return -1, 0
		}
		switch s[i] {
		case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
		case 'u':
			if i+4 >= len(s) || !hexOnly(s[i+1:i+5]) {
				return -1, 0
			}
			i += 4
		default:
			return -1, 0
		}
	}
}

func validScalar(s string, i int) int {
	start := i
	switch {
	case strings.HasPrefix(s[i:], "true"), strings.HasPrefix(s[i:], "null"):
		return i + 4
	case strings.HasPrefix(s[i:], "false"):
		return i + 5
	}
	if i < len(s) && s[i] == '-' {
		i++
	}
	digits := i
	for i < len(s) && isAlnum[s[i]] == 1 {
		i++
	}
	if i == digits || i-digits > 1 && s[digits] == '0' {
		return -1
	}
	if i < len(s) && s[i] == '.' {
		fraction := i + 1
		for i++; i < len(s) && isAlnum[s[i]] == 1; i++ {
		}
		if i == fraction {
			return -1
		}
	}
	if i < len(s) && s[i]|0x20 == 'e' {
		i++
		if i < len(s) && (s[i] == '+' || s[i] == '-') {
			i++
		}
		exponent := i
		for i < len(s) && isAlnum[s[i]] == 1 {
			i++
		}
		if i == exponent {
			return -1
		}
	}
	if i == start {
		return -1
	}
	return i
}
