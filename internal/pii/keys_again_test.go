package pii

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

// A key that was a secret itself says nothing about its value: a second redaction, on a gateway behind its agents, must not
// take a value that the first one has left.
func TestRedactedKeysAreNotSensitive(t *testing.T) {
	const (
		token = "sk_live_4eC39HqLyjWDarjtT1zdp7dc"
		text  = `{"q":{"512-45-6789":"blue"},"` + token + `":1,"seen ` + token + `":true}`
	)
	actions := map[string]Action{
		"replace": {Type: Replace}, "mask": {Type: Mask}, "remove": {Type: Remove}, "hash": {Type: Hash},
		"partial": {Type: Partial, KeepLast: 4}, "own text": {Type: Replace, Text: "<secret>"}, "stars": {Type: Replace, Text: "*password*"},
	}
	for name, action := range actions {
		s := scannerFor(t, func(c *Config) { c.Action, c.HashKey = action, "0123456789abcdef" })
		once, changed := s.Redact(text, "")
		assert.True(t, changed, name)
		again, _ := s.Redact(once, "")
		assert.Equal(t, once, again, name)
		key := s.key(token).Redacted()
		value, _ := s.Redact("blue", key)
		assert.Equal(t, "blue", value, "%s: %s", name, key)
	}
	s := scannerFor(t, func(c *Config) { c.Action.Text = "<secret>" })
	for _, key := range []string{"[EMAIL].password", "[SECRET] token", "<secret>_password", "secret", "[secret]", "[SECRET"} {
		out, _ := s.Redact("blue", key)
		assert.Equal(t, "<secret>", out, key)
	}
}

// A name speaks of its value: of the whole of it, not of everything that somebody wrote into a text behind it.
func TestKeysSpeakOfWholeValues(t *testing.T) {
	s := scannerFor(t, nil)
	for _, c := range []struct{ key, text, want string }{
		{"service.version", "6.1.1.2", "6.1.1.2"},
		{"service.version", "v6.1.1.2-rc1", "v6.1.1.2-rc1"},
		{"service.version", "user 512-45-6789 failed", "user [US_SSN] failed"},
		{"service.version", "peer 203.0.113.9 gone", "peer [IP] gone"},
		{"order", "512-45-6789", "512-45-6789"},
		{"order", "paid by 900101-1234568 today", "paid by [KR_RRN] today"},
		{"order", "order 512-45-6789 of today", "order 512-45-6789 of today"},
	} {
		out, _ := s.Redact(c.text, c.key)
		assert.Equal(t, c.want, out, c.key)
	}
}
