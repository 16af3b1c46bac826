package tracecontext

import "strings"

// Trim takes off what loggers put around a value: blanks, quotes, brackets and bars.
func Trim(s string) string {
	for s != "" && trimmed(s[0]) {
		s = s[1:]
	}
	for s != "" && trimmed(s[len(s)-1]) {
		s = s[:len(s)-1]
	}
	return s
}

func trimmed(c byte) bool {
	switch c {
	case ' ', '\t', '\r', '\n', '"', '\'', '`', '[', ']', '(', ')', '{', '}', '<', '>', '|':
		return true
	}
	return false
}

// isNone tells that a trimmed value is one of the ways to write that there is no ID.
func isNone(s string) bool {
	switch len(s) {
	case 0:
		return true
	case 1, 2, 3, 4, 7, 9:
		for _, word := range [...]string{"-", "--", "null", "none", "nil", "n/a", "na", "nan", "unknown", "undefined", "?"} {
			if strings.EqualFold(s, word) {
				return true
			}
		}
	}
	return zeros(s)
}

// zeros tells that s is zeros, in any of the forms in which a zero ID is written.
func zeros(s string) bool {
	if s[0] != '0' {
		return false
	}
	for i := range len(s) {
		if c := s[i]; c != '0' && c != '-' && c != ':' {
			return false
		}
	}
	return true
}
