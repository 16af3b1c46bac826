package pii

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
)

// TestMasks: both ways to read classes agree with the table, for all bytes, lengths and offsets.
func TestMasks(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 3))
	for _, colons := range []bool{false, true} {
		l := newLanes(colons)
		for n := 1; n < 300; n++ {
			b := make([]byte, n)
			for i := range b {
				b[i] = byte(r.IntN(256))
				if r.IntN(3) > 0 {
					b[i] = byte(0x20 + r.IntN(0x60))
				}
			}
			s := string(b)
			for offset := 0; offset < n; offset += 64 {
				var want, got, bytewise masks
				lane := [8]*uint64{&want.digit, &want.letter, &want.join, &want.sep, &want.pair, &want.rare, &want.open, &want.upper}
				for i := offset; i < min(n, offset+64); i++ {
					for k := range lane {
						*lane[k] |= l.table[b[i]] >> (8 * k) & 1 << (i - offset)
					}
				}
				l.load(&got, s, offset)
				l.loadBytes(&bytewise, s, offset)
				got.colon = 0
				for i := offset; i < min(n, offset+64); i++ {
					require.Equal(t, !wide && got.sep>>(i-offset)&1 != 0 || b[i] == '.', got.dot>>(i-offset)&1 != 0, "%q at %d", s, i)
				}
				got.dot, bytewise.dot = 0, 0
				require.Equal(t, want, got, "%q at %d", s, offset)
				require.Equal(t, want, bytewise, "%q at %d", s, offset)
			}
		}
	}
}
