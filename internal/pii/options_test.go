package pii

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestPatternsRunBehindTheirKeywords(t *testing.T) {
	s := scannerFor(t, func(c *Config) {
		c.Patterns = []Pattern{
			{Name: "employee_id", Regex: `\b[A-Z]{2}\d{6}\b`, Keywords: []string{"Employee"}, Action: Action{Type: Mask}},
			{Name: "ticket", Regex: `TCK-\d+`},
		}
	})
	f := func(text, key, want string) {
		t.Helper()
		out, _ := s.Redact(text, key)
		assert.Equal(t, want, out)
	}
	f("employee AB123456 left", "", "employee **** left")
	f("order AB123456 left", "", "order AB123456 left")
	f("AB123456", "employee.number", "****")
	f("see TCK-42", "", "see [TICKET]")
}

func TestAllowExemptsTheMatchOnly(t *testing.T) {
	s := scannerFor(t, func(c *Config) {
		c.Allow = Allow{Keys: []string{"k8s.pod.ip"}, Values: []string{"support@example.com"}, Patterns: []string{`.*@example\.org`}}
	})
	out, _ := s.Redact("support@example.com jo@example.com jo@example.org card 4111111111111111", "")
	assert.Equal(t, "support@example.com [EMAIL] jo@example.org card [CARD]", out)
	out, _ = s.Redact("10.0.0.1", "k8s.pod.ip")
	assert.Equal(t, "10.0.0.1", out)
}

func TestSensitiveKeys(t *testing.T) {
	s := scannerFor(t, nil)
	for _, key := range []string{
		"password", "DB_PASSWORD", "dbPassword", "http.request.header.authorization", "Set-Cookie", "x-api-key", "accessToken", "client.secret",
		"password_hash", "user.ssn", "session_id", "apiKey2",
	} {
		out, _ := s.Redact("anything", key)
		assert.Equal(t, "[REDACTED]", out, key)
	}
	for _, key := range []string{"token_count", "tokens", "session.id", "keyboard", "monkey", "secretary", "author", "password_reset_count", "pinned", "cookie_consent"} {
		out, _ := s.Redact("anything", key)
		assert.Equal(t, "anything", out, key)
	}
}

func TestHashIsStableOverNotations(t *testing.T) {
	s := scannerFor(t, func(c *Config) {
		c.Action, c.HashKey, c.HashKeyID = Action{Type: Hash, Length: 12}, "0123456789abcdef", "k7"
	})
	one, _ := s.Redact("4111111111111111", "")
	two, _ := s.Redact("4111-1111-1111-1111", "")
	assert.Equal(t, one, two)
	assert.Regexp(t, `^\[CARD:k7:[0-9a-f]{12}\]$`, one)
	other := scannerFor(t, func(c *Config) { c.Action, c.HashKey = Action{Type: Hash, Length: 12}, "another-key-0123" })
	three, _ := other.Redact("4111111111111111", "")
	assert.NotEqual(t, one[9:], three[9:])
}

func TestJSONStaysJSON(t *testing.T) {
	s := scannerFor(t, nil)
	f := func(text, want string) {
		t.Helper()
		out, _ := s.Redact(text, "")
		assert.Equal(t, want, out)
	}
	f(`{ "a" : "jo\u0040example.com", "n": 4111111111111111, "p": {"x": 1}, "password": {"x": [1, 2]}, "t": true }`,
		`{ "a" : "[EMAIL]", "n": "[CARD]", "p": {"x": 1}, "password": "[REDACTED]", "t": true }`)
	f(`[{"token":null,"jo@example.com":"x"},"{\"pin\":\"1234\"}"]`, `[{"token":null,"[EMAIL]":"x"},"{\"pin\":\"[REDACTED]\"}"]`)
	f(`{"jo@b.co":1,"ann@b.co":{"jo@b.co":2,"ann@b.co":3},"al@b.co":4,"[EMAIL]":5,"[EMAIL]_2":6}`,
		`{"[EMAIL]":1,"[EMAIL]_2":{"[EMAIL]":2,"[EMAIL]_2":3},"[EMAIL]_3":4,"[EMAIL]_4":5,"[EMAIL]_2_2":6}`)
	f(`{"n":4539578763621486.0,"v":4539578763621486.25,"password":12.0}`, `{"n":"[CARD]","v":4539578763621486.25,"password":"[REDACTED]"}`)
	f(`{"clean":1,"s":"x\ny"}`, `{"clean":1,"s":"x\ny"}`)
	f(`{"cut":"jo@example.com`, `{"cut":"[EMAIL]`)
}

// TestPathological: texts that must not take more than linear time; the test's own time limit tells.
func TestPathological(t *testing.T) {
	s := scannerFor(t, func(c *Config) { c.Detectors = []string{"all"} })
	const n = 1 << 20
	for _, unit := range []string{
		"1", "1 ", "12-", "@", "a@", "a@b.co ", "1.2.3.4 ", ":", "a:", "a=b ", "password=", "{", `{"a":`, "[", "-", "-----BEGIN PRIVATE KEY", "%41", `\u0041`,
		"é", "１", "eyJ", "ghp_", "AKIA1234567890ABCDEF ", "://a:b@", "(1", "+1", "[A:", "0x1f ", "1a", "'", `"`, "x_", "a.b-",
	} {
		s.Redact(strings.Repeat(unit, n/len(unit)), "")
	}
}

func TestCleanTextCostsNoAllocation(t *testing.T) {
	s := scannerFor(t, func(c *Config) { c.Detectors = []string{"all"} })
	w := s.Acquire()
	defer w.Release()
	key := w.Key("message")
	for _, x := range benchTexts[:11] {
		assert.Zero(t, testing.AllocsPerRun(20, func() { w.Redact(x.text, key) }), x.name)
	}
}
