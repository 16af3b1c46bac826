package pii

import "strings"

// Credentials in URLs: RFC 3986 section 3.2.1, scheme://user:password@host.

var urlID = func() int {
	register(Detector{Name: "url_credentials", Kind: "SECRET", Groups: []string{"secrets"}, Default: true, trigger: onUserinfo})
	return find("url_credentials").id
}()

// userinfo handles an @ that may end the user part of a URL.
func (w *Worker) userinfo(at int) {
	s := w.text
	low := max(0, at-256)
	if !strings.Contains(s[low:at], "://") { // much faster than LastIndex
		return
	}
	i := strings.LastIndex(s[low:at], "://")
	start := low + i + 3
	user := s[start:at]
	if strings.ContainsAny(user, " \t\n\r\"'<>") {
		return
	}
	colon := strings.IndexByte(user, ':')
	if colon < 0 || colon == len(user)-1 || strings.ContainsAny(user[:colon], "/?#") {
		return // no colon, or one behind the authority: a path or a query
	}
	password := user[colon+1:]
	if slash := strings.IndexByte(password, '/'); slash >= 0 && (slash <= 5 && allDigits(password[:slash]) || strings.Count(password, "/") > 2) {
		return // host:port/path@...
	}
	if at+1 >= len(s) || isAlnum[s[at+1]] == 0 && s[at+1] != '[' && s[at+1] < 0x80 {
		return
	}
	if placeholder(password) || strings.HasPrefix(password, "{{") {
		return
	}
	from := start + colon + 1
	if strings.Contains(s[at:min(len(s), at+32)], ".contribsys.com") {
		from = start // both parts of the key are random
	}
	w.add(urlID, from, at, 0.97)
}
