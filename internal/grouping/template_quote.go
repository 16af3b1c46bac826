package grouping

import "strings"

// closingQuote returns the index of the quote that closes the one at i, -1 = it opens nothing.
func (e *engine) closingQuote(i int) int {
	s := e.s
	q := s[i]
	if e.noClose[q] || i > 0 && classes[s[i-1]]&(cAlnum|cHigh) != 0 {
		return -1
	}
	closer := q
	for j := i + 1; j < len(s); j++ {
		switch c := s[j]; {
		case c == '\\':
			j++
		case c == '[':
			if w := piiToken(s[j:]); w > 0 {
				j += w - 1
			}
		case c == closer || q == '`' && c == '\'':
			// A quote inside a word is an apostrophe.
			if q == '\'' && j+1 < len(s) && classes[s[j+1]]&(cAlnum|cHigh) != 0 {
				continue
			}
			return j
		}
	}
	e.noClose[q], e.anyOpen = true, true
	return -1
}

// closingHigh returns where the typographic quote that closes open ends in s, -1 = nowhere.
func (e *engine) closingHigh(s string, open rune) int {
	closer, slot := "”", 1
	switch open {
	case '‘':
		closer, slot = "’", 2
	case '«':
		closer, slot = "»", 3
	}
	if e.noClose[slot] {
		return -1
	}
	if i := strings.Index(s, closer); i >= 0 {
		return i + len(closer)
	}
	e.noClose[slot], e.anyOpen = true, true
	return -1
}

// keyed tells that the last lexeme is "=" or ":" behind a word.
func (e *engine) keyed() bool {
	n := len(e.lex)
	if n < 2 || e.lex[n-1].kind != kPunct {
		return false
	}
	c := e.s[e.lex[n-1].start]
	return (c == '=' || c == ':') && e.lex[n-2].kind == kWord
}

// jsonKey tells that the quoted text is a key: "{" or "," before it, ":" behind it.
func (e *engine) jsonKey(i, end int) bool {
	j := end + 1
	for j < len(e.s) && e.s[j] == ' ' {
		j++
	}
	if j >= len(e.s) || e.s[j] != ':' || end-i > 64 || end == i+1 {
		return false
	}
	if n := len(e.lex); n > 0 {
		c := e.s[e.lex[n-1].start]
		if e.lex[n-1].kind != kPunct || c != '{' && c != ',' {
			return false
		}
	}
	for _, c := range []byte(e.s[i+1 : end]) {
		if classes[c]&(cLetter|cDigit) == 0 && c != '_' && c != '-' && c != '.' && c != '@' {
			return false
		}
	}
	return true
}

// httpRequest tells "GET /path HTTP/1.1": its method is constant.
func httpRequest(s string) bool {
	i := strings.IndexByte(s, ' ')
	if i < 3 || i > 7 || i+1 >= len(s) || s[i+1] != '/' {
		return false
	}
	switch s[:i] {
	case "GET", "PUT", "POST", "HEAD", "PATCH", "DELETE", "OPTIONS", "CONNECT", "TRACE":
		return true
	}
	return false
}

// contraction tells the rest of "can't", "user's", "we'll".
func contraction(s string) bool {
	for _, t := range [...]string{"s", "t", "d", "m", "re", "ve", "ll"} {
		if strings.HasPrefix(s, t) && (len(s) == len(t) || classes[s[len(t)]]&cAlnum == 0) {
			return true
		}
	}
	return false
}
