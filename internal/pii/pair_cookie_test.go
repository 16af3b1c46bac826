package pii

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestCookies(t *testing.T) {
	s := scannerFor(t, nil)
	f := func(text, want string) {
		t.Helper()
		out, _ := s.Redact(text, "")
		assert.Equal(t, want, out)
		again, _ := s.Redact(out, "")
		assert.Equal(t, out, again)
	}
	f("Cookie: sessionid=38afes7a8; csrftoken=u32t4o3tb3gg43; _gat=1", "Cookie: sessionid=[SECRET]; csrftoken=[SECRET]; _gat=1")
	f("GET / Cookie: theme=light; sid=abc123", "GET / Cookie: theme=light; sid=[SECRET]")
	f("Set-Cookie: SID=31d4d96e407aad42; Path=/account; Max-Age=2592000; HttpOnly", "Set-Cookie: SID=[SECRET]; Path=/account; Max-Age=2592000; HttpOnly")
	f(`curl -H "Cookie: auth=9f8e7d6c5b4a" https://x.example`, `curl -H "Cookie: auth=[SECRET]" https://x.example`)
	f(`headers "Cookie": "remember_me=dG9tOjEyMzQ=; lang=en" sent`, `headers "Cookie": "remember_me=[SECRET]; lang=en" sent`)
	f(`{\"cookie\":\"PHPSESSID=298zf09hf012fh2\"} in`, `{\"cookie\":\"PHPSESSID=[SECRET]\"} in`)
	for _, text := range []string{
		"Cookie: lang=en; dark=1", "cookie: session expired for tenant=production-eu", "no cookie: retrying", "cookie=", "Cookie: sid=${SESSION_ID}",
		"Set-Cookie: seen=1; Expires=Wed, 21 Oct 2026 07:28:00 GMT; SameSite=Strict-Mode", "Cookie: sid=[SECRET]; x=[SECRET]", "cookie:",
	} {
		f(text, text)
	}
}
