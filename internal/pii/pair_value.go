package pii

import (
	"math"
	"strings"
)

// Values behind names: where they end, and whether they look like a secret.

// valueEnd returns the bytes of the value that begins at i, without quotes.
func valueEnd(s string, i int) (from, to int, quoted bool) {
	if i >= len(s) {
		return i, i, false
	}
	escaped := s[i] == '\\' && i+1 < len(s) && (s[i+1] == '"' || s[i+1] == '\'')
	if escaped {
		i++
	}
	if q := s[i]; q == '"' || q == '\'' || q == '`' {
		from = i + 1
		limit := min(len(s), from+4096)
		for to = from; to < limit; to++ {
			if s[to] == q {
				if escaped && to > from && s[to-1] == '\\' {
					return from, to - 1, true
				}
				return from, to, true
			}
			if s[to] == '\\' && !escaped {
				to++
			} else if s[to] == '\n' {
				break
			}
		}
		return from, min(to, len(s)), true
	}
	to = i
	for to < len(s) && to-i < 4096 {
		switch c := s[to]; c {
		case ' ', '\t', '\n', '\r', '"', '\'', '`', '<', '>', ',', ';', '&', ')', '}', ']', '|':
			return i, trimValue(s, i, to), false
		case '\\':
			if to+1 < len(s) && (s[to+1] == 'n' || s[to+1] == 'r' || s[to+1] == 't' || s[to+1] == '"') {
				return i, to, false
			}
		}
		to++
	}
	return i, trimValue(s, i, to), false
}

// trimValue takes a sentence's end off a value.
func trimValue(s string, from, to int) int {
	for to > from && (s[to-1] == '.' || s[to-1] == ':' || s[to-1] == '!' && to-from > 12) {
		to--
	}
	return to
}

// queryEnd returns the end of a URL parameter's value.
func queryEnd(s string, i int) int {
	for i < len(s) && s[i] > ' ' {
		switch s[i] {
		case '&', '#', '"', '\'', '<', '>', '`', '\\', ')', ']', '}', '|', ';', ',':
			return i
		}
		i++
	}
	return i
}

// placeholder tells of values that stand for a secret and are none: xxxx, ****, ${VAR}, <token>, $(...), EXAMPLE.
func placeholder(v string) bool {
	if v == "" {
		return true
	}
	switch v[0] {
	case '<', '$', '{', '[', '(', '%', '*', '@':
		switch {
		case v[0] == '$' && len(v) > 1 && (isAlnum[v[1]] == 1 || v[1] == '2'):
		case v[0] == '@' || v[0] == '%' && !strings.HasSuffix(v, "%"):
			return false
		case v[0] == '*' && strings.Trim(v, "*") != "":
			return false
		default:
			return true
		}
	}
	if allSame(v) || strings.Contains(v, "xxxx") || strings.Contains(v, "XXXX") || strings.Contains(v, "****") || strings.Contains(v, "....") {
		return true
	}
	if len(v) <= 40 {
		var b [40]byte
		for i := range len(v) {
			b[i] = lower[v[i]]
		}
		l := string(b[:len(v)])
		for _, word := range [...]string{"example", "changeme", "change_me", "placeholder", "redacted", "your_", "your-", "filtered", "dummy"} {
			if strings.Contains(l, word) {
				return true
			}
		}
	}
	return false
}

func allSame(v string) bool {
	for i := range len(v) {
		if v[i] != v[0] {
			return false
		}
	}
	return true
}

// prose tells of words that follow "password:" in messages and are no password.
func prose(v string) bool {
	if len(v) > 14 {
		return false
	}
	var b [14]byte
	for i := range len(v) {
		b[i] = lower[v[i]]
	}
	switch string(b[:len(v)]) {
	case "yes", "no", "true", "false", "null", "none", "nil", "undefined", "required", "invalid", "incorrect", "wrong", "expired",
		"missing", "empty", "changed", "set", "unset", "reset", "ok", "failed", "failure", "success", "denied", "accepted",
		"rejected", "unknown", "disabled", "enabled", "on", "off", "n/a", "auto", "default", "not", "is", "was", "the", "for",
		"of", "and", "or", "must", "authentication", "string", "bool", "int", "error", "expiry", "mismatch", "found", "a", "-", "?",
		"valid", "ignored", "updated", "created", "deleted", "hidden", "masked", "secret", "password", "token", "nan", "<nil>", "0", "1":
		return true
	}
	return false
}

// foreign tells whether there is no letter or digit of ASCII in v: a word of prose in another script.
func foreign(v string) bool {
	for i := range len(v) {
		if isAlnum[v[i]] != 0 {
			return false
		}
	}
	return v[0] >= 0x80
}

// wordOnly tells whether v is one word of letters, perhaps with a capital at its beginning.
func wordOnly(v string) bool {
	for i := range len(v) {
		if c := v[i]; isAlnum[c] != 2 || i > 0 && c < 'a' {
			return false
		}
	}
	return true
}

// followedByWord tells whether a blank and a letter follow at i: the value was the first word of a sentence.
func followedByWord(s string, i int) bool {
	return i+1 < len(s) && s[i] == ' ' && (isAlnum[s[i+1]] == 2 || s[i+1] == '[' && i+2 < len(s) && isAlnum[s[i+2]] == 2)
}

// randomLooking: at least 12 bytes, more than one class of characters, entropy of at least 3.5 bits a byte
// (2.7 for hexadecimal digits, which cannot reach more than 4).
func randomLooking(v string) bool {
	if len(v) < 12 || strings.ContainsAny(v, " \t") && len(v) < 100 {
		return false
	}
	lowers, uppers, digits, others, hexes := 0, 0, 0, 0, 0
	for i := range len(v) {
		c := v[i]
		if isHex(c) {
			hexes++
		}
		switch {
		case c >= 'a' && c <= 'z':
			lowers++
		case c >= 'A' && c <= 'Z':
			uppers++
		case c >= '0' && c <= '9':
			digits++
		default:
			others++
		}
	}
	if digits == 0 && (lowers == 0 || uppers == 0 || len(v) < 20 || uppers*5 < len(v)) || lowers+uppers == 0 {
		return false
	}
	if others*3 > len(v) || strings.Contains(v, "://") || v[0] == '/' || strings.Count(v, "/") > 3 && len(v) < 60 {
		return false
	}
	need := 3.5
	if hexes == len(v) {
		need = 2.7
	} else if len(v) < 16 {
		need = 3.2 // sixteen bytes can hold four bits at most, twelve 3.58
	}
	return entropy(v) >= need
}

// entropy is Shannon's, in bits a byte.
func entropy(v string) float64 {
	var count [256]uint16
	for i := range min(len(v), 4096) {
		count[v[i]]++
	}
	n, e := float64(min(len(v), 4096)), 0.0
	for i := range count {
		if count[i] > 0 {
			p := float64(count[i]) / n
			e -= p * math.Log2(p)
		}
	}
	return e
}

// authScheme tells whether v is the name of an HTTP authentication scheme.
func authScheme(v string) bool {
	switch len(v) {
	case 5, 6, 9:
		return strings.EqualFold(v, "bearer") || strings.EqualFold(v, "basic") || strings.EqualFold(v, "digest") ||
			strings.EqualFold(v, "token") || strings.EqualFold(v, "negotiate")
	}
	return false
}
