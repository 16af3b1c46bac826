package pii

import "strings"

// The headers Cookie and Set-Cookie in running text: each value goes that is long enough to be more than a setting.
// https://www.rfc-editor.org/rfc/rfc6265#section-4

// shortCookie is the length in bytes below which a cookie holds a language or a flag.
const shortCookie = 6

// maxCookies bounds the cookies of one header.
const maxCookies = 64

// cookies handles the cookies that begin at i; it tells whether there is one.
func (w *Worker) cookies(i int) bool {
	s := w.text
	if i < len(s) && s[i] == '\\' {
		i++
	}
	if i < len(s) && (s[i] == '"' || s[i] == '\'') {
		i++
	}
	for n := range maxCookies {
		name := i
		for i < len(s) && cookieName[s[i]] {
			i++
		}
		if i == name || i == len(s) || s[i] != '=' {
			return n > 0
		}
		from, attribute := i+1, n > 0 && cookieAttribute(s[name:i])
		for i = from; i < len(s) && s[i] > ' ' && !cookieEnd[s[i]]; {
			i++
		}
		if v := s[from:i]; len(v) >= shortCookie && !attribute && !placeholder(v) {
			w.add(genericID, from, i, 0.8)
		}
		w.pairDone = i
		if i == len(s) || s[i] != ';' {
			return true
		}
		i = skipBlank(s, i+1)
	}
	return true
}

// cookieAttribute tells of what follows the cookie itself in Set-Cookie.
func cookieAttribute(name string) bool {
	switch strings.ToLower(name) {
	case "path", "domain", "expires", "max-age", "samesite", "priority", "version":
		return true
	}
	return false
}

// cookieName: signs of names; RFC 6265 allows more than stand in real ones.
var cookieName = func() (t [256]bool) {
	t = nameByte
	t['$'], t['!'], t['%'] = true, true, true
	return t
}()

// cookieEnd: signs that end a value.
var cookieEnd = [256]bool{';': true, ',': true, '"': true, '\'': true, '\\': true, ']': true, '}': true, ')': true}
