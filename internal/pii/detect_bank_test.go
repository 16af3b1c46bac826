package pii

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/assert"
)

// TestBIC: ISO 9362 codes with and without digits behind a word; nothing without one.
func TestBIC(t *testing.T) {
	s := nationalScanner(t, "all")
	for _, v := range []string{"DEUTDEFF", "BNPAFRPP", "BNPAFRPPXXX", "DEUTDEFF500", "CHASUS33"} {
		for _, line := range []string{"BIC %s", "SWIFT code: %s", "the bic '%s' was rejected", "swift_code=%s", `{"bic":"%s"}`, "<field name=\"swiftBic\">%s</field>", "bank identifier %s.", "a line that is long enough to cross the first block, BIC %s"} {
			out, changed := s.Redact(fmt.Sprintf(line, v), "")
			assert.True(t, changed, line, v)
			assert.NotContains(t, out, v)
		}
		for _, line := range []string{"%s", "status %s", "BIC of the bank that nobody knows was not given in the form, so %s is"} {
			assert.Empty(t, s.Find(fmt.Sprintf(line, v), ""), line, v)
		}
	}
	for _, text := range []string{"SWIFT COMPLETE", "swift DEUTDEFFX", "BIC DEUTXXFF"} {
		assert.Empty(t, s.Find(text, ""), text)
	}
}
