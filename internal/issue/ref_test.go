package issue

import (
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestRefs: every text comes back as it was, also where it is no ID.
func TestRefs(t *testing.T) {
	c := NewCore(Options{})
	for _, id := range []string{
		"0000000000000000", "ffffffffffffffff", "0123456789abcdef", "0123456789ABCDEF", "0123456789abcde", "0123456789abcdef0", "", "a",
		"g123456789abcdef", "\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff",
	} {
		require.Equal(t, id, c.id(c.refOf(id)), "%q", id)
	}
	for i := range 3 * maxOddIDs {
		c.refOf(fmt.Sprint("odd-", i))
	}
	require.LessOrEqual(t, len(c.odd.text), maxOddIDs)
	require.Equal(t, fmt.Sprint("odd-", 3*maxOddIDs-1), c.id(c.refOf(fmt.Sprint("odd-", 3*maxOddIDs-1))))
}
