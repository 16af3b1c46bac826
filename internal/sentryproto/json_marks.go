package sentryproto

import (
	"encoding/binary"
	"math/bits"
	"unsafe"
)

// A text is looked through once for the bytes that need a look inside a string: quotes, backslashes,
// control characters and those above 127. After that a string costs the same however long it is.

// block is how many bytes of a text share a word of marks.
const block = 64

// mark writes a bit for each byte of a text that needs a look into marks, which it grows.
func mark(marks []uint64, s string) []uint64 {
	n := (len(s) + block - 1) / block
	if cap(marks) < n {
		marks = make([]uint64, n, n+n/2)
	}
	marks = marks[:n]
	whole := len(s) / block
	if whole > 0 {
		markBlocks(&marks[0], unsafe.StringData(s), whole)
	}
	if whole < n {
		var last [block]byte
		rest := copy(last[:], s[whole*block:])
		markBlocks(&marks[whole], &last[0], 1)
		marks[whole] &= 1<<rest - 1
	}
	return marks
}

// marked returns the first index at or behind i that has a mark; one outside of the text when none has.
func marked(marks []uint64, i int) int {
	w := i / block
	if w >= len(marks) {
		return i
	}
	if m := marks[w] >> (i % block); m != 0 {
		return i + bits.TrailingZeros64(m)
	}
	for w++; w < len(marks); w++ {
		if m := marks[w]; m != 0 {
			return w*block + bits.TrailingZeros64(m)
		}
	}
	return w * block
}

// markBlocksPlain is markBlocks for every processor: eight bytes at a time.
func markBlocksPlain(marks *uint64, p *byte, blocks int) {
	data := unsafe.Slice(p, blocks*block)
	for i, out := 0, unsafe.Slice(marks, blocks); i < len(out); i++ {
		m := uint64(0)
		for k := range block / 8 {
			m |= markWord(binary.LittleEndian.Uint64(data[i*block+k*8:])) << (k * 8)
		}
		out[i] = m
	}
}

// markWord returns a bit for each of eight bytes
// (https://graphics.stanford.edu/~seander/bithacks.html#ZeroInWord, in the form that is exact for all bytes).
func markWord(w uint64) uint64 {
	const (
		ones  = 0x0101010101010101
		lows  = 0x7f * ones
		highs = 0x80 * ones
	)
	filled := func(w uint64) uint64 { return (w&lows + lows) | w } // the high bit of each byte that is not 0
	plain := filled(w^('"'*ones)) & filled(w^('\\'*ones)) & filled(w&(0xe0*ones)) &^ w & highs
	return (^plain & highs >> 7) * 0x0102040810204080 >> 56
}
