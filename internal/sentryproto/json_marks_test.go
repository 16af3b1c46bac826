package sentryproto

import (
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// Both ways to mark agree with a look at each byte, whatever stands around it.
func TestMark(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var marks []uint64
	for n := range 200 {
		for range 20 {
			b := make([]byte, n)
			for i := range b {
				if b[i] = byte(r.IntN(256)); r.IntN(2) == 0 {
					b[i] = "\"\\\x00\x1f !#[]\x7f\x80\xff"[r.IntN(12)]
				}
			}
			s := string(b)
			marks = mark(marks, s)
			for i := range marks {
				want, padded := marks[i], (s + strings.Repeat(" ", block))[i*block:][:block]
				markBlocksPlain(&marks[i], &[]byte(padded)[0], 1)
				require.Equal(t, want, marks[i], "%q", padded)
			}
			for i := range n {
				c := s[i]
				special := c < ' ' || c == '"' || c == '\\' || c >= 0x80
				require.Equal(t, special, marked(marks, i) == i, "%q %d", s, i)
			}
			require.GreaterOrEqual(t, marked(marks, n), n)
		}
	}
}

// The marks of the text before are not those of the next one.
func TestMarkAgain(t *testing.T) {
	var p Parser
	_, err := p.ParseText(`"` + strings.Repeat(`\"`, 200) + `"`)
	require.NoError(t, err)
	v, err := p.ParseText(`["abc", "d"]`)
	require.NoError(t, err)
	require.Equal(t, []any{"abc", "d"}, plain(v))
}
