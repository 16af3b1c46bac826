package glob

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
)

func TestMatch(t *testing.T) {
	f := func(pattern, text string, want bool) {
		t.Helper()
		assert.Equal(t, want, Match(pattern, text), "%s ~ %s", pattern, text)
	}
	f("", "", true)
	f("", "a", false)
	f("*", "", true)
	f("?", "", false)
	f("**", "anything", true)
	f("pay*", "payments", true)
	f("pay*", "repay", false)
	f("*.py", "a/b.py", true)
	f("*pay*", "repays", true)
	f("a?c", "abc", true)
	f("a?c", "ac", false)
	f("a*b?c", "axxbyc", true)
	f("a*b?c", "axxbc", false)
	f("a*c*e", "abcde", true)
	f("*a*b", "xaxbxb", true)
	f("abc", "abcd", false)
	f("a/b", `a\b`, false)
	f(strings.Repeat("*a", 20)+"b", strings.Repeat("a", 1000), false) // no more steps than the product of the lengths
}

func TestMatchPath(t *testing.T) {
	assert.True(t, MatchPath("billing/*", `billing\pay.py`))
	assert.True(t, MatchPath("billing/*", "billing/pay.py"))
	assert.False(t, MatchPath(`billing\*`, "billing/pay.py"))
}
