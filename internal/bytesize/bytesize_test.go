package bytesize

import (
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func TestUnmarshalText(t *testing.T) {
	f := func(text string, want int64) {
		t.Helper()
		var s Size
		require.NoError(t, s.UnmarshalText([]byte(text)))
		assert.EqualValues(t, want, s)
	}
	f("100", 100)
	f("0B", 0)
	f("1GiB", 1<<30)
	f(" 5 MB ", 5e6)
	f("2TB", 2e12)
	for _, bad := range []string{"", "x", "-1", "1e3", "MiB", "1.5GiB", "9999999TiB", "1 KiB 2"} {
		s := Size(7)
		require.ErrorContains(t, s.UnmarshalText([]byte(bad)), "e.g. 64MiB", bad)
		assert.EqualValues(t, 7, s)
	}
}
