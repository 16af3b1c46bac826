package pii

import "math/bits"

// Handlers that take a place of the text apart read the masks of the blocks around it instead of its bytes.

// window returns which of the bytes from p on are letters and digits and which are letters, one bit a byte,
// and for how many bytes that is known: 0 where the blocks are gone or not read yet.
func (w *Worker) window(p int) (word, letter uint64, known int) {
	b, i := p>>6, uint(p&63)
	cur := &w.blocks[b&3]
	switch ahead := b - w.near.block; {
	case ahead > 1 || ahead < -2:
		return 0, 0, 0
	case ahead == 1:
		return (cur.digit | cur.letter) >> i, cur.letter >> i, int(64 - i)
	}
	next := &w.blocks[(b+1)&3]
	letter = cur.letter>>i | next.letter<<(64-i)
	return letter | cur.digit>>i | next.digit<<(64-i), letter, 64
}

// group returns the length of the group of letters and digits at p and the places of its letters, byte by
// byte.
func (w *Worker) group(p int) (size int, letter uint64) {
	s := w.text
	for p+size < len(s) && isAlnum[s[p+size]] != 0 {
		letter |= uint64(isAlnum[s[p+size]]>>1) << (size & 63)
		size++
	}
	return size, letter
}

// token returns the length of the run of letters, digits, _ and - that begins at p in the block in hand, and, one
// bit a byte, its digits and its _ and -; of a run of 64 bytes and more only whether there are any. knit tells that
// the run holds a _ or a dash between two groups that no shape has side by side: then no shape fits a part of it, as
// what touches a _ or a dash with more behind it does not stand free.
func (w *Worker) token(p int) (size int, digits, joins uint64, knit bool) {
	b, i := p>>6, uint(p&63)
	cur, next := &w.blocks[b&3], &w.blocks[(b+1)&3]
	digits = cur.digit>>i | next.digit<<(64-i)
	joins = cur.join>>i | next.join<<(64-i)
	size = bits.TrailingZeros64(^(digits | joins | cur.letter>>i | next.letter<<(64-i)))
	if size < 64 {
		digits &= 1<<size - 1
		joins &= 1<<size - 1
		if joins != 0 && w.s.letterShapes {
			knit = joins&^(cur.sep>>i|next.sep<<(64-i)) != 0 || w.s.pairs.apart(joins, ^(digits|joins), size)
		}
		return size, digits, joins, knit
	}
	for s := w.text; p+size < len(s) && tokenByte[s[p+size]] != 0; size++ {
		switch tokenByte[s[p+size]] {
		case 2:
			digits |= 1
		case 3:
			joins |= 1
		}
	}
	return size, digits, joins, false
}

// apart tells whether a dash of a run of size bytes, with dashes and letters at these places, stands between two groups
// that no shape has side by side.
func (t *pairTable) apart(dashes, letters uint64, size int) bool {
	from := 0
	n, class := 0, 0
	for from < size {
		end := min(size, from+bits.TrailingZeros64(dashes>>from))
		n2 := end - from
		class2 := groupClass(letters>>from&(1<<n2-1), n2)
		if n > 0 && n2 > 0 && !t.has('-', n, class, n2, class2) {
			return true
		}
		n, class, from = n2, class2, end+1
	}
	return false
}
