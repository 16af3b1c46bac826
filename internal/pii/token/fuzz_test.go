package token_test

import (
	"strings"
	"testing"

	"github.com/otel-culprit/culprit/internal/pii/token"
)

// FuzzParse: a token lies within the text, begins with "[" and its kind, and ends with "]".
func FuzzParse(f *testing.F) {
	for _, s := range []string{"[EMAIL] x", "[CARD:****4242]", "[EMAIL:k1:9f2c41d0]", "[EMAIL:****@example.com]", "[A:", "[A_1]]"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		kind, n := token.Parse(s)
		if n > len(s) || n > 0 && (!strings.HasPrefix(s, "["+kind) || s[n-1] != ']') {
			t.Errorf("%q: %q, %d", s, kind, n)
		}
	})
}
