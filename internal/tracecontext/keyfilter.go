package tracecontext

import (
	"encoding/binary"
	"slices"
)

// nameFilter tells in a few nanoseconds that a name is certainly not in a table (false), or may be. It is two Bloom
// filters: over the last four bytes, and over the last letters.
type nameFilter struct{ tails, endings filter }

type filter [filterBits / 64]uint64

const (
	filterBits = 1 << 15
	ending     = 7 // letters at the end of a name that the second filter looks at
)

// separators are the bytes of names that do not count.
var separators = [256]bool{'_': true, '-': true, '.': true, '/': true, '@': true, ' ': true}

// add enters a normalised name.
func (f *nameFilter) add(name string) {
	h := uint32(0)
	for i := len(name) - 1; i >= max(0, len(name)-ending); i-- {
		h = endingHash(h, name[i])
	}
	f.endings.add(h >> 17)
	// The first filter sees raw names, which may have a separator among their last bytes.
	tail := []byte(name)
	if len(tail) > 4 {
		tail = tail[len(tail)-4:]
	}
	mark := func(tail []byte) { f.tails.add(tailHash(binary.LittleEndian.Uint32(tail))) }
	if len(tail) == 4 {
		mark(tail)
		tail = tail[1:]
	}
	for _, sep := range []byte("_-./@ ") {
		switch len(tail) {
		case 3:
			for i := range 3 {
				mark(slices.Insert(slices.Clone(tail), i, sep))
			}
		case 2:
			for c := range byte(32) {
				mark([]byte{c, sep, tail[0], tail[1]})
			}
		}
	}
}

// maybe looks at a name.
func (f *nameFilter) maybe(name string) bool { return f.tail(name) && f.probably(name, false) }

// maybeInside looks at a name inside a map, whose own name is a part of it.
func (f *nameFilter) maybeInside(name string) bool { return f.tail(name) && f.probably(name, true) }

// tail looks at the last four bytes. It is small enough to be inlined.
func (f *nameFilter) tail(name string) bool {
	n := len(name)
	if n < 4 {
		return n >= 2
	}
	t := name[n-4:]
	return f.tails.has(tailHash(uint32(t[0]) | uint32(t[1])<<8 | uint32(t[2])<<16 | uint32(t[3])<<24))
}

// probably looks at more letters than tail, without the separators among them.
func (f *nameFilter) probably(name string, inside bool) bool {
	h, letters := uint32(0), 0
	for i := len(name) - 1; i >= 0; i-- {
		c := name[i]
		if separators[c] {
			continue
		}
		h = endingHash(h, c)
		if letters++; letters >= 2 {
			if f.endings.has(h >> 17) {
				return true
			}
			if letters == ending {
				return false
			}
		}
	}
	return inside
}

func (f *filter) add(h uint32) { f[h/64] |= 1 << (h % 64) }

func (f *filter) has(h uint32) bool { return f[h/64]>>(h%64)&1 != 0 }

// tailHash hashes the last four bytes of a name without regard to case.
func tailHash(tail uint32) uint32 { return (tail & 0x1f1f1f1f) * 0x9e3779b1 >> 17 }

// endingHash adds one more letter, going backwards.
func endingHash(h uint32, c byte) uint32 { return (h ^ uint32(c&0x1f)) * 0x01000193 * 0x9e3779b1 }
