package pii

import (
	"fmt"
	"strings"
)

// Phone numbers: ITU-T E.164, E.123 (notation), RFC 3966 (tel:); what numbers a country has given out
// is libphonenumber's metadata. National notations count with a context word, a configured region, or
// where the notation is a strong one.

var phoneID = func() int {
	register(Detector{
		Name: "phone", Groups: []string{"contact"}, Default: true, trigger: onPlus | onChain,
		Context: []string{
			"tel", "telephone", "phone", "phone number", "mobile", "msisdn", "call$", "cell$", "cellphone", "fax", "sms",
			"whatsapp", "telefon", "telefono", "telefone", "handy$", "mobil$", "movil", "celular", "전화", "휴대폰", "연락처",
			"핸드폰", "電話", "携帯", "手机", "电话", "dial$", "dialed", "caller", "callee",
		},
		Formats: formats(koreanMobile, "DDD~D{3,4}~DDDD"),
	})
	return find("phone").id
}()

// koreanMobile: 010-1234-5678 and the older 011, 016-019.
func koreanMobile(c *Candidate) float64 {
	v := c.Value
	if v[0] != '0' || v[1] != '1' || v[2] == '2' || v[2] == '3' || v[2] == '4' || v[2] == '5' {
		return 0
	}
	if c.Sep == ' ' {
		return 0.6
	}
	return 0.8
}

// plus handles + or ( before a digit.
func (w *Worker) plus(at int) {
	s := w.text
	if at > 5 && s[at] == '+' && isAlnum[s[at-1]] == 1 && w.s.seps['+'] && (at >= w.chainDone || at < w.chainFrom) {
		w.walk(at-1, true) // the birth numbers of the oldest have a + where others have a dash
		return
	}
	if !w.s.on.has(phoneID) || at > 0 && (isAlnum[s[at-1]] != 0 || s[at-1] == '_' || s[at-1] == '+' || s[at-1] == '(' && s[at] == '(' && !w.s.wide.has(phoneID)) {
		return
	}
	if s[at] == '(' {
		w.parenthesis(at)
		return
	}
	if end := w.international(at + 1); end > 0 {
		if at > 0 && s[at-1] == '(' && end < len(s) && s[end] == ')' && strings.IndexByte(s[at:end], '(') < 0 {
			// (+82) ... was taken from the inside
			end = max(end, w.international(at+1))
		}
		start := at
		if at >= 4 && strings.EqualFold(s[at-4:at], "tel:") {
			start = at - 4
		}
		w.add(phoneID, start, end, 0.9)
	}
}

// international returns the end of the number whose country code begins at i, 0 when there is none.
func (w *Worker) international(i int) int {
	s := w.text
	code, table := 0, (*digitTable)(nil)
	state := int16(0)
	digits, end, separators := 0, 0, 0
	for i < len(s) && digits <= 15 {
		c := s[i]
		if c < '0' || c > '9' {
			// Up to two separators between groups, and a national prefix in parentheses.
			k := i
			for k < len(s) && k-i < 2 && phoneSep(s[k]) {
				k++
			}
			if k == i || k >= len(s) || isAlnum[s[k]] != 1 {
				break
			}
			if s[k] == '0' && k+1 < len(s) && s[k+1] == ')' && s[k-1] == '(' && table != nil {
				k += 2
				for k < len(s) && phoneSep(s[k]) && k-i < 6 {
					k++
				}
			}
			if k >= len(s) {
				break
			}
			separators++
			i = k
			continue
		}
		digits++
		i++
		if table == nil {
			code = code*10 + int(c-'0')
			if p := plans()[code]; p != nil {
				table, state = p.get(), 1
				if code == 52 && i+1 < len(s) && s[i] == ' ' && s[i+1] == '1' {
					i += 2 // mobile numbers as they were dialled until 2019
				}
			} else if digits == 3 || code == 0 {
				return 0
			}
			continue
		}
		if state = table.next[state][c-'0']; state == 0 {
			break
		}
		if table.accept[state] && digits >= 7 && freePhone(s, i) {
			end = i
		}
	}
	if end > 0 {
		end = extension(s, end)
	}
	return end
}

func phoneSep(c byte) bool {
	return c == ' ' || c == '-' || c == '.' || c == '(' || c == ')' || c == '/'
}

// freePhone tells whether a number may end at i: after it no digit, letter or _.
func freePhone(s string, i int) bool {
	return i >= len(s) || isAlnum[s[i]] == 0 && s[i] != '_' ||
		i+1 < len(s) && (s[i] == 'x' || s[i] == 'X' || s[i] == 'e') && extension(s, i) > i
}

// extension returns the end of an extension that follows a number at i, or i.
func extension(s string, i int) int {
	p := i
	for p < len(s) && p-i < 3 && (s[p] == ' ' || s[p] == ',' || s[p] == ';' || s[p] == '~') {
		p++
	}
	rest := s[p:min(len(s), p+12)]
	for _, word := range [...]string{"extension", "extn", "ext", "x", "#"} {
		if len(rest) < len(word) || !strings.EqualFold(rest[:len(word)], word) {
			continue
		}
		p += len(word)
		for k := 0; k < 3 && p < len(s) && (s[p] == '.' || s[p] == ' ' || s[p] == ':' || s[p] == '='); k++ {
			p++
		}
		n := 0
		for p < len(s) && isAlnum[s[p]] == 1 && n < 8 {
			p, n = p+1, n+1
		}
		if n > 0 && n < 8 && (p >= len(s) || isAlnum[s[p]] == 0) {
			return p
		}
		return i
	}
	return i
}

// parenthesis handles an area code in parentheses: (202) 555-0123.
func (w *Worker) parenthesis(at int) {
	s := w.text
	code := at
	for code > 0 && at-code < 5 && (isAlnum[s[code-1]] == 1 || s[code-1] == ' ' || s[code-1] == '-') {
		code--
	}
	if code > 0 && s[code-1] == '+' && code < at {
		return // the area of an international number
	}
	i := at + 1
	for i < len(s) && i-at < 6 && isAlnum[s[i]] == 1 {
		i++
	}
	area := i - at - 1
	if area < 1 || area > 5 || i >= len(s) || s[i] != ')' {
		return
	}
	i++
	digits, groups, end := area, 1, 0
	for i < len(s) && groups < 6 {
		k := i
		if k < len(s) && (s[k] == ' ' || s[k] == '-' || s[k] == '.') {
			k++
		}
		g := k
		for k < len(s) && isAlnum[s[k]] == 1 && k-g < 9 {
			k++
		}
		if k == g {
			break
		}
		digits += k - g
		groups++
		i = k
		if digits >= 7 && digits <= 13 && freePhone(s, i) {
			end = i
		}
		if digits > 13 {
			break
		}
	}
	if end == 0 {
		return
	}
	us := area == 3 && end-at >= 13 && end-at <= 14 && groups >= 3 && nanp(s[at+1:end])
	score := 0.2
	if us {
		score = 0.7
	} else if digits >= 9 {
		score = 0.4
	} else if at == 0 && end == len(s) {
		score = 0.3
	}
	w.report(phoneID, trunkBefore(s, at), extension(s, end), score)
}

// nanp tells whether the first ten digits of s are a number of the North American plan.
func nanp(s string) bool {
	t := plans()[1].get()
	state := int16(1)
	for i := range len(s) {
		if c := s[i]; c >= '0' && c <= '9' {
			state = t.next[state][c-'0']
		}
	}
	return t.accept[state]
}

// chainPhone handles the numbers of a chain: 00 and 011 before a country code, and national notations.
func (w *Worker) chainPhone() {
	s := w.text
	first := 0
	for first < w.nGroups {
		if n := w.dateGroups(first); n > 0 {
			first += n
			continue
		}
		g := &w.groups[first]
		if g.letter == 0 && w.startsFree(first) {
			break
		}
		first++
	}
	digits, last := 0, first-1
	for i := first; i < w.nGroups; i++ {
		g := &w.groups[i]
		n := g.end - g.start
		if g.letter != 0 || digits+n > 15 || i > first && (g.sep == ':' || g.sep == '/' && !koreanPrefix(s[w.groups[first].start:w.groups[first].end])) {
			break
		}
		digits += n
		last = i
	}
	if digits < 7 || last < first {
		return
	}
	if first >= 3 && w.dateGroups(first-3) == 0 || first > 0 && first < 3 && w.groups[first-1].letter == 0 {
		return // the middle of a longer number
	}
	start := w.groups[first].start
	if s[start] == '0' && digits >= 10 {
		if after := idd(s[start:w.groups[first].end], s[w.groups[first].end:]); after > 0 {
			if end := w.international(start + after); end > 0 {
				score := 0.2
				if last > first {
					score = 0.6
				}
				w.report(phoneID, start, end, score)
				return
			}
		}
	}
	end := w.groups[last].end
	if !w.endsFree(last) {
		return
	}
	if len(w.s.phones.regions) > 0 {
		for _, t := range w.s.phones.regions {
			if t.match(s[start:end]) {
				w.report(phoneID, start, end, 0.6)
				return
			}
		}
	}
	if digits <= 13 {
		ctx := w.contextNear(start, end)
		if area := areaBefore(s, start); area < start && digits <= 8 && (ctx != nil && ctx.has(phoneID) || w.s.wide.has(phoneID)) {
			w.report(phoneID, area, end, 0.4)
		} else if ctx != nil && ctx.has(phoneID) || w.nationalPhone(first, last, digits) {
			w.report(phoneID, start, end, 0.4)
		}
	}
}

// idd returns the length of an international prefix at the beginning of a number.
func idd(group, rest string) int {
	switch {
	case group == "00" || group == "011":
		if len(rest) > 1 {
			return len(group) + 1
		}
	case strings.HasPrefix(group, "000"):
	case strings.HasPrefix(group, "00"):
		return 2
	case strings.HasPrefix(group, "011"):
		return 3
	}
	return 0
}

// match tells whether the digits of s are accepted.
func (t *digitTable) match(s string) bool {
	if t == nil {
		return false
	}
	state := int16(1)
	for i := range len(s) {
		if c := s[i]; c >= '0' && c <= '9' {
			state = t.next[state][c-'0']
		}
	}
	return t.accept[state]
}

func (c *Config) validateRegions() error {
	for i, r := range c.PhoneRegions {
		if regionExpr(r) == "" {
			return fmt.Errorf("'phone_regions::%d' is %q, must be an ISO 3166 country in upper case; example: KR", i, r)
		}
	}
	return nil
}
