package pii

import "strings"

// IPv6 addresses: RFC 4291 section 2.2, with a zone (RFC 4007 section 11).

var ipv6ID = func() int {
	register(Detector{Name: "ipv6", Kind: "IP", Groups: []string{"network"}, Default: true, trigger: onColons})
	return find("ipv6").id
}()

// colons handles the colons of the 64 bytes from at on.
func (w *Worker) colons(at int) {
	s := w.text
	end := min(len(s), at+64)
	for i := at; i < end; i++ {
		k := strings.IndexByte(s[i:end], ':')
		if k < 0 {
			return
		}
		i += k
		start := i
		for start > 0 && i-start < 48 && (isHex(s[start-1]) || s[start-1] == ':') {
			start--
		}
		stop := i
		for stop < len(s) && stop-start < 64 && (isHex(s[stop]) || s[stop] == ':' || s[stop] == '.' && stop > start) {
			stop++
		}
		w.colonRun(start, stop)
		i = max(i, stop)
	}
}

// colonRun handles a row of hexadecimal digits, colons and dots.
func (w *Worker) colonRun(start, end int) {
	s := w.text
	if k := strings.IndexByte(s[start:end], ':') + 1; k > 0 && k < 4 && end-start-k >= 6 && s[start+k] != ':' && afterName(s, start+k) {
		start += k // client:2001:db8::1
	}
	if w.s.triggers&onDots != 0 && end-start >= 17 && w.macAt(start, ':') {
		return
	}
	if s[start:end] == "::1" || s[start:end] == "::" {
		// Nobody's addresses: the unspecified one only with its length, the sign alone is a scope's in programs.
		if w.s.wide.has(ipv6ID) && !w.s.config.KeepPrivateIP && (start == 0 || freeOfWords(s, start)) &&
			(end == len(s) && end-start > 2 || end < len(s) && isAlnum[s[end]] == 0 && s[end] != '_' && (end-start > 2 || s[end] == '/')) {
			if end < len(s) && s[end] == '/' { // ::/128, ::1/128: the prefix is most of it
				if n := leadingDigits(s[end+1:]); n > 0 && n < 4 && freeAfter(s, end+1+n) {
					end += 1 + n
				}
			}
			w.add(ipv6ID, start, end, 0.6)
		}
		return
	}
	for end > start && (s[end-1] == '.' || s[end-1] == ':' && (end-start < 3 || s[end-2] != ':')) {
		end--
	}
	if end-start < 3 || start > 0 && !freeOfWords(s, start) && !(afterName(s, start) && hasDigit(s[start:end])) ||
		end < len(s) && (isAlnum[s[end]] != 0 || s[end] == '_' || s[end] == ':') {
		return
	}
	if !w.s.on.has(ipv6ID) || !validIPv6(s[start:end]) {
		return
	}
	if w.s.config.KeepPrivateIP && privateIPv6(s[start:end]) {
		return
	}
	if end+1 < len(s) && s[end] == '%' && isAlnum[s[end+1]] != 0 {
		for end++; end < len(s) && (isAlnum[s[end]] != 0 || s[end] == '.' || s[end] == '-'); {
			end++
		}
	}
	w.add(ipv6ID, start, end, 0.9)
}

// freeOfWords tells whether no word touches i from the left.
func freeOfWords(s string, i int) bool {
	c := s[i-1]
	return isAlnum[c] == 0 && c != '_' && c != ':' && c != '.' && c != '-'
}

func isHex(c byte) bool { return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f' }

// validIPv6 tells whether s is an address that says something about somebody.
func validIPv6(s string) bool {
	groups, digits, double, i := 0, 0, false, 0
	if strings.HasPrefix(s, "::") {
		double, i = true, 2
	}
	if s == "::" || s == "::1" {
		return false
	}
	for i < len(s) {
		start := i
		for i < len(s) && isHex(s[i]) {
			if s[i] <= '9' {
				digits++
			}
			i++
		}
		if i < len(s) && s[i] == '.' {
			if !dottedQuad(s[start:]) {
				return false
			}
			groups += 2
			break
		}
		if i == start || i-start > 4 {
			return false
		}
		groups++
		if i == len(s) {
			break
		}
		// s[i] is a colon
		i++
		if i == len(s) {
			return false
		}
		if s[i] == ':' {
			if double {
				return false
			}
			double = true
			i++
		}
	}
	if double {
		return groups <= 7 && (digits > 0 || groups > 2)
	}
	return groups == 8
}

func dottedQuad(s string) bool {
	dots, n, value := 0, 0, 0
	for i := range len(s) {
		c := s[i]
		switch {
		case c >= '0' && c <= '9':
			if n > 0 && value == 0 {
				return false
			}
			value = value*10 + int(c-'0')
			n++
			if n > 3 || value > 255 {
				return false
			}
		case c == '.' && n > 0:
			dots++
			n, value = 0, 0
		default:
			return false
		}
	}
	return dots == 3 && n > 0
}

// privateIPv6: RFC 4193, 4291 (link-local), 3849 (documentation).
func privateIPv6(s string) bool {
	if len(s) < 4 {
		return false
	}
	a, b := lower[s[0]], lower[s[1]]
	return a == 'f' && (b == 'c' || b == 'd') && s[4%len(s)] == ':' || strings.EqualFold(s[:3], "fe8") ||
		strings.HasPrefix(strings.ToLower(s), "2001:db8:")
}
