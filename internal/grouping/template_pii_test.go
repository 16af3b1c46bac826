package grouping

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

// Values with the kind that redaction writes for them.
var personal = []struct{ value, kind string }{
	{"ana.lima+x@example.com", "EMAIL"}, {"kim%40example.co.kr", "EMAIL"},
	{"4111111111111111", "CARD"}, {"4111 1111 1111 1111", "CARD"}, {"3782-822463-10005", "CARD"},
	{"+1 (555) 123-4567", "PHONE"}, {"(650) 253-0000", "PHONE"}, {"+82 10-1234-5678", "PHONE"}, {"010-1234-5678", "PHONE"}, {"tel:+1-201-555-0123", "PHONE"},
	{"+44 2034567890 ext 456", "PHONE"},
	{"203.0.113.9", "IP"}, {"2001:db8::8a2e:370:7334", "IP"}, {"::ffff:192.0.2.1", "IP"}, {"fe80::abcd", "IP"},
	{"123-45-6789", "SSN"}, {"900101-1234567", "KR_RRN"},
	{"DE89 3704 0044 0532 0130 00", "IBAN"}, {"GB82 WEST 1234 5698 7654 32", "IBAN"}, {"GB82WEST12345698765432", "IBAN"},
	{"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.dBjftJeZ4CVPmB92K27uhbUJU1p1r_wW1gFWFOEjXk", "JWT"},
	{"AKIAIOSFODNN7EXAMPLE", "SECRET"}, {"sk_live_4eC39HqLyjWDarjtT1zdp7dc", "SECRET"}, {"dGhpcyBpcyBhIHRlc3Q0==", "SECRET"},
	{"-----BEGIN RSA PRIVATE KEY-----\nMIIE\nabc\n-----END RSA PRIVATE KEY-----", "PRIVATE_KEY"},
	{"00:1b:63:84:45:e6", "MAC"}, {"AA-BB-CC-DD-EE-FF", "MAC"}, {"5f4dcc3b5aa765d61d8327deb882cf99", "HASH"},
}

// tokens are what the actions of pii_redaction leave of a value.
func tokens(value, kind string) []string {
	first, last := value[:2], value[len(value)-4:]
	return []string{
		fmt.Sprintf("[%s]", kind),
		fmt.Sprintf("[%s:k1:9f2c41d0]", kind),
		fmt.Sprintf("[%s:key-2:00112233445566778899aabbccddeeff]", kind),
		fmt.Sprintf("[%s:****%s]", kind, last),
		fmt.Sprintf("[%s:%s****]", kind, first),
		"****",
	}
}

var places = []string{
	"%s", "failed for %s", "user %s not found", "user=%s port=22", "email: %s", "(%s) refused", "[%s] refused", "<%s>: refused", "'%s' is not valid",
	"payment of %s, order 12, failed", "login of %s failed: try again", "no %s.", `{"user":"%s","n":1}`, `msg="cannot reach %s" n=1`,
	"GET /find?q=%s&page=2 HTTP/1.1", "sent to https://example.com/?q=%s now", "account/%s is locked", "from %s to %s", "12 %s 13",
	"first line\nuser %s\nthird line",
}

func TestTemplateOfRedactedText(t *testing.T) {
	for _, place := range places {
		for _, p := range personal {
			inURL := strings.Contains(place, "?q=")
			if inURL && strings.ContainsAny(p.value, " \n(") {
				continue // cannot stand there
			}
			if strings.Contains(place, "/%s") && (strings.Contains(p.value, "%40") || p.value[0] == '(' || strings.HasPrefix(p.value, "tel:") || p.kind == "MAC") {
				continue // nobody writes it there
			}
			if strings.Contains(p.value, "\n") && !strings.Contains(place, "failed for") {
				continue
			}
			fill := func(v string) string { return strings.ReplaceAll(place, "%s", v) }
			raw := fill(p.value)
			for _, token := range tokens(p.value, p.kind) {
				redacted := fill(token)
				assert.Equal(t, Template(raw), Template(redacted), "raw: %s\nredacted: %s", raw, redacted)
				assert.Equal(t, skeleton(raw), skeleton(redacted), "raw: %s\nredacted: %s", raw, redacted)
			}
		}
	}
}

// Keys whose whole value is taken, whatever it looks like.
func TestTemplateOfSecrets(t *testing.T) {
	f := func(raw, redacted string) {
		t.Helper()
		assert.Equal(t, Template(raw), Template(redacted), "raw: %s", raw)
	}
	f("login password=hunter2 ok", "login password=[REDACTED] ok")
	f("login password=hunter ok", "login password=**** ok")
	f("db_password: hunter, retry", "db_password: [REDACTED], retry")
	f("token=Token{78af589 Activity{x u0}}} -- gone", "token=[SECRET] Activity{x u0}}} -- gone")
	f("Authorization: Bearer abcdefgh12345678", "Authorization: [SECRET]")
	f("Authorization: Bearer abcdefgh12345678", "Authorization: Bearer [SECRET]")
	f("postgres://app:s3cret@db:5432/shop refused", "postgres://[URL_CREDENTIALS]@db:5432/shop refused")
	f("sent user  to x", "sent user  to x")
}

func TestPIIToken(t *testing.T) {
	f := func(s string, want int) {
		t.Helper()
		assert.Equal(t, want, piiToken(s), s)
	}
	f("[EMAIL] x", 7)
	f("[EMAIL:k1:9f2c41d0]", 19)
	f("[CARD:****4242]", 15)
	f("[EMAIL:a****@example.com]", 25)
	f("[IBAN:SM**** 100]", 17)
	// What loggers write themselves.
	f("[INFO]", 0)
	f("[ERROR]", 0)
	f("[main]", 0)
	f("[X:1]", 0)
	f("[EMAIL:]", 0)
	// Cut off at the end of the text.
	f("[EMAIL", 6)
	f("[EMAIL:k1:9f2c41d0", 18)
	f("[CARD:****42", 12)
	f("[EMAIL x", 0)
	f("[IP", 3)
	f("[A", 0)
	f("[]", 0)
}
