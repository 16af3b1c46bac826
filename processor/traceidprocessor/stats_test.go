package traceidprocessor

import (
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/assert"
	"go.uber.org/zap"
)

// What a sender calls its service comes out in metrics, on the page and in the log, by other ways than the record.
func TestServiceNamesAreShownRedacted(t *testing.T) {
	s := newStats(nil, zap.NewNop())
	assert.Equal(t, "checkout", s.bounded("checkout"))
	assert.Equal(t, "unknown", s.bounded(""))
	assert.Equal(t, "shop of [EMAIL]", s.bounded("shop of ana@example.com"))
	assert.Equal(t, "shop of [EMAIL]", s.bounded("shop of ana@example.com"), "again")
	assert.True(t, utf8.ValidString(s.bounded("a\xffb\xed\xa0\x80")))
	assert.LessOrEqual(t, len(s.bounded(strings.Repeat("x", 1000))), maxServiceName)
	for i := range 2 * maxServices {
		s.bounded(strings.Repeat("y", i))
	}
	assert.Equal(t, otherName, s.bounded("one more"))
}
