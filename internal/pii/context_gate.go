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
			g.addWord(strings.TrimSuffix(strings.ToLower(word), "$"))
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

func (g *contextGate) set(beginning string) {
	h := beginningHash(beginning, 0)
	g[h>>6] |= 1 << (h & 63)
}

// may tells whether a context word may begin at s[i].
func (g *contextGate) may(s string, i int) bool {
	h := beginningHash(s, i)
	return g[h>>6]&(1<<(h&63)) != 0
}

// beginningHash hashes up to four letters at i: as far as no other sign and no new word of camel case begins.
func beginningHash(s string, i int) uint32 {
	var x uint32
	if i+4 <= len(s) {
		x = uint32(s[i]) | uint32(s[i+1])<<8 | uint32(s[i+2])<<16 | uint32(s[i+3])<<24
	} else {
		for k := len(s) - 1; k >= i; k-- {
			x = x<<8 | uint32(s[k])
		}
	}
	switch {
	case byte(x>>8) == '.':
		x &= 0xffff // d.n.i.
	case !goesOn(x):
		x &= 0xff
	case !goesOn(x >> 8):
		x &= 0xffff
	case !goesOn(x >> 16):
		x &= 0xffffff
	}
	return (x | 0x20202020) * 0x9e3779b1 >> 17
}

// goesOn tells whether the second byte of x is a letter of the word of the first.
func goesOn(x uint32) bool {
	c := byte(x >> 8)
	return isAlnum[c] == 2 && (c >= 'a' || byte(x) < 'a')
}

// nearby keeps where words begin in the last four blocks, by block number modulo four.
type nearby struct {
	begins [4]uint64 // where a word begins; once asked: where a context word may begin
	asked  [4]bool
	rare   [4]uint64 // bytes beyond ASCII (and a few others): words of other scripts may begin there
	block  int       // the block in hand; the one behind it is known, too
	// the last question and its answer
	start, end int
	answer     set
	none       bool // answer is empty
}

// begin takes the first block of a text.
func (n *nearby) begin(m *masks) {
	n.begins[0], n.rare[0] = m.letter&^(m.letter<<1)|m.upper&((m.letter&^m.upper)<<1), m.rare
	n.asked[0] = false
	n.block, n.start = 0, -1
}

// next goes on to the block at base and takes the one behind it.
func (n *nearby) next(base int, cur, next *masks) {
	n.block = base >> 6
	k := (n.block + 1) & 3
	lower := next.letter &^ next.upper
	n.begins[k] = next.letter&^(next.letter<<1|cur.letter>>63) | next.upper&(lower<<1|(cur.letter&^cur.upper)>>63)
	n.rare[k] = next.rare
	n.asked[k] = false
}

// ask leaves only those words of block b that the gate lets through.
func (w *Worker) ask(b int) {
	n := &w.near
	n.asked[b&3] = true
	passed := uint64(0)
	for found := n.begins[b&3]; found != 0; found &= found - 1 {
		if i := bits.TrailingZeros64(found); w.s.gate.may(w.text, b<<6+i) {
			passed |= 1 << i
		}
	}
	n.begins[b&3] = passed
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
	n := &w.near
	first, last := from>>6, (to-1)>>6
	for b := first; b <= last; b++ {
		if b < n.block-2 || b > n.block+1 {
			*out = *w.contextFor(start, end) // too long a candidate
			return true
		}
		in := ^uint64(0)
		if b == first {
			in <<= from & 63
		}
		if b == last {
			in &= ^uint64(0) >> (63 - (to-1)&63)
		}
		for found := n.rare[b&3] & in; found != 0; found &= found - 1 {
			if w.text[b<<6+bits.TrailingZeros64(found)] >= 0x80 {
				*out = *w.contextFor(start, end)
				return true
			}
		}
		if !n.asked[b&3] {
			w.ask(b)
		}
		for found := n.begins[b&3] & in; found != 0; found &= found - 1 {
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
