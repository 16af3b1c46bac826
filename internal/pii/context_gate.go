package pii

import (
	"math/bits"
	"strings"
)

// Most numbers have no context word near them. To see that, the bytes around a candidate need not be
// walked: the block masks tell where words begin, and the first four bytes of each beginning are looked up
// in a bitmap. Only where one of them may begin a context word does the tree (context.go) decide.

// contextGate is a bitmap of the hashes of what context words begin with.
type contextGate [1 << 8]uint64

// add enters the words of detectors, in each way in which they may begin in a text.
func (g *contextGate) add(detectors []*Detector) {
	for _, d := range detectors {
		for _, word := range d.Context {
			g.addWord(strings.TrimSuffix(strings.ToLower(word), "$"))
		}
	}
}

// addWord enters the beginning of a word with and without the separators inside it, with dots behind single
// letters (d.n.i.), and of three letters also where a capital goes on behind them (sinNumber).
func (g *contextGate) addWord(word string) {
	joined := joinKey(word)
	if joined == "" || joined[0] >= 0x80 {
		return // texts with other scripts always ask the tree
	}
	g.set(joined)
	g.set(joined[:1] + ".")
	for i := 1; i < min(len(word), 4); i++ {
		if isAlnum[word[i]] == 0 {
			g.set(word[:i] + ".")
		}
	}
	if len(joined) < 4 {
		for c := byte('a'); c <= 'z'; c++ {
			g.set(joined + string(c))
			if len(joined) < 3 {
				for d := byte('a'); d <= 'z'; d++ {
					g.set(joined + string(c) + string(d))
				}
			}
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

// beginningHash hashes up to four letters at i, as far as no other sign stands between them.
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
	case isAlnum[byte(x>>8)] != 2:
		x &= 0xff
	case isAlnum[byte(x>>16)] != 2:
		x &= 0xffff
	case isAlnum[byte(x>>24)] != 2:
		x &= 0xffffff
	}
	return (x | 0x20202020) * 0x9e3779b1 >> 18
}

// nearby keeps where words begin in the last four blocks, by block number modulo four.
type nearby struct {
	begins [4]uint64
	rare   [4]uint64 // bytes beyond ASCII (and a few others): words of other scripts may begin there
	block  int       // the block in hand; the one behind it is known, too
	// the last question and its answer
	start, end int
	answer     bool
}

// begin takes the first block of a text.
func (n *nearby) begin(m *masks) {
	n.begins[0], n.rare[0] = m.letter&^(m.letter<<1)|m.upper&((m.letter&^m.upper)<<1), m.rare
	n.block, n.start = 0, -1
}

// next goes on to the block at base and takes the one behind it.
func (n *nearby) next(base int, cur, next *masks) {
	n.block = base >> 6
	k := (n.block + 1) & 3
	lower := next.letter &^ next.upper
	n.begins[k] = next.letter&^(next.letter<<1|cur.letter>>63) | next.upper&(lower<<1|(cur.letter&^cur.upper)>>63)
	n.rare[k] = next.rare
}

// contextNear tells whether a context word of any detector may stand around text[start:end] or in the key.
func (w *Worker) contextNear(start, end int) bool {
	if w.key != nil && w.key.speaks {
		return true
	}
	n := &w.near
	if n.start != start || n.end != end {
		n.start, n.end = start, end
		n.answer = w.wordNear(max(0, start-contextBefore), start) || w.wordNear(end, min(len(w.text), end+contextAfter))
	}
	return n.answer
}

// wordNear tells whether a context word may begin in text[from:to].
func (w *Worker) wordNear(from, to int) bool {
	if from >= to {
		return false
	}
	n := &w.near
	first, last := from>>6, (to-1)>>6
	if first < n.block-2 || last > n.block+1 {
		return true // too long a candidate
	}
	for b := first; b <= last; b++ {
		in := ^uint64(0)
		if b == first {
			in <<= from & 63
		}
		if b == last {
			in &= ^uint64(0) >> (63 - (to-1)&63)
		}
		if n.rare[b&3]&in != 0 {
			return true
		}
		for found := n.begins[b&3] & in; found != 0; found &= found - 1 {
			if w.s.gate.may(w.text, b<<6+bits.TrailingZeros64(found)) {
				return true
			}
		}
	}
	return false
}
