package issue

import (
	"encoding/base64"
	"fmt"
	"testing"

	"github.com/stretchr/testify/require"
)

// A cursor that is taken is the one that the same place in the list has.
func FuzzCursor(f *testing.F) {
	for _, seed := range []string{"", "MTAgYWJj", "!", "IA", "LTkyMjMzNzIwMzY4NTQ3NzU4MDggeA"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		at, err := parseCursor(text)
		if err != nil || at == nil {
			return
		}
		again, err := parseCursor(base64.RawURLEncoding.EncodeToString(fmt.Appendf(nil, "%d %s", at.key, at.id)))
		require.NoError(t, err)
		require.Equal(t, at, again)
	})
}
