package grouping

import "strings"

// maxSplits bounds how often one run is cut at a colon; every cut reads the rest again.
const maxSplits = 12

// maxLetters is the length from which on a run of letters is no word, in bytes.
const maxLetters = 64

// classify appends the lexemes of the run s[i:j] and returns where it ended, which may be behind j:
// a URL swallows what follows it.
func (e *engine) classify(i, j int, seen uint8, space, pii bool) int {
	s := e.s
	// Fast path: a word of letters, perhaps with a stop behind it.
	if seen&^cLetter == 0 && !pii {
		e.word(i, j, space)
		return j
	}
	a, b := i, j
	if classes[s[a]]&cAlnum != 0 {
		goto trimmed
	}
	// What stands before and behind belongs to the sentence, not to the token.
	for a < b {
		c := s[a]
		next := byte(0)
		if a+1 < b {
			next = s[a+1]
		}
		digit := classes[next]&cDigit != 0
		switch c {
		case '-', '+':
			if digit || next == '.' && a+2 < b && classes[s[a+2]]&cDigit != 0 {
				goto trimmed
			}
		case '.':
			if digit || next == '/' || next == '.' && a+2 < b && s[a+2] == '/' {
				goto trimmed
			}
		case '#', '$', '%', '@', '_':
			if next != 0 {
				goto trimmed
			}
		case '~':
			if next == '/' || digit {
				goto trimmed
			}
		case '/', '\\':
			if next != 0 && next != '/' || next == '/' && b-a > 2 {
				goto trimmed
			}
		case '*':
			if w := mask(s[a:b]); w > 0 {
				goto trimmed
			}
		case ':':
			if b-a >= 2 && next == ':' && hexColons(s[a:b]) {
				goto trimmed
			}
		case '!', '?', '&', '^':
		default:
			goto trimmed
		}
		w := 1
		for a+w < b && s[a+w] == c {
			w++
		}
		e.add(a, a+w, kPunct, space)
		space = false
		a += w
	}
	return j
trimmed:
	for b > a {
		c := s[b-1]
		if c == '.' || c == ':' || c == '!' || c == '?' || c == '-' || c == '&' || c == '^' {
			if c == ':' && b-a >= 2 && s[b-2] == ':' && hexColons(s[a:b]) && b-a > 2 {
				break
			}
			b--
			continue
		}
		break
	}
	if b == a {
		// Nothing but signs that looked like a start, such as "::".
		if j-a == 2 && s[a] == ':' && s[a+1] == ':' {
			e.add(a, j, kValue, space).class = clsIP
			return j
		}
		e.add(a, j, kPunct, space)
		return j
	}
	if end := e.token(a, b, seen, space, pii); end > j {
		return end
	}
	for b < j {
		w := 1
		for b+w < j && s[b+w] == s[b] {
			w++
		}
		e.add(b, b+w, kPunct, false)
		b += w
	}
	return j
}

func (e *engine) value(a, b int, space bool, c class) {
	e.add(a, b, kValue, space).class = c
}

func (e *engine) word(a, b int, space bool) {
	l := e.add(a, b, kWord, space)
	l.flags = lookup(e.s[a:b])
	if l.flags&fSecret != 0 {
		e.secret = true
	}
	if b-a >= 8 && l.flags == 0 && (b-a > maxLetters || allHex(e.s[a:b])) {
		l.kind, l.class = kValue, clsHex
	}
}

// token classifies what is left of a run without the signs around it.
func (e *engine) token(a, b int, seen uint8, space, pii bool) int {
	s := e.s
	t := s[a:b]
	colon, slash, dots, at, dash, star := -1, 0, 0, -1, false, false
	digits, letters, high := false, false, false
	if !pii && seen&cCore == 0 {
		// Letters and digits alone.
		if seen&cDigit == 0 {
			e.word(a, b, space)
		} else {
			e.digits(a, b, space)
		}
		return b
	}
	for k := 0; k < len(t); k++ {
		switch c := t[k]; c {
		case ':':
			if colon < 0 {
				colon = k
			}
		case '/', '\\':
			slash++
		case '.':
			dots++
		case '@':
			if at < 0 {
				at = k
			}
		case '-':
			dash = true
		case '*':
			star = true
		case '[':
			if w := piiToken(t[k:]); w > 0 {
				k += w - 1
			}
		default:
			cl := classes[c]
			digits = digits || cl&cDigit != 0
			letters = letters || cl&cLetter != 0
			high = high || cl&cHigh != 0
		}
	}
	if colon >= 0 {
		if strings.HasPrefix(t[colon:], "://") && colon > 0 {
			end := urlEnd(s, b)
			e.value(a, end, space, clsURL)
			return end
		}
		if colon == 1 && len(t) > 2 && (t[2] == '\\' || t[2] == '/') && classes[t[0]]&cLetter != 0 {
			e.value(a, b, space, clsPath)
			return b
		}
		if hexColons(t) {
			e.value(a, b, space, colonClass(t))
			return b
		}
		if colon == 3 && (equalFold("tel", t[:3]) || equalFold("sip", t[:3]) || equalFold("sms", t[:3])) || colon == 6 && equalFold("mailto", t[:6]) {
			e.value(a, b, space, clsURL) // the scheme belongs to the number
			return b
		}
		if e.splits++; colon > 0 && e.splits < maxSplits && keyLike(t[:colon]) && !(dots > 0 && addressed(t[:colon], t[colon+1:])) {
			e.word(a, a+colon, space)
			w := 1
			for colon+w < len(t) && t[colon+w] == ':' {
				w++
			}
			e.add(a+colon, a+colon+w, kPunct, false)
			if a+colon+w < b {
				return max(b, e.classify(a+colon+w, b, seen, false, pii))
			}
			return b
		}
	}
	if colon >= 0 && (digits || pii) {
		// "10.0.0.1:50010:Got": a word may stand behind the value without a blank.
		if k := strings.LastIndexByte(t, ':'); len(t)-k > 3 && keyLike(t[k+1:]) && !allHex(t[k+1:]) && strings.IndexByte(t[k+1:], '.') < 0 {
			e.token(a, a+k, seen, space, pii)
			e.add(a+k, a+k+1, kPunct, false)
			e.word(a+k+1, b, false)
			return b
		}
	}
	switch {
	case pii:
		e.value(a, b, space, tokenClass(t))
	case star && strings.Contains(t, "***"):
		e.value(a, b, space, clsAny)
	case at > 0 && at < len(t)-1 && (letters || high):
		e.value(a, b, space, clsEmail)
	case t[0] == '/' || t[0] == '\\' || strings.HasPrefix(t, "./") || strings.HasPrefix(t, "../") || strings.HasPrefix(t, "~/"):
		if strings.IndexByte(t, '?') > 0 {
			end := urlEnd(s, b)
			e.value(a, end, space, clsPath)
			return end
		}
		e.value(a, b, space, clsPath)
	case slash > 0 && !digits:
		e.slashed(a, b, space, slash, dots)
	case slash > 0 && !letters:
		e.value(a, b, space, clsNum) // "3/5", a date
	case slash > 0:
		e.value(a, b, space, clsPath)
	case colon >= 0 && digits:
		e.value(a, b, space, timeOrID(t))
	case digits:
		e.digits(a, b, space)
	case dots > 0:
		e.dotted(a, b, space, dots)
	case high && !letters && seen&cDigit != 0:
		e.value(a, b, space, clsNum) // digits of another script
	case dash && len(t) == 17 && strings.Count(t, "-") == 5 && allHex(strings.ReplaceAll(t, "-", "")):
		e.value(a, b, space, clsID) // a MAC address of letters
	default:
		e.word(a, b, space)
		if l := &e.lex[len(e.lex)-1]; l.flags == 0 {
			// "db_password" is a key of the same kind as "password".
			if k := strings.LastIndexAny(t, "_-"); k > 0 && lookup(t[k+1:])&fSecret != 0 {
				l.flags, e.secret = fSecret, true
			}
		}
	}
	return b
}

// digits classifies a token that holds a digit.
func (e *engine) digits(a, b int, space bool) {
	t := e.s[a:b]
	f := lookup(t)
	switch {
	case f&fTech != 0, strings.HasSuffix(t, "Exception"), strings.HasSuffix(t, "Error"):
		e.add(a, b, kWord, space).flags = f
	case len(e.lex) == 0 && errorCode(t) && b < len(e.s) && e.s[b] == ':':
		e.add(a, b, kWord, space)
	default:
		e.value(a, b, space, digitClass(t))
	}
}

// errorCode tells "ORA-00942", "TS2304": three to eight capitals and three to five digits.
func errorCode(t string) bool {
	i := 0
	for i < len(t) && t[i] >= 'A' && t[i] <= 'Z' {
		i++
	}
	n := i
	if i < len(t) && t[i] == '-' {
		i++
	}
	d := len(t) - i
	if n < 2 || n > 8 || d < 3 || d > 5 {
		return false
	}
	for ; i < len(t); i++ {
		if t[i] < '0' || t[i] > '9' {
			return false
		}
	}
	return true
}

// slashed classifies a token with slashes and without digits.
func (e *engine) slashed(a, b int, space bool, slashes, dots int) {
	t := e.s[a:b]
	if dots == 0 && (slashes == 1 || slashes == 2 && len(t) <= 12) {
		e.add(a, b, kWord, space) // "read/write", "application/json", "and/or/not"
		return
	}
	e.value(a, b, space, clsPath)
}

// dotted classifies names with dots and without digits: hosts, files, packages, methods.
func (e *engine) dotted(a, b int, space bool, dots int) {
	t := e.s[a:b]
	last := t[strings.LastIndexByte(t, '.')+1:]
	keep := func() { e.add(a, b, kWord, space) }
	switch {
	case strings.HasSuffix(last, "Exception") || strings.HasSuffix(last, "Error"):
		keep()
	case b < len(e.s) && e.s[b] == '(' && dots < 5 && !fileOrHost(t):
		keep() // a call
	case len(t) <= 2*dots+2:
		keep() // "e.g.", "a.m."
	case strings.Contains(t, ".."):
		keep()
	case fileOrHost(t):
		e.value(a, b, space, fileClass(t))
	case dots >= 2 && upperConstant(last):
		keep() // "android.intent.action.TIME_TICK": one of a fixed set
	case dots >= 2 && len(e.lex) == 0 && b < len(e.s) && e.s[b] == ':' && last != "" && classes[last[0]]&cUpper != 0:
		keep() // a class that speaks
	case dots >= 2:
		e.value(a, b, space, clsHost)
	default:
		keep()
	}
}

// urlEnd returns where a URL ends that has been read up to i: at a blank, a quote, "<", ">" or a
// bracket that was not opened inside.
func urlEnd(s string, i int) int {
	depth := 0
	for i < len(s) {
		c := s[i]
		if classes[c]&(cSpace|cQuote) != 0 || c == '<' || c == '>' {
			break
		}
		switch c {
		case '(', '[', '{':
			if w := piiToken(s[i:]); w > 0 {
				i += w
				continue
			}
			depth++
		case ')', ']', '}':
			if depth == 0 {
				goto done
			}
			depth--
		}
		i++
	}
done:
	for i > 0 && (s[i-1] == ',' || s[i-1] == ';' || s[i-1] == '.' || s[i-1] == ':' || s[i-1] == '!' || s[i-1] == '?') {
		i--
	}
	return i
}
