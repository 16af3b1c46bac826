package pii

import "math/bits"

// Words of letters and digits: most are of no shape, which two looks at tables say (shape_words.go).

// mixedWord handles a word of letters and digits that holds the byte i of the block at base: its ends come
// from the block's masks where it lies in the block.
func (w *Worker) mixedWord(base, i int, m *masks) {
	all := m.letter | m.digit
	start := 64 - bits.LeadingZeros64(^all&(1<<i-1))
	end := i + bits.TrailingZeros64(^all>>i)
	if start > 0 && end < 64 {
		w.word(base+start, base+end, m.letter>>start&(1<<(end-start)-1))
		return
	}
	s := w.text
	if start == 0 && base > 0 {
		prev := &w.blocks[(base>>6-1)&3]
		start = -bits.LeadingZeros64(^(prev.letter | prev.digit))
	}
	if end >= 64 {
		next := &w.blocks[(base>>6+1)&3]
		end = 64 + bits.TrailingZeros64(^(next.letter | next.digit))
	}
	start, end = base+start, base+end
	if end-start > maxGroup {
		w.wordDone = end // of no shape; what is left of a longer one likewise
		return
	}
	var letter uint64
	for i := start; i < end; i++ {
		letter |= uint64(isAlnum[s[i]]>>1) << (i - start)
	}
	w.word(start, end, letter)
}

// word handles a word that has letters and digits, with letters at these places.
func (w *Worker) word(start, end int, letter uint64) {
	s := w.text
	w.wordDone = end
	// Most words are of no shape: say so without taking the chain apart.
	if end-start > maxGroup || start < w.chainDone && start >= w.chainFrom {
		return
	}
	size := end - start
	words, pairs := &w.s.words, &w.s.pairs
	if !words.possible(size, letter) {
		return
	}
	beside := words.beside[size]
	if start > 1 && beside>>separatorOf[s[start-1]]&1 != 0 {
		if n, c := w.groupBefore(start - 1); n > 0 && pairs.has(s[start-1], n, c, size, bothKinds) {
			w.walk(start, true)
			return
		}
	}
	if end+1 < len(s) && beside>>8>>separatorOf[s[end]]&1 != 0 {
		if n, c := w.groupAfter(end); n > 0 && pairs.has(s[end], size, bothKinds, n, c) {
			w.walk(start, true)
			return
		}
	}
	if words.alone(size, letter) && freeBefore(s, start) && freeAfter(s, end) && w.s.shapes.completes(size, letter) {
		w.groups[0], w.nGroups = group{start, end, letter, 0, bothKinds}, 1
		w.descend(&w.s.shapes, 0, 0, 0)
	}
}
