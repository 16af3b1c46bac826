package pii

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// TestRedactedTextStays: what was redacted is not changed again, also where bare values stand beside each other.
func TestRedactedTextStays(t *testing.T) {
	scanners := fuzzScanners(t)
	r := rand.New(rand.NewPCG(1, 2))
	parts := []string{
		"1048656659", "550090112", "121042882", "9601211234567", "312345678909", "415-555-0132", "02-123-4567", "005 499 981", "3123 4567 8909",
		"4111111111111111", "CR2 6XH", "1767225600", "a@b.co", "::1", "order", "port=", "id:", "mac:", "name: password", "value: ", "번호", "ms", "x", "12",
		" ", " ", " ", "(", ")", ",", "\n", "[", "]", "=", "-", ":", "\"", `{"name":"api_key","value":"`,
	}
	for range 30000 {
		var b strings.Builder
		for range 2 + r.IntN(8) {
			b.WriteString(one(r, parts...))
			b.WriteString(one(r, "", " ", " "))
		}
		s := scanners[r.IntN(len(scanners))]
		once, _ := s.Redact(b.String(), "")
		if again, changed := s.Redact(once, ""); changed {
			t.Errorf("%s: %q -> %q -> %q", s.config.Action.Type, b.String(), once, again)
		}
	}
}
