package pii

import "math/bits"

// Most words of letters and digits are names of pods, versions, parts of hashes. Before a chain is taken
// apart for one, these tables tell whether any shape has such a word alone or beside such a neighbour.

// Classes of groups by what they consist of.
const (
	onlyDigits = iota
	onlyLetters
	bothKinds
	groupClasses
)

// groupClass returns the class of a group of n signs with letters at these places.
func groupClass(letter uint64, n int) int {
	switch letter {
	case 0:
		return onlyDigits
	case uint64(1)<<n - 1:
		return onlyLetters
	}
	return bothKinds
}

// longPair is the longest group that the table of neighbours knows by its size; longer ones are one size.
const longPair = 15

// pairIndex is the place of a group of n signs and a class in the table.
func pairIndex(n, class int) int { return min(n, longPair+1)*groupClasses + class }

// pairTable has a bit for each two groups, by size and class, that stand side by side in a shape.
type pairTable struct {
	rows   [separatorKinds]pairRows // any two groups side by side, by the separator between them
	second [separatorKinds]uint64   // all groups that have one before them
	begin  [separatorKinds]pairRows // the first two groups of shapes
	alone  [maxGroup + 1]uint8      // classes of the shapes of one group, by its size
	strong [maxGroup + 1]uint8      // the same without the weak ones
	line   [maxGroup + 1]uint8      // the same with those that count in a line without a word
}

// pairRows are indexed by the first group; their bits are for the second.
type pairRows [(longPair + 2) * groupClasses]uint64

func (t *pairRows) add(a, b shapeGroup) {
	for ca := range groupClasses {
		for cb := range groupClasses {
			if a.mayBe(ca) && b.mayBe(cb) {
				t[pairIndex(a.n, ca)] |= 1 << pairIndex(b.n, cb)
			}
		}
	}
}

// has tells whether some shape has two such groups side by side.
func (t *pairRows) has(n, class, n2, class2 int) bool {
	return t[pairIndex(n, class)]>>pairIndex(n2, class2)&1 != 0
}

// separatorKinds is the number of separators that shapes have; separatorKind tells them apart.
const separatorKinds = 6

func separatorKind(c byte) int {
	switch c {
	case ' ':
		return 0
	case '-':
		return 1
	case '.':
		return 2
	case '/':
		return 3
	case ':':
		return 4
	}
	return 5
}

// addShape enters the groups of one shape.
func (t *pairTable) addShape(groups []shapeGroup, e end) {
	for i := 1; i < len(groups); i++ {
		a, b := groups[i-1], groups[i]
		between := []byte{b.sep}
		if b.sep == '~' {
			between = []byte(" -.")
		}
		for _, c := range between {
			k := separatorKind(c)
			t.rows[k].add(a, b)
			if i == 1 {
				t.begin[k].add(a, b)
			}
			for cb := range groupClasses {
				if b.mayBe(cb) {
					t.second[k] |= 1 << pairIndex(b.n, cb)
				}
			}
		}
	}
	if len(groups) == 1 {
		for class := range groupClasses {
			if groups[0].mayBe(class) {
				t.alone[groups[0].n] |= 1 << class
				if !e.weak {
					t.strong[groups[0].n] |= 1 << class
				}
				if !e.weak || e.line {
					t.line[groups[0].n] |= 1 << class
				}
			}
		}
	}
}

// hasFirst and hasSecond tell whether a shape has such a group with one behind it, before it, over the
// separator sep.
func (t *pairTable) hasFirst(sep byte, n, class int) bool {
	return t.rows[separatorKind(sep)][pairIndex(n, class)] != 0
}

func (t *pairTable) hasSecond(sep byte, n, class int) bool {
	return t.second[separatorKind(sep)]>>pairIndex(n, class)&1 != 0
}

// has tells whether a shape has two such groups side by side, over the separator sep.
func (t *pairTable) has(sep byte, n, class, n2, class2 int) bool {
	return t.rows[separatorKind(sep)].has(n, class, n2, class2)
}

// mayBe tells whether a group of the class may stand for g.
func (g shapeGroup) mayBe(class int) bool {
	switch class {
	case onlyDigits:
		return g.letter == 0
	case onlyLetters:
		return g.digit == 0
	}
	all := uint64(1)<<g.n - 1
	return g.digit != all && g.letter != all && g.n > 1
}

// completes tells whether a shape is one group of n signs with letters at these places.
func (n *node) completes(size int, letter uint64) bool {
	all := uint64(1)<<size - 1
	for k := range n.edges[size] {
		if e := &n.edges[size][k]; letter&e.digit == 0 && ^letter&all&e.letter == 0 && len(e.next.ends) > 0 {
			return true
		}
	}
	return false
}

// groupBefore returns size and class of the group that ends before the separator at i; 0 = there is none
// or a longer one than any shape's.
func (w *Worker) groupBefore(i int) (n, class int) {
	if b := (i - 1) >> 6; i > 0 && b >= w.near.block-2 && b <= w.near.block+1 {
		m, k := &w.blocks[b&3], uint(i-1)&63
		if n = bits.LeadingZeros64(^((m.digit | m.letter) << (63 - k))); n <= int(k) {
			if n == 0 || n > maxGroup {
				return 0, 0
			}
			return n, groupClass(m.letter>>(int(k)+1-n)&(1<<n-1), n)
		}
	}
	s := w.text
	kinds := uint8(0)
	p := i
	for p > 0 && isAlnum[s[p-1]] != 0 && i-p <= maxGroup {
		p--
		kinds |= isAlnum[s[p]]
	}
	if i-p > maxGroup {
		return 0, 0
	}
	return i - p, int(kinds) - 1 // 1 digits, 2 letters, 3 both
}

// groupAfter is groupBefore for the group that begins behind the separator at i.
func (w *Worker) groupAfter(i int) (n, class int) {
	word, letter, known := w.window(i + 1)
	if n = bits.TrailingZeros64(^word); n >= known {
		n, letter = w.group(i + 1)
	}
	if n == 0 || n > maxGroup {
		return 0, 0
	}
	return n, groupClass(letter&(1<<n-1), n)
}
