package pii

// validJSON tells whether s is one JSON value (RFC 8259) of bounded depth.
func validJSON(s string) bool {
	var stack [maxJSONDepth]byte
	depth, i := 0, skipBlank(s, 0)
	for {
		// A value.
		if i >= len(s) {
			return false
		}
		switch c := s[i]; {
		case c == '{' || c == '[':
			if depth == maxJSONDepth {
				return false
			}
			stack[depth] = c
			depth++
			i = skipBlank(s, i+1)
			if i < len(s) && s[i] == c+2 {
				break // empty: closed below
			}
			if c == '{' {
				if i = validMember(s, i); i < 0 {
					return false
				}
			}
			continue
		case c == '"':
			if i = validString(s, i); i < 0 {
				return false
			}
		default:
			if i = validScalar(s, i); i < 0 {
				return false
			}
		}
		// What follows a value.
		for {
			i = skipBlank(s, i)
			if depth == 0 {
				return i == len(s)
			}
			if i >= len(s) {
				return false
			}
			if s[i] == stack[depth-1]+2 {
				depth--
				i++
				continue
			}
			break
		}
		if s[i] != ',' {
			return false
		}
		i = skipBlank(s, i+1)
		if stack[depth-1] == '{' {
			if i = validMember(s, i); i < 0 {
				return false
			}
		}
	}
}

func validMember(s string, i int) int {
	if i >= len(s) || s[i] != '"' {
		return -1
	}
	if i = validString(s, i); i < 0 {
		return -1
	}
	i = skipBlank(s, i)
	if i >= len(s) || s[i] != ':' {
		return -1
	}
	return skipBlank(s, i+1)
}

func validString(s string, i int) int {
	for i++; i < len(s); i++ {
		switch c := s[i]; {
		case c == '"':
			return i + 1
		case c < 0x20:
			return -1
		case c == '\\':
			i++
			if i >= len(s) {
				return -1
			}
			switch s[i] {
			case '"', '\\', '/', 'b', 'f', 'n', 'r', 't':
			case 'u':
				if i+4 >= len(s) || !hexOnly(s[i+1:i+5]) {
					return -1
				}
				i += 4
			default:
				return -1
			}
		}
	}
	return -1
}

func validScalar(s string, i int) int {
	for _, word := range [...]string{"true", "false", "null"} {
		if len(s)-i >= len(word) && s[i:i+len(word)] == word {
			return i + len(word)
		}
	}
	start := i
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
