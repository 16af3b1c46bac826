package grouping

import "strings"

// piiToken returns the length of the redaction token that s starts with, 0 = none.
//
// The grammar is that of the pii_redaction processor: "[NAME]", "[NAME:k1:9f2c41d0]" (hashed, with
// the key's name) and "[NAME:****4242]" (partly masked). NAME is in upper case, with digits and
// underscores. Words that loggers put in brackets on their own, such as levels, are not tokens.
func piiToken(s string) int {
	if len(s) < 3 || s[0] != '[' || s[1] < 'A' || s[1] > 'Z' {
		return 0
	}
	i := 1
	for i < len(s) && i <= 41 && (s[i] >= 'A' && s[i] <= 'Z' || s[i] >= '0' && s[i] <= '9' || s[i] == '_') {
		i++
	}
	if i < 3 {
		return 0
	}
	if i == len(s) {
		return cutOff(s, true) // the text was cut, or a bracket around it trimmed
	}
	switch s[i] {
	case ']':
		if f := lookup(s[1:i]); f&fLevel != 0 {
			return 0
		}
		return i + 1
	case ':':
		// The tail is short: a key's name and a hash, or what a partial mask kept.
		rest := s[i+1:]
		if len(rest) > 288 {
			rest = rest[:288]
		}
		end := strings.IndexByte(rest, ']')
		if end < 0 && len(s) <= 64 {
			return cutOff(s, strings.Contains(rest, "****") || hashed(rest))
		}
		if end > 0 && (strings.Contains(rest[:end], "****") || hashed(rest[:end])) {
			return i + 1 + end + 1
		}
	}
	return 0
}

// cutOff accepts the rest of a text as a token that lacks its end.
func cutOff(s string, ok bool) int {
	if ok && strings.IndexByte(s, '\n') < 0 {
		return len(s)
	}
	return 0
}

// hashed tells "k1:9f2c41d0".
func hashed(s string) bool {
	i := strings.IndexByte(s, ':')
	if i < 1 || i > 16 || len(s)-i-1 < 8 || len(s)-i-1 > 32 || !allHex(s[i+1:]) {
		return false
	}
	for k := 0; k < i; k++ {
		if classes[s[k]]&cAlnum == 0 && s[k] != '_' && s[k] != '-' {
			return false
		}
	}
	return true
}

// mask returns the length of the run of '*' that s starts with when it is long enough for a mask.
func mask(s string) int {
	n := 0
	for n < len(s) && s[n] == '*' {
		n++
	}
	if n < 3 || n > 64 {
		return 0
	}
	return n
}
