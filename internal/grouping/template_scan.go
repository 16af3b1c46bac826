package grouping

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Classes of bytes. Core bytes are those that may be part of a token such as a path or a number.
const (
	cSpace = 1 << iota
	cLower
	cUpper
	cDigit
	cCore
	cQuote
	cHigh
	cDelim  // ends a token, whatever it is
	cLetter = cLower | cUpper
	cAlnum  = cLetter | cDigit
)

var classes = func() (t [256]uint8) {
	for c := range 256 {
		switch {
		case c <= ' ' || c == 0x7f:
			t[c] = cSpace
		case c >= 'a' && c <= 'z':
			t[c] = cLower
		case c >= 'A' && c <= 'Z':
			t[c] = cUpper
		case c >= '0' && c <= '9':
			t[c] = cDigit
		case c >= 0x80:
			t[c] = cHigh
		case strings.IndexByte(`._-:/\@%+#~*$&!?^`, byte(c)) >= 0:
			t[c] = cCore
		case c == '"' || c == '\'' || c == '`':
			t[c] = cQuote
		case c != '[':
			t[c] = cDelim
		}
	}
	return t
}()

// scan cuts the message into lexemes.
func (e *engine) scan() {
	s, n := e.s, len(e.s)
	space, lineStart, closeAt := false, 0, -1
	for i := 0; i < n; {
		c := s[i]
		k := classes[c]
		if closeAt >= 0 && i > closeAt {
			e.closeProse()
			closeAt = -1
		}
		switch {
		case c == '\\' && i+1 < n && classes[s[i+1]]&cQuote != 0:
			// A quote inside a quoted text.
			end := strings.Index(s[i+2:], s[i:i+2])
			if end < 0 || closeAt >= 0 && i+4+end > closeAt {
				i += 2
				space = true
				continue
			}
			e.add(i, i+4+end, kValue, space).class = clsStr
			i += 4 + end
		case k&cSpace != 0:
			if c == '\n' && len(e.lex) > lineStart {
				lineStart = len(e.lex)
				if e.lines++; e.lines == 1 {
					e.first = lineStart
				}
				if e.lines >= maxLines {
					return
				}
			}
			if c == 0x1b {
				i += ansi(s[i:])
				continue
			}
			space = true
			i++
			continue
		case k&(cAlnum|cCore) != 0:
			if c == '-' && strings.HasPrefix(s[i:], "-----BEGIN ") {
				end := pem(s[i:])
				e.add(i, i+end, kValue, space).class = clsSecret
				i += end
				break
			}
			if k&cLetter != 0 && i+4 < n && s[i+4] == ' ' && classes[s[i+2]]&cDigit != 0 {
				if w := iban(s[i:]); w > 0 {
					e.add(i, i+w, kValue, space).class = clsID
					i += w
					break
				}
			}
			// The usual case: a word between blanks.
			j := i
			for j < n && classes[s[j]]&cLetter != 0 {
				j++
			}
			if j > i && (j == n || classes[s[j]]&(cSpace|cDelim) != 0) {
				e.word(i, j, space)
				i = j
				break
			}
			i = e.core(i, space)
		case k&cHigh != 0:
			r, w := utf8.DecodeRuneInString(s[i:])
			switch {
			case unicode.IsSpace(r) || r == '\ufeff' || r == '\u200b':
				space = true
				i += w
				continue
			case r == '“' || r == '‘' || r == '«':
				if end := e.closingHigh(s[i+w:], r); end >= 0 {
					e.add(i, i+w+end, kValue, space).class = clsStr
					i += w + end
					break
				}
				i += w
			case r == '”' || r == '’' || r == '»':
				i += w
			case caseless(r):
				i = e.script(i, space)
			case inCore(r):
				i = e.core(i, space)
			default:
				e.add(i, i+w, kPunct, space)
				i += w
			}
		case k&cQuote != 0:
			if i == closeAt {
				e.closeProse()
				i++
				break
			}
			end := e.closingQuote(i)
			if end < 0 {
				i++
				space = space || c != '\''
				continue
			}
			switch {
			case e.keyed() && len(e.lex) > 1 && e.lex[len(e.lex)-2].flags&fText != 0:
				// Prose as the value of a key such as msg: look inside.
				closeAt = end
				e.openProse()
				i++
				continue
			case httpRequest(s[i+1 : end]):
				closeAt = end
				i++
				continue
			case e.jsonKey(i, end):
				l := e.add(i+1, end, kWord, space)
				l.quoted = true
				l.flags = lookup(s[i+1 : end])
				i = end + 1
			default:
				e.add(i, end+1, kValue, space).class = clsStr
				i = end + 1
			}
		case c == '[' && piiToken(s[i:]) > 0:
			i = e.core(i, space)
		case c == '(' && areaCode(s[i:]):
			// "(555) 123-4567": the brackets belong to the number.
			j := i + 1
			for s[j] != ')' {
				j++
			}
			e.add(i, j+1, kValue, space).class = clsNum
			i = j + 1
		case (c == '<' || c == '>') && (space || i == 0) && atMost(s[i+1:]):
			i++ // "<1 sec": the sign belongs to the value
			i = e.core(i, space)
		default:
			e.add(i, i+1, kPunct, space)
			i++
		}
		space = false
	}
}

// core reads a run of core bytes and hands it to classify.
func (e *engine) core(i int, space bool) int {
	s, n := e.s, len(e.s)
	var seen uint8
	pii := false
	j := i
loop:
	for j < n {
		c := s[j]
		k := classes[c]
		if k&cAlnum != 0 {
			seen |= k
			j++
			continue
		}
		switch {
		case c == '\\' && j+1 < n && classes[s[j+1]]&cQuote != 0:
			break loop
		case c == '.' && j > i && j+2 < n && s[j+1] == '.' && s[j+2] == '.':
			break loop // dots that fill up a line
		case k&(cAlnum|cCore) != 0:
			seen |= k
			j++
		case c == '[':
			w := piiToken(s[j:])
			if w == 0 || j > i && classes[s[j-1]]&cLetter != 0 {
				break loop // no token touches a letter: "SQLSTATE[HY000]"
			}
			pii = true
			j += w
		case k&cHigh != 0:
			r, w := utf8.DecodeRuneInString(s[j:])
			if !inCore(r) {
				break loop
			}
			switch {
			case r < utf8.RuneSelf:
			case unicode.IsDigit(r):
				seen |= cDigit
			case isDash(r):
				seen |= cCore
			default:
				seen |= cHigh
			}
			j += w
		case c == '\'' && j > i && classes[s[j-1]]&cLetter != 0 && contraction(s[j+1:]):
			j++
		default:
			break loop
		}
	}
	if j == i { // cannot be, but a loop that stands still would be worse
		j++
	}
	if j < n && s[j] == ' ' && j-i > 4 && classes[s[j-1]]&cDigit != 0 && classes[s[j-4]]&cLetter != 0 && classes[s[j-5]]&cCore != 0 {
		if w := iban(s[j-4:]); w > 0 {
			j += w - 4 // behind "account=" or a path
		}
	}
	e.splits = 0
	return e.classify(i, j, seen, space, pii)
}

// script reads a run of letters of a script without case, which writes no blanks between words:
// numbers and names in Latin letters inside are tokens of their own.
func (e *engine) script(i int, space bool) int {
	j := i
	for j < len(e.s) && e.s[j] >= utf8.RuneSelf {
		r, w := utf8.DecodeRuneInString(e.s[j:])
		if !caseless(r) && !unicode.IsMark(r) {
			break
		}
		j += w
	}
	e.add(i, j, kWord, space)
	return j
}

func caseless(r rune) bool { return r >= 0x0590 && unicode.Is(unicode.Lo, r) }

// inCore tells the runes beyond ASCII that may be part of a token.
func inCore(r rune) bool {
	return r != utf8.RuneError && !caseless(r) && (unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) || isDash(r))
}

func isDash(r rune) bool { return r >= 0x2010 && r <= 0x2015 || r == 0x2212 }

// ansi returns the length of a terminal's escape sequence, at least 1.
func ansi(s string) int {
	if len(s) < 2 || s[1] != '[' {
		return 1
	}
	for i := 2; i < len(s) && i < 32; i++ {
		if s[i] >= 0x40 && s[i] <= 0x7e {
			return i + 1
		}
	}
	return 1
}

// pem returns the length of a PEM block, to the end of the text when it is cut off.
func pem(s string) int {
	i := strings.Index(s, "-----END ")
	if i < 0 {
		return len(s)
	}
	j := strings.Index(s[i+9:], "-----")
	if j < 0 {
		return len(s)
	}
	return i + 9 + j + 5
}

// areaCode tells "(" with one to five digits, ")", and a digit or "+" within two bytes.
func areaCode(s string) bool {
	i := 1
	for i < len(s) && i < 7 && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	if i < 2 || i > 6 || i >= len(s) || s[i] != ')' {
		return false
	}
	i++
	if i < len(s) && (s[i] == ' ' || s[i] == '-' || s[i] == '.') {
		i++
	}
	return i+2 < len(s) && s[i] >= '0' && s[i] <= '9' && s[i+1] >= '0' && s[i+1] <= '9'
}

// atMost tells a number of up to four digits with a unit of measure: what follows "<".
func atMost(s string) bool {
	i := 0
	for i < len(s) && i < 5 && classes[s[i]]&cDigit != 0 {
		i++
	}
	if i == 0 || i == 5 || i == len(s) {
		return false
	}
	if s[i] == ' ' {
		i++
	}
	j := i
	for j < len(s) && classes[s[j]]&cLetter != 0 {
		j++
	}
	return lookup(s[i:j])&fUnit != 0 && (j == len(s) || classes[s[j]]&cDigit == 0)
}
