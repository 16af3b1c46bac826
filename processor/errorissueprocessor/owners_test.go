package errorissueprocessor

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestMatch(t *testing.T) {
	f := func(pattern, text string, want bool) {
		t.Helper()
		assert.Equal(t, want, match(pattern, text), "%s %s", pattern, text)
	}
	f("pay*", "payments", true)
	f("pay*", "shop-payments", false)
	f("*pay*", "shop-payments", true)
	f("p?y", "pay", true)
	f("p?y", "py", false)
	f("*", "", true)
	f("a*b*c", "aXbXbXc", true)
	f("a*b*c", "aXbX", false)
	f("", "x", false)
}

func TestMatchPath(t *testing.T) {
	f := func(pattern, path string, want bool) {
		t.Helper()
		assert.Equal(t, want, matchPath(pattern, path), "%s %s", pattern, path)
	}
	f("billing/**", "/srv/app/billing/pay.py", true)
	f("billing/**", "billing/pay.py", true)
	f("billing/*.py", `C:\app\billing\pay.py`, true)
	f("billing/**", "/srv/app/rebilling/pay.py", false)
	f("pay.py", "/srv/app/billing/pay.py", true)
	f("**", "", false)
}
