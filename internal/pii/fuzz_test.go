package pii

import (
	"encoding/json"
	"testing"
	"unicode/utf8"
)

// seeds are texts with values of many kinds, close to borders and to each other.
var seeds = []string{
	"login failed for user12@example.com from 203.0.113.9:443",
	"카드 4111-1111-1111-1111, 주민등록번호 900101-1234568 확인",
	`{"password":"hunter2","nested":{"card":4111111111111111,"list":["a@b.co",null,true]},"msg":"\u0040 \"x\""}`,
	"Authorization: Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2lnbmF0dXJl",
	"postgres://app:s3cr3t@db:5432/x?sslmode=off token=ghp_1234567890abcdefghijABCDEFGHIJ123456",
	"[EMAIL] [EMAIL:k1:9f2c41d0] [CARD:****4242] [REDACTED]",
	"+82 10-1234-5678 (202) 555-0123 DE89 3704 0044 0532 0130 00 078-05-1121",
	"fe80::1%eth0 2001:db8::1 00:1A:2B:3C:4D:5E 0012.3456.789a",
	"-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\n-----END RSA PRIVATE KEY-----",
	"４１１１１１１１１１１１１１１１ %34%31 user%40example.com \\u0061@b.co",
	"1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22",
	"%B4111111111111111^DOE/J^2512101?;4111111111111111=2512101?",
	"user 1048656659 and 550090112 12, order 9601211234567 (02) 345-6789 005 499 981 CR2 6XH 고객 312345678909", "- name: DB_PASSWORD\n  value: hunter2x\n [X1234567]",
	"Cookie: sid=38afes7a8; \"a=b\"; Set-Cookie: x=4111111111111111;Path=/", `{"jo@b.co":1,"ann@b.co":{"[EMAIL]":4539578763621486.0}}`,
	"registered pan 2712-0727-2357-2511 for tenant 12 <- 4956671499060853802",
	"GET https://x.example/cb?access_token=Zx9kq27mmpQRSTH4&u=jo@shop.example 502",
	"\xff\xfe a@b.co \xc3", "", "{", "[1", "{\"a\":", "@@@@@@@@", "::::::::",
}

func fuzzScanners(tb testing.TB) []*Scanner {
	tb.Helper()
	var out []*Scanner
	for _, action := range []Action{
		{Type: Replace}, {Type: Mask}, {Type: Remove}, {Type: Hash}, {Type: Partial, KeepLast: 4, KeepFirst: 2, KeepDomain: true},
	} {
		c := DefaultConfig()
		c.Detectors = []string{"all"}
		c.Action = action
		c.HashKey = "0123456789abcdef0123456789abcdef"
		s, err := New(c)
		if err != nil {
			tb.Fatal(err)
		}
		out = append(out, s)
	}
	s, err := New(DefaultConfig()) // decides otherwise whether to look again
	if err != nil {
		tb.Fatal(err)
	}
	return append(out, s)
}

// FuzzRedact: no panic, no finding across a rune, a redacted text is not changed again, JSON stays JSON.
func FuzzRedact(f *testing.F) {
	for _, s := range seeds {
		f.Add(s, "")
		f.Add(s, "customer.phone")
	}
	scanners := fuzzScanners(f)
	f.Fuzz(func(t *testing.T, text, key string) {
		for _, s := range scanners {
			for _, x := range s.Find(text, "") {
				if x.Start < 0 || x.End > len(text) || x.Start >= x.End {
					t.Fatalf("finding out of bounds: %+v", x)
				}
				if utf8.ValidString(text) && (!utf8.RuneStart(text[x.Start]) || x.End < len(text) && !utf8.RuneStart(text[x.End])) {
					t.Fatalf("finding splits a rune: %+v in %q", x, text)
				}
			}
			once, changed := s.Redact(text, key)
			if changed && utf8.ValidString(text) && !utf8.ValidString(once) {
				t.Fatalf("%q became invalid UTF-8: %q", text, once)
			}
			if again, changed := s.Redact(once, key); changed {
				t.Fatalf("%s: %q -> %q -> %q", s.config.Action.Type, text, once, again)
			}
			if json.Valid([]byte(text)) && key == "" && len(text) > 1 && (text[0] == '{' || text[0] == '[') && !json.Valid([]byte(once)) {
				t.Fatalf("%q is not JSON any more: %q", text, once)
			}
		}
	})
}
