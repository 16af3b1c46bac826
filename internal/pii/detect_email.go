package pii

import (
	"strings"
	"unicode/utf8"
)

// E-mail addresses: RFC 5321 section 4.1.2 and RFC 6531 (internationalised). The signs of an atext that
// separate fields in logs (= / ? & | and so on) are not taken into a local part.

var emailID = func() int {
	register(Detector{Name: "email", Groups: []string{"contact"}, Default: true, trigger: onAt})
	return find("email").id
}()

const (
	maxLocal  = 64  // RFC 5321 section 4.5.3.1.1
	maxDomain = 253 // RFC 1035 section 2.3.4, without the final dot
)

// email handles the @ at at.
func (w *Worker) email(at int) {
	s := w.text
	end := domainEnd(s, at+1)
	if end < 0 {
		return
	}
	start := w.localPart(at)
	if start < 0 || end-start > 254 {
		return
	}
	if s[start:at] == "git" && end+1 < len(s) && s[end] == ':' && isAlnum[s[end+1]] != 1 {
		return // an SSH remote
	}
	w.add(emailID, start, end, 0.95)
}

// localPart returns the beginning of the local part that ends before at, or -1.
func (w *Worker) localPart(at int) int {
	s := w.text
	if at > 1 && s[at-1] == '"' {
		low := max(0, at-maxLocal-2)
		open := strings.LastIndexByte(s[low:at-1], '"')
		if open < 0 || open+1 == at-1-low {
			return -1
		}
		for _, c := range []byte(s[low+open+1 : at-1]) {
			if c < 0x20 || c == ':' || c == '{' || c == ',' {
				return -1
			}
		}
		return low + open
	}
	i := at
	for i > 0 && at-i <= maxLocal && localByte[s[i-1]] {
		i--
	}
	if at-i > maxLocal {
		return -1
	}
	for i < at && (s[i] == '.' || s[i] == '-' || s[i] == '\'' || s[i] == '%' || s[i] == '+') {
		i++
	}
	for i < at && !utf8.RuneStart(s[i]) {
		i++
	}
	if i == at || s[at-1] == '.' {
		return -1
	}
	if dots := strings.LastIndex(s[i:at], ".."); dots >= 0 {
		i += dots + 2
		if i >= at {
			return -1
		}
	}
	if s[i] >= 0x80 {
		// CJK text runs into an address without a blank: take the ASCII part where there is one.
		if k := asciiTail(s[i:at]); k > 0 && k < at-i && !joinsLatin(s[i:at]) {
			i = at - k
		}
	}
	return i
}

// asciiTail returns the length of the ASCII bytes at the end of s.
func asciiTail(s string) int {
	n := 0
	for n < len(s) && s[len(s)-1-n] < 0x80 {
		n++
	}
	return n
}

// joinsLatin tells whether s begins with letters of an alphabet that writes words apart.
func joinsLatin(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return r < 0x1100
}

// localByte: signs of a local part.
var localByte = func() (t [256]bool) {
	for c := range 256 {
		t[c] = isAlnum[c] != 0 || c >= 0x80
	}
	for _, c := range []byte("._+-~'%") {
		t[c] = true
	}
	return t
}()

// domainEnd returns the end of the domain that begins at i, or -1.
func domainEnd(s string, i int) int {
	if i < len(s) && s[i] == '[' {
		// An address literal, RFC 5321 section 4.1.3.
		end := strings.IndexByte(s[i:min(len(s), i+50)], ']')
		if end > 6 && (isAlnum[s[i+1]] == 1 && strings.Count(s[i:i+end], ".") == 3 || strings.HasPrefix(s[i+1:], "IPv6:")) {
			return i + end + 1
		}
		return -1
	}
	start, label, lastDot := i, i, -1
	for i < len(s) && i-start <= maxDomain {
		c := s[i]
		switch {
		case isAlnum[c] != 0 || c >= 0x80:
		case c == '-':
			if i == label {
				return -1
			}
		case c == '.':
			if i == label || i+1 >= len(s) || isAlnum[s[i+1]] == 0 && s[i+1] < 0x80 {
				goto done
			}
			lastDot, label = i, i+1
			if i-start > 0 && s[i-1] == '-' {
				return -1
			}
		default:
			goto done
		}
		if i-label >= 63 {
			return -1
		}
		i++
	}
done:
	for i > label && s[i-1] == '-' {
		i--
	}
	if lastDot < 0 {
		return -1
	}
	if label == i {
		return -1
	}
	tld := s[label:i]
	if a := asciiLetters(tld); a >= 2 && a < len(tld) && tld[a] >= 0x80 {
		i = label + a // a particle of a language that writes without blanks
		tld = tld[:a]
	}
	if n := letterPrefix(tld); n < len(tld) {
		if !strings.HasPrefix(tld, "xn--") {
			if n < 2 || tld[n] != '-' && tld[n] < 0x80 {
				return -1
			}
			if tld[n] == '-' {
				return -1
			}
		}
	}
	if len(tld) < 2 || len(tld) > 63 {
		return -1
	}
	if fileEnding(tld) {
		return namesFile(s, start, lastDot)
	}
	if i < len(s) && (s[i] == '_' || s[i] == '(') {
		return -1
	}
	return i
}

// namesFile returns the end of the domain that ends at dot, before the ending of a file that is named after an
// address, as in ana@example.com.txt; -1 when what is there is none: sprite@2x.min.js.
func namesFile(s string, start, dot int) int {
	last := strings.LastIndexByte(s[start:dot], '.')
	if last < 0 || isAlnum[s[start]] == 1 {
		return -1
	}
	switch strings.ToLower(s[start+last+1 : dot]) {
	case "com", "org", "net", "edu", "gov", "mil", "info", "biz", "io", "eu", "us", "uk", "de", "fr", "es", "it", "nl", "be", "ch", "at", "se",
		"no", "dk", "fi", "pl", "cz", "pt", "ru", "br", "mx", "ca", "au", "nz", "in", "cn", "jp", "kr", "tw", "hk", "sg", "za":
		return dot
	}
	return -1
}

// asciiLetters returns the number of ASCII letters at the beginning.
func asciiLetters(s string) int {
	n := 0
	for n < len(s) && isAlnum[s[n]] == 2 {
		n++
	}
	return n
}

// letterPrefix returns the number of ASCII letters and bytes of other scripts at the beginning.
func letterPrefix(s string) int {
	n := 0
	for n < len(s) && (isAlnum[s[n]] == 2 || s[n] >= 0x80) {
		n++
	}
	return n
}

// fileEnding tells of endings that are no top-level domain: image@2x.png, user@1000.service.
func fileEnding(tld string) bool {
	if len(tld) > 10 {
		return false
	}
	var b [10]byte
	for i := range len(tld) {
		b[i] = lower[tld[i]]
	}
	switch string(b[:len(tld)]) {
	case "png", "jpg", "jpeg", "gif", "svg", "webp", "ico", "bmp", "js", "mjs", "cjs", "jsx", "ts", "tsx", "css", "scss",
		"html", "htm", "xml", "json", "yaml", "yml", "toml", "txt", "log", "csv", "java", "class", "jar", "war", "cpp",
		"hpp", "go", "php", "rb", "woff", "ttf", "exe", "dll", "lua", "sql", "conf", "cfg", "ini", "tar", "gz", "tgz",
		"service", "socket", "timer", "mount", "slice", "target", "scope", "device", "path", "swap", "lock", "tmp", "bak", "pdf":
		return true
	}
	return false
}
