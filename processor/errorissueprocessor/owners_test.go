package errorissueprocessor

import (
	"testing"

	"github.com/stretchr/testify/assert"
)

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
