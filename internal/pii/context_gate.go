package pii

import (
	"math/bits"
	"strings"
)

// Most numbers have no context word near them. To see that, the bytes around a candidate need not be
// walked: the block masks tell where words begin, and the first four bytes of each beginning are looked up
// in a bitmap. Only where one of them may begin a context word does the tree (context.go) decide.

// contextGate is a bitmap of the hashes of what context words begin with.
type contextGate [1 << 9]uint64

// add enters the words of detectors, in each way in which they may begin in a text.
func (g *contextGate) add(detectors []*Detector) {
	for _, d := range detectors {
		for _, word := range d.Context {
			g.addWord(strings.TrimRight(strings.ToLower(word), "$&"))
		}
	}
}

// addWord enters the beginning of a word with and without the separators inside it, and with dots behind
// single letters (d.n.i.).
func (g *contextGate) addWord(word string) {
	joined := joinKey(word)
	if joined == "" || joined[0] >= 0x80 {
		return // texts with other scripts always ask the tree
	}
	g.set(joined)
	g.set(joined[:1] + ".")
	for _, tail := range [...]string{"nr", "no", "id"} { // IdNr
		if stem, ok := strings.CutSuffix(joined, tail); ok && len(stem) > 0 && len(stem) < 4 {
			g.set(stem + " ")
		}
	}
	for i := 1; i < min(len(word), 4); i++ {
		if isAlnum[word[i]] == 0 {
			g.set(word[:i] + " ")
		}
	}
}

func (g *contextGate) set(word string) {
	h := beginningHash(word)
	g[h>>6] |= 1 << (h & 63)
}

// may tells whether a context word may begin with these four bytes, of which the word has n.
func (g *contextGate) may(x uint32, n int) bool {
	if byte(x>>8) == '.' {
		n = 2 // d.n.i.
	}
	h := beginning(x, n)
	return g[h>>6]&(1<<(h&63)) != 0
}

// beginning hashes the first n bytes of x.
func beginning(x uint32, n int) uint32 {
	x &= 0xffffffff >> (8 * (4 - n))
	return (x | 0x20202020) * 0x9e3779b1 >> 17
}

// beginningHash hashes up to four letters of a word.
func beginningHash(word string) uint32 {
	x := first4(word, 0)
	n := 1
	for n < min(4, len(word)) && goesOn(word[n-1], word[n]) {
		n++
	}
	if byte(x>>8) == '.' {
		n = 2
	}
	return beginning(x, n)
}

// first4 reads four bytes at i, or as many as there are.
func first4(s string, i int) (x uint32) {
	if i+4 <= len(s) {
		b := s[i : i+4]
		return uint32(b[0]) | uint32(b[1])<<8 | uint32(b[2])<<16 | uint32(b[3])<<24
	}
	for k := len(s) - 1; k >= i; k-- {
		x = x<<8 | uint32(s[k])
	}
	return x
}

// goesOn tells whether c is a letter of the word of the one before it.
func goesOn(before, c byte) bool { return isAlnum[c] == 2 && (c >= 'a' || before < 'a') }

// nearby keeps where context words may begin in the last four blocks, by block number modulo four.
type nearby struct {
	begins [4]uint64
	asked  [4]bool // begins is known
	block  int     // the block in hand; the one behind it is known, too
	// one block that is not among them: of a long chain
	far       masks
	farBlock  int
	farBegins uint64
	// the last question and its answer
	start, end int
	answer     set
	none       bool // answer is empty
}

// begin begins a text.
func (n *nearby) begin() {
	n.asked[0] = false
	n.start, n.farBlock = -1, -1
}

// next goes on to a block; the one behind it is new.
func (n *nearby) next(block int) {
	n.block = block
	n.asked[(block+1)&3] = false
}

// words returns where words begin in block b that the gate lets through, and the bytes that are no plain signs.
func (w *Worker) words(b int) (begins, rare uint64) {
	n := &w.near
	if b >= n.block-2 && b <= n.block+1 {
		k := b & 3
		if !n.asked[k] {
			n.begins[k], n.asked[k] = w.ask(&w.blocks[k], b), true
		}
		return n.begins[k], w.blocks[k].rare
	}
	if n.farBlock != b {
		w.s.lanes.load(&n.far, w.text, b<<6)
		n.farBegins, n.farBlock = w.ask(&n.far, b), b
	}
	return n.farBegins, n.far.rare
}

// ask finds where words begin in block b that the gate lets through.
func (w *Worker) ask(m *masks, b int) uint64 {
	s := w.text
	low := m.letter &^ m.upper
	var letterBefore, lowBefore uint64
	if b > 0 && isAlnum[s[b<<6-1]] == 2 {
		letterBefore, lowBefore = 1, uint64(s[b<<6-1]>>5&1)
	}
	inner := low | m.upper&^(low<<1|lowBefore) // letters that go on what stands before them
	passed := uint64(0)
	for found := m.letter &^ (inner & (m.letter<<1 | letterBefore)); found != 0; found &= found - 1 {
		i := bits.TrailingZeros64(found)
		n := bits.TrailingZeros64(^(inner >> (i + 1))) + 1
		if i > 60 {
			n = 1
			for n < 4 && b<<6+i+n < len(s) && goesOn(s[b<<6+i+n-1], s[b<<6+i+n]) {
				n++
			}
		}
		if w.s.gate.may(first4(s, b<<6+i), min(n, 4)) {
			passed |= 1 << i
		}
	}
	return passed
}

// contextNear returns the detectors that words around text[start:end] and the key speak for, without the
// negative ones of contextFor; nil = none.
func (w *Worker) contextNear(start, end int) *set {
	n := &w.near
	if n.start != start || n.end != end {
		n.start, n.end = start, end
		n.none = !w.wordsNear(start, end)
	}
	if n.none {
		return nil
	}
	return &n.answer
}

// wordsNear fills near.answer; it tells whether that is not empty.
func (w *Worker) wordsNear(start, end int) bool {
	out := &w.near.answer
	known := false
	if w.key != nil && w.key.speaks {
		*out, known = w.key.context, true
	}
	from, to := max(0, start-contextBefore), min(len(w.text), end+contextAfter)
	first, last := from>>6, (to-1)>>6
	for b := first; b <= last; b++ {
		in := ^uint64(0)
		if b == first {
			in <<= from & 63
		}
		if b == last {
			in &= ^uint64(0) >> (63 - (to-1)&63)
		}
		begins, rare := w.words(b)
		for found := rare & in; found != 0; found &= found - 1 {
			if w.text[b<<6+bits.TrailingZeros64(found)] >= 0x80 {
				*out = *w.contextFor(start, end)
				return true
			}
		}
		for found := begins & in; found != 0; found &= found - 1 {
			i := b<<6 + bits.TrailingZeros64(found)
			if i >= start && i < end {
				continue
			}
			if !known {
				*out, known = set{}, true
			}
			if i < start {
				w.s.context.follow(w.text, i, start, -1, false, out)
			} else if isAlnum[w.text[i-1]] == 0 {
				w.s.context.follow(w.text, i, min(len(w.text), end+contextEnd), -1, true, out)
			}
		}
	}
	return known && *out != set{}
}
