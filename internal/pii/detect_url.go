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
		w.dataSource(at)
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

// dataSource handles the @ behind the credentials of data sources that are no URLs: Go's user:password@tcp(host:3306)/db
// and Oracle's jdbc:oracle:thin:user/password@host.
func (w *Worker) dataSource(at int) {
	s := w.text
	split, before := byte(':'), ""
	if !strings.HasPrefix(s[at+1:], "tcp(") && !strings.HasPrefix(s[at+1:], "unix(") {
		if split, before = '/', "jdbc:oracle:"; !w.names(&w.oracle, before) {
			return
		}
	}
	from := at
	for from > 0 && at-from < 128 && s[from-1] > ' ' && s[from-1] != '"' && s[from-1] != '\'' && s[from-1] != '=' && s[from-1] != split {
		from--
	}
	if from > 1 && from < at && s[from-1] == split && nameByte[s[from-2]] && strings.Contains(s[max(0, from-64):from], before) && !placeholder(s[from:at]) {
		w.add(urlID, from, at, 0.97)
	}
}
