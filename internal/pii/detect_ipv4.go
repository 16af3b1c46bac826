package pii

import "strings"

// IPv4 addresses in dotted decimal (RFC 3986 section 3.2.2: no leading zeros).

var ipv4ID = func() int {
	register(Detector{Name: "ipv4", Kind: "IP", Groups: []string{"network"}, Default: true, trigger: onChain | onIPv4})
	return find("ipv4").id
}()

// ipv4 handles the chain's four groups from group i on; true when they are an address or are not to be
// looked at by others.
func (w *Worker) ipv4(i int) bool {
	var octet [4]int
	for k := range 4 {
		g := &w.groups[i+k]
		n := g.end - g.start
		if g.letter != 0 || n > 3 || n == 0 || k > 0 && g.sep != '.' || n > 1 && w.text[g.start] == '0' {
			return false
		}
		for _, c := range []byte(w.text[g.start:g.end]) {
			octet[k] = octet[k]*10 + int(c-'0')
		}
		if octet[k] > 255 {
			return false
		}
	}
	start, end := w.groups[i].start, w.groups[i+3].end
	if i > 0 && w.groups[i].sep == '.' || !w.addressBefore(start) || !w.addressAfter(end) {
		return false
	}
	s := w.text
	switch {
	case octet == [4]int{} || octet[0] == 127:
		if !w.s.wide.has(ipv4ID) || w.s.config.KeepPrivateIP {
			return true // nobody's
		}
	case octet[0] == 0 || octet[0] == 255:
		return true
	case octet[2] == 0 && octet[3] == 0 && start > 1 && s[start-1] == '/' && isAlnum[s[start-2]] == 2:
		return true // a product's version: Chrome/120.0.0.0
	case w.s.config.KeepPrivateIP && privateIPv4(octet):
		return true
	}
	if w.versionBefore(start, octet) {
		return true
	}
	w.add(ipv4ID, start, end, 0.9)
	return true
}

// addressBefore tells whether an address may begin at i. A dash before it is the middle of a range.
func (w *Worker) addressBefore(i int) bool {
	s := w.text
	if i == 0 {
		return true
	}
	switch c := s[i-1]; c {
	case '_', '~', '+', '$':
		return false
	case '.':
		return i == 1 || isAlnum[s[i-2]] == 0
	case '-':
		return i == 1 || quadBefore(s, i-1) || isAlnum[s[i-2]] == 0 && s[i-2] != '_'
	default:
		return isAlnum[c] == 0
	}
}

// addressAfter is addressBefore for the end.
func (w *Worker) addressAfter(i int) bool {
	s := w.text
	if i >= len(s) {
		return true
	}
	switch c := s[i]; c {
	case '_', '~':
		return false
	case '.':
		return i+1 == len(s) || isAlnum[s[i+1]] == 0 && s[i+1] != '_' || hostAfter(s, i+1)
	case '-':
		return i+1 == len(s) || isAlnum[s[i+1]] == 0 || quadAfter(s, i+1)
	default:
		return isAlnum[c] == 0
	}
}

// hostAfter tells whether two labels of letters follow: the address is the beginning of a host's name.
func hostAfter(s string, i int) bool {
	labels := 0
	for labels < 2 {
		n := 0
		for i < len(s) && (isAlnum[s[i]] != 0 || s[i] == '-') {
			if n == 0 && isAlnum[s[i]] != 2 {
				return false
			}
			i, n = i+1, n+1
		}
		if n == 0 {
			return false
		}
		labels++
		if labels < 2 {
			if i >= len(s) || s[i] != '.' {
				return false
			}
			i++
		}
	}
	return true
}

// quadBefore and quadAfter tell whether a dotted quad ends or begins at i.
func quadBefore(s string, i int) bool {
	dots, p := 0, i
	for p > 0 && i-p < 16 && (isAlnum[s[p-1]] == 1 || s[p-1] == '.') {
		p--
		if s[p] == '.' {
			dots++
		}
	}
	return dots == 3
}

func quadAfter(s string, i int) bool {
	dots, p := 0, i
	for p < len(s) && p-i < 16 && (isAlnum[s[p]] == 1 || s[p] == '.' && p+1 < len(s) && isAlnum[s[p+1]] == 1) {
		if s[p] == '.' {
			dots++
		}
		p++
	}
	return dots == 3
}

// privateIPv4: RFC 1918, 6598, 3927, 5737.
func privateIPv4(o [4]int) bool {
	switch {
	case o[0] == 10, o[0] == 172 && o[1]&0xf0 == 16, o[0] == 192 && o[1] == 168, o[0] == 100 && o[1]&0xc0 == 64,
		o[0] == 169 && o[1] == 254, o[0] == 192 && o[1] == 0 && o[2] == 2, o[0] == 198 && o[1] == 51 && o[2] == 100,
		o[0] == 203 && o[1] == 0 && o[2] == 113:
		return true
	}
	return false
}

// versionWords say that four numbers with dots are a version.
var versionWords = []string{
	"version", "ver", "build", "release", "rev", "revision", "kb", "firmware", "driver", "package", "pkg", "installed",
	"updated", "upgrade", "upgraded", "assembly", "sdk", "patch", "oid", "runtime", "v", "erased", "versions", "plugin",
	"section", "chapter", "component",
	"chrome", "edg", "edge", "opr", "opera", "safari", "firefox", "crios", "fxios", "headlesschrome", "samsungbrowser", "yabrowser",
	"vivaldi", "electron", "webkit", "applewebkit", "browser", "curl", "okhttp", "java", "jdk", "jre", "nginx", "python", "dalvik",
}

// versionBefore tells whether the words right before an address, or its key, speak of a version.
func (w *Worker) versionBefore(start int, o [4]int) bool {
	if w.key != nil && start < 2 && (strings.HasSuffix(w.key.name, "version") || strings.HasSuffix(w.key.name, "Version")) {
		return true
	}
	before := strings.TrimRight(w.text[max(0, start-24):start], " :=v")
	if strings.HasSuffix(before, "버전") || strings.HasSuffix(before, "版本") || strings.HasSuffix(before, "バージョン") {
		return true
	}
	words := 1
	if o[0] < 32 && o[1] < 32 && o[2] < 32 {
		words = 3 // small numbers: more likely a version, look further back
	}
	s, p := w.text, start
	for range words {
		for p > 0 && isAlnum[s[p-1]] == 0 && start-p < 48 {
			p--
		}
		q := p
		for p > 0 && isAlnum[s[p-1]] != 0 && start-p < 48 {
			p--
		}
		if p == q {
			return false
		}
		for _, v := range versionWords {
			if len(v) == q-p && strings.EqualFold(v, s[p:q]) {
				return true
			}
		}
	}
	return false
}
