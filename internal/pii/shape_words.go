package pii

// wordTable tells of words of letters and digits by their size, in one look each: whether a shape has one
// behind or before another group, and with letters at which places alone.
type wordTable struct {
	beside [maxGroup + 1]uint16    // the separators before it and, eight bits up, behind it; the kinds of separatorKinds
	some   [maxGroup + 1][4]uint64 // of the first eight signs those that are letters, in any group of any shape
	first  [maxGroup + 1][4]uint64
	last   [maxGroup + 1][4]uint64 // of the first and the last eight signs likewise, in shapes of one group
}

// noSeparator is the kind of all other signs.
const noSeparator = separatorKinds

// separatorOf are the kinds of separators.
var separatorOf = func() (t [256]uint8) {
	for c := range t {
		t[c] = noSeparator
	}
	for _, c := range []byte(" -./:+") {
		t[c] = uint8(separatorKind(c))
	}
	return t
}()

func newWordTable(pairs *pairTable, shapes *node) wordTable {
	var t wordTable
	t.enterGroups(shapes)
	for size := 2; size <= maxGroup; size++ {
		for _, sep := range []byte(" -./:+") {
			if pairs.hasSecond(sep, size, bothKinds) {
				t.beside[size] |= 1 << separatorOf[sep]
			}
			if pairs.hasFirst(sep, size, bothKinds) {
				t.beside[size] |= 1 << 8 << separatorOf[sep]
			}
		}
		for i := range shapes.edges[size] {
			if e := &shapes.edges[size][i]; len(e.next.ends) > 0 {
				enter(&t.first[size], e.digit, e.letter, min(size, 8))
				tail := max(size-8, 0)
				enter(&t.last[size], e.digit>>tail, e.letter>>tail, min(size, 8))
			}
		}
	}
	return t
}

// enterGroups adds the groups of all shapes below n.
func (t *wordTable) enterGroups(n *node) {
	for size := range n.edges {
		for i := range n.edges[size] {
			e := &n.edges[size][i]
			enter(&t.some[size], e.digit, e.letter, min(size, 8))
			t.enterGroups(e.next)
		}
	}
}

// possible tells whether a shape may have such a group anywhere.
func (t *wordTable) possible(size int, letter uint64) bool {
	first := letter & 0xff
	return t.some[size][first>>6]>>(first&63)&1 != 0
}

// enter adds what n signs may be of which some must be digits and some letters.
func enter(to *[4]uint64, digit, letter uint64, n int) {
	for letters := range uint64(1) << n {
		if all := uint64(1)<<n - 1; letters&digit&all == 0 && ^letters&letter&all == 0 {
			to[letters>>6] |= 1 << (letters & 63)
		}
	}
}

// alone tells whether a shape may be a word of that size with letters at these places.
func (t *wordTable) alone(size int, letter uint64) bool {
	first, last := letter&0xff, letter>>max(size-8, 0)&0xff
	return t.first[size][first>>6]>>(first&63)&1 != 0 && t.last[size][last>>6]>>(last&63)&1 != 0
}
