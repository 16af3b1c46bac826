package grouping

import "strings"

// class is the kind of a value, for people to read; a template does not tell them apart.
type class uint8

const (
	clsAny class = iota
	clsStr
	clsNum
	clsHex
	clsUUID
	clsIP
	clsHost
	clsPath
	clsURL
	clsEmail
	clsTime
	clsID
	clsSecret
	clsFile
)

var classNames = [...]string{Any, "<str>", "<num>", "<hex>", "<uuid>", "<ip>", "<host>", "<path>", "<url>", "<email>", "<time>", "<id>", "<secret>", "<file>"}

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
			e.value(a, b, space, clsIP)
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

func upperConstant(s string) bool {
	n := 0
	for i := 0; i < len(s); i++ {
		if classes[s[i]]&cUpper != 0 {
			n++
		} else if s[i] != '_' {
			return false
		}
	}
	return n > 1
}

// endings are the ends of file names and of host names that occur without digits.
var endings = func() map[string]class {
	m := map[string]class{}
	for w := range strings.FieldsSeq(`txt log csv tsv json xml yml yaml toml ini conf cfg config properties lock pid sock tmp bak orig
		py pyc rb pl pm php js mjs cjs ts jsx tsx java kt kts scala groovy clj go rs c cc cpp cxx h hpp cs fs vb swift dart ex exs erl hs lua sh bash ps bat cmd
		html htm css scss less svg png jpg jpeg gif bmp ico pdf doc docx xls xlsx ppt pptx odt rtf md rst zip gz tgz tar bz xz zst rar jar war ear
		so dll exe bin dat db sqlite sql parquet avro orc proto pem crt cer csr p12 jks keystore iso img rpm deb apk ipa wasm vue`) {
		m[w] = clsFile
	}
	for w := range strings.FieldsSeq(`com org net edu gov mil io dev cloud local lan internal localdomain home corp intra arpa biz
		de uk fr nl it es pl se fi dk ch cz hu ro ru ua jp cn kr tw hk sg au nz br mx ar cl za tr il ir eu ca`) {
		m[w] = clsHost
	}
	return m
}()

// fileOrHost tells a name whose last part is that of a file or a host.
func fileOrHost(t string) bool {
	last := t[strings.LastIndexByte(t, '.')+1:]
	if len(last) == 0 || len(last) > 11 || len(last) == len(t) {
		return false
	}
	for i := 0; i < len(last); i++ {
		if classes[last[i]]&(cLower|cDigit) == 0 {
			return false
		}
	}
	return endings[last] != 0
}

// fileClass names the kind of a name with a known ending.
func fileClass(t string) class { return endings[t[strings.LastIndexByte(t, '.')+1:]] }

// addressed tells that what stands before a colon is a host, a file or a method, and what stands
// behind it a port or a line.
func addressed(name, number string) bool {
	return fileOrHost(name) || strings.Count(name, ".") >= 2 && number != "" && classes[number[0]]&cDigit != 0
}

// keyLike tells a text of letters, "_", "-" and "." that may stand before a colon.
func keyLike(t string) bool {
	letters := false
	for i := 0; i < len(t); i++ {
		k := classes[t[i]]
		if k&(cLetter|cHigh) != 0 {
			letters = true
		} else if t[i] != '_' && t[i] != '-' && t[i] != '.' && t[i] != '$' && t[i] != '@' && t[i] != '/' {
			return false
		}
	}
	return letters && t[0] != '/' && t[len(t)-1] != '/'
}

// hexColons tells IPv6 and MAC addresses and the like: hex digits with two colons at least.
func hexColons(t string) bool {
	colons, hex := 0, 0
	for i := 0; i < len(t); i++ {
		switch c := t[i]; {
		case c == ':':
			colons++
		case c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f':
			hex++
		case (c == '%' || c == '/') && colons >= 2 && i > 2:
			return true
		case c == '.' && colons >= 2:
		default:
			return false
		}
	}
	return colons >= 2 && hex > 0
}

func allHex(t string) bool {
	for i := 0; i < len(t); i++ {
		if c := t[i]; (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'f') {
			return false
		}
	}
	return true
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

// digitClass names the kind of a value with digits.
func digitClass(t string) class {
	dots, dashes, digits, hex, other := 0, 0, 0, 0, 0
	for i := 0; i < len(t); i++ {
		switch c := t[i]; {
		case c >= '0' && c <= '9':
			digits++
		case c == '.':
			dots++
		case c == '-':
			dashes++
		case c|0x20 >= 'a' && c|0x20 <= 'f':
			hex++
		default:
			other++
		}
	}
	switch {
	case dots == 3 && digits+dots == len(t):
		return clsIP
	case len(t) == 36 && dashes == 4 && other == 0:
		return clsUUID
	case dots <= 1 && digits+dots+dashes == len(t) && dashes <= 1 && (dashes == 0 || t[0] == '-'),
		dots <= 1 && hex+other <= 3 && digits > 0 && t[0] >= '0' && t[0] <= '9' && digits+hex+other+dots == len(t):
		return clsNum
	case len(t) > 2 && t[0] == '0' && t[1]|0x20 == 'x', other == 0 && dots == 0 && dashes == 0 && len(t) >= 6:
		return clsHex
	case dashes == 2 && digits+dashes == len(t) && len(t) <= 10:
		return clsTime
	case fileOrHost(t):
		return fileClass(t)
	case dots >= 2 && hex+other > 0:
		return clsHost
	}
	return clsID
}

// timeOrID names a value with colons and digits.
func timeOrID(t string) class {
	for i := 0; i < len(t); i++ {
		if c := t[i]; (c < '0' || c > '9') && strings.IndexByte(":.-TZ+", c) < 0 {
			return clsID
		}
	}
	if strings.Count(t, ".") == 3 {
		return clsIP
	}
	return clsTime
}

// tokenClass names the value that a redaction token stands for.
func tokenClass(t string) class {
	i := strings.IndexByte(t, '[')
	if i < 0 {
		return clsAny
	}
	t = t[i+1:]
	end := strings.IndexAny(t, ":]")
	if end < 0 {
		return clsAny
	}
	switch name := t[:end]; {
	case name == "EMAIL":
		return clsEmail
	case strings.HasPrefix(name, "IP"):
		return clsIP
	case strings.Contains(name, "CARD"), strings.Contains(name, "PHONE"), strings.HasSuffix(name, "SSN"), strings.HasSuffix(name, "RRN"):
		return clsNum
	case strings.HasPrefix(name, "URL"):
		return clsURL
	}
	return clsAny
}
