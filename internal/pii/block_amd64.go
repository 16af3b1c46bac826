package pii

import "unsafe"

// On processors with AVX2 the classes of 64 bytes are looked up 32 at a time instead of one by one. A
// byte's classes are bits of lo[byte & 15] & hi[byte >> 4], so each class is a set of lower halves of bytes
// by a set of upper halves; letters take two.

//go:noescape
func classify(m *masks, p *byte, tables *[9][32]byte, n int)

func avx2() bool

var wide = avx2()

// wideTables are lo and hi of the first eight classes, lo and hi of the others, and the constants that
// classify works with.
var wideTables = func() *[9][32]byte {
	t := &[9][32]byte{}
	class := func(first, bit int, upper string, lower ...byte) {
		for half := 0; half < 32; half += 16 {
			for _, u := range []byte(upper) {
				t[first+1][half+int(u-'0')] |= 1 << bit
			}
			for _, l := range lower {
				t[first][half+int(l)] |= 1 << bit
			}
		}
	}
	class(0, 0, "3", 0, 1, 2, 3, 4, 5, 6, 7, 8, 9)                       // digits
	class(0, 1, "46", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15) // A-O a-o
	class(0, 2, "57", 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)                  // P-Z p-z
	class(0, 3, "2", 0, 13, 14, 15)                                      // blank - . /
	class(0, 4, "3", 10, 13)                                             // : =
	class(0, 5, "2", 8, 11)                                              // ( +
	class(0, 6, "2", 13)                                                 // -
	class(0, 7, "5", 15)                                                 // _
	class(2, 0, "4", 0)                                                  // @
	class(2, 1, "2", 5)                                                  // %
	class(2, 2, "35", 12)                                                // < backslash
	class(2, 3, "3", 10)                                                 // :
	class(2, 6, "2", 14)                                                 // .
	class(2, 4, "4", 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15)  // A-O
	class(2, 5, "5", 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10)                   // P-Z
	for i, c := range []byte{0x0f, 0x7f, 1<<1 | 1<<2, 1<<0 | 1<<1 | 1<<2, 1<<4 | 1<<5} {
		for k := range t[4+i] {
			t[4+i][k] = c
		}
	}
	return t
}()

// page is the least size of a page of memory.
const page = 4096

// loadWide is load for processors with AVX2. What lies behind a text in the same page is read along and
// taken out; where a page ends, the text is copied.
func (t *lanes) loadWide(m *masks, s string, offset int) {
	p := unsafe.Add(unsafe.Pointer(unsafe.StringData(s)), offset)
	rest := len(s) - offset
	if rest >= 64 {
		classify(m, (*byte)(p), wideTables, 64)
	} else {
		if uintptr(p)%page <= page-64 {
			classify(m, (*byte)(p), wideTables, rest)
		} else {
			var b [64]byte
			copy(b[:], s[offset:])
			classify(m, &b[0], wideTables, rest)
		}
		m.keep(1<<(rest&63) - 1)
	}
	if t.colons {
		m.sep |= m.colon
	}
}

// keep leaves the bytes of k in m.
func (m *masks) keep(k uint64) {
	m.digit &= k
	m.letter &= k
	m.join &= k
	m.sep &= k
	m.pair &= k
	m.rare &= k
	m.open &= k
	m.upper &= k
	m.colon &= k
	m.dot &= k
}
