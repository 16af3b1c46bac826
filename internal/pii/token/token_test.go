package token

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestParse(t *testing.T) {
	f := func(s, kind string, n int) {
		t.Helper()
		gotKind, got := Parse(s)
		assert.Equal(t, kind, gotKind, s)
		assert.Equal(t, n, got, s)
	}
	f("[EMAIL] x", "EMAIL", 7)
	f("[US_SSN]", "US_SSN", 8)
	f("[EMAIL:k1:9f2c41d0]", "EMAIL", 19)
	f("[CARD:****4242]", "CARD", 15)
	f("[EMAIL:****@example.com]", "EMAIL", 24)
	f("[IBAN:DE89****3000]", "IBAN", 19)
	for _, s := range []string{
		"", "[", "[]", "[email]", "[Email]", "EMAIL]", "[EMAIL", "[EMAIL:]", "[EMAIL:k1:9F2C41D0]", "[EMAIL:k1:9f2c]", "[X:jo@example.com]",
		"[CARD:****4111111111111111]", "[CARD:411111111****]", "[EMAIL:****@192.0.2.1]", "[EMAIL:k1:zzzzzzzz]", "[" + strings.Repeat("A", 60) + "]",
	} {
		f(s, "", 0)
	}
}

func TestCovering(t *testing.T) {
	s := "a [EMAIL:****@example.com] b [x]"
	from, to, ok := Covering(s, 11, 23)
	assert.True(t, ok)
	assert.Equal(t, "[EMAIL:****@example.com]", s[from:to])
	_, _, ok = Covering(s, 27, 28)
	assert.False(t, ok)
	_, _, ok = Covering(s, 30, 31)
	assert.False(t, ok)
}
