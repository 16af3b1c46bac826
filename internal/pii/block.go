package pii

import "math/bits"

// The scan works on blocks of 64 bytes. Each byte's classes come out of one table (or 32 bytes at a time,
// block_amd64.go); eight bytes are packed into one word (lane k has the eight bits of class k), eight such
// words are transposed, and the result is a mask of 64 bits for each class. All triggers of all detectors
// are a few shifts and ands of these masks (places.go), so text without a candidate costs the same whatever
// is enabled.

// Classes of bytes: lanes of a table entry.
const (
	laneDigit  = iota // 0-9
	laneLetter        // A-Z a-z
	laneJoin          // _ -
	laneSep           // what may stand between groups of a number
	lanePair          // : =
	laneRare          // @ % < backslash, 0x80-0xff
	laneOpen          // + (
	laneUpper         // A-Z
)

// lanes is the class table. Every byte of an entry is 0 or 1.
type lanes struct {
	table  [256]uint64
	colons bool // colons stand between groups, too
}

func newLanes(colons bool) *lanes {
	t := &lanes{colons: colons}
	set := func(lane int, from, to byte) {
		for c := int(from); c <= int(to); c++ {
			t.table[c] |= 1 << (8 * lane)
		}
	}
	set(laneDigit, '0', '9')
	set(laneLetter, 'A', 'Z')
	set(laneLetter, 'a', 'z')
	for _, c := range []byte("_-") {
		set(laneJoin, c, c)
	}
	for _, c := range []byte("-. /") {
		set(laneSep, c, c)
	}
	if colons {
		set(laneSep, ':', ':')
	}
	for _, c := range []byte(":=") {
		set(lanePair, c, c)
	}
	for _, c := range []byte(`@%\<`) {
		set(laneRare, c, c)
	}
	set(laneRare, 0x80, 0xff)
	for _, c := range []byte("+(") {
		set(laneOpen, c, c)
	}
	set(laneUpper, 'A', 'Z')
	return t
}

// masks has one bit a byte for each class.
type masks struct {
	digit, letter, join, sep, pair, rare, open, upper uint64
	colon                                             uint64 // written by classify only
	dot                                               uint64 // elsewhere all of sep
}

// load reads the classes of up to 64 bytes from offset on.
func (t *lanes) load(m *masks, s string, offset int) {
	if wide {
		t.loadWide(m, s, offset)
		return
	}
	t.loadBytes(m, s, offset)
}

// loadBytes is load where the processor has nothing faster.
func (t *lanes) loadBytes(m *masks, s string, offset int) {
	var w [8]uint64
	c := &t.table
	s = s[offset:]
	if len(s) > 64 {
		s = s[:64]
	}
	whole := s
	i := 0
	for ; len(s) >= 8; i++ {
		w[i&7] = c[s[0]] | c[s[1]]<<1 | c[s[2]]<<2 | c[s[3]]<<3 |
			c[s[4]]<<4 | c[s[5]]<<5 | c[s[6]]<<6 | c[s[7]]<<7
		s = s[8:]
	}
	if rest := uint(len(s)); rest > 0 && len(whole) >= 8 {
		// The last eight bytes again, without those that were seen.
		b := whole[len(whole)-8:]
		x := c[b[0]] | c[b[1]]<<1 | c[b[2]]<<2 | c[b[3]]<<3 | c[b[4]]<<4 | c[b[5]]<<5 | c[b[6]]<<6 | c[b[7]]<<7
		w[i&7] = x >> (8 - rest) & (0x0101010101010101 * (0xff >> (8 - rest)))
	} else if rest > 0 {
		var x uint64
		for k := len(s) - 1; k >= 0; k-- {
			x = x<<1 | c[s[k]]
		}
		w[i&7] = x
	}
	// Transpose: byte k of word i becomes byte i of word k.
	const (
		lo32 = 0x00000000ffffffff
		lo16 = 0x0000ffff0000ffff
		lo8  = 0x00ff00ff00ff00ff
	)
	a0, a4 := w[0]&lo32|w[4]<<32, w[0]>>32|w[4]&^lo32
	a1, a5 := w[1]&lo32|w[5]<<32, w[1]>>32|w[5]&^lo32
	a2, a6 := w[2]&lo32|w[6]<<32, w[2]>>32|w[6]&^lo32
	a3, a7 := w[3]&lo32|w[7]<<32, w[3]>>32|w[7]&^lo32
	b0, b2 := a0&lo16|a2<<16&^lo16, a0>>16&lo16|a2&^lo16
	b1, b3 := a1&lo16|a3<<16&^lo16, a1>>16&lo16|a3&^lo16
	b4, b6 := a4&lo16|a6<<16&^lo16, a4>>16&lo16|a6&^lo16
	b5, b7 := a5&lo16|a7<<16&^lo16, a5>>16&lo16|a7&^lo16
	m.digit, m.letter = b0&lo8|b1<<8&^lo8, b0>>8&lo8|b1&^lo8
	m.join, m.sep = b2&lo8|b3<<8&^lo8, b2>>8&lo8|b3&^lo8
	m.dot = m.sep
	m.pair, m.rare = b4&lo8|b5<<8&^lo8, b4>>8&lo8|b5&^lo8
	m.open, m.upper = b6&lo8|b7<<8&^lo8, b6>>8&lo8|b7&^lo8
}

// scanBlocks finds the candidates of text and calls their handlers.
func (w *Worker) scanBlocks(s string) {
	if s == "" {
		return
	}
	w.near.begin()
	w.knit = [2]uint64{}
	if w.begun {
		w.begun = false
		w.near.next(0)
		w.visit(0, &w.blocks[0])
		return
	}
	t := w.s.lanes
	t.load(&w.blocks[0], s, 0)
	var b carry
	for base := 0; base < len(s); base += 64 {
		cur, next := &w.blocks[base>>6&3], &w.blocks[(base>>6+1)&3]
		if base+64 < len(s) {
			t.load(next, s, base+64)
		} else {
			*next = masks{}
		}
		w.near.next(base >> 6)
		if w.places.find(cur, next, &b, &w.s.wanted) {
			w.visit(base, cur)
		}
		w.knit[0], w.knit[1] = w.knit[1], 0
	}
}

// visit calls the handlers of the places of the block at base.
func (w *Worker) visit(base int, cur *masks) {
	p, on := &w.places, w.s.triggers
	for found := p.chain; found != 0; found &= found - 1 {
		if at := base + bits.TrailingZeros64(found); at >= w.chainDone {
			w.chain(at)
		}
	}
	for found := p.token; found != 0; found &= found - 1 {
		if at := base + bits.TrailingZeros64(found); at >= w.tokenDone {
			w.longToken(at)
		}
	}
	for found := p.pair; found != 0; found &= found - 1 {
		w.pair(base + bits.TrailingZeros64(found))
	}
	if p.rare != 0 {
		w.rare(base, p.rare, on)
	}
	if p.colons|p.groups|p.dots|p.flags|p.short|p.dashes|p.caps|p.spaced != 0 {
		w.signs(base)
	}
	for mixed := p.mixed &^ w.knit[0]; mixed != 0; mixed &= mixed - 1 {
		if i := bits.TrailingZeros64(mixed); base+i >= w.wordDone {
			w.mixedWord(base, i, cur)
		}
	}
	for found := p.plate; found != 0; found &= found - 1 {
		if at := base + bits.TrailingZeros64(found); at >= w.chainDone || at < w.chainFrom {
			w.walk(at+1, true)
		}
	}
	for found := p.iban; found != 0; found &= found - 1 {
		w.iban(base + bits.TrailingZeros64(found))
	}
}

// signs calls the handlers of rows of colons, dots, dashes and capitals, and of flags.
func (w *Worker) signs(base int) {
	p := &w.places
	if p.colons != 0 {
		w.colons(base + bits.TrailingZeros64(p.colons))
	}
	for found := p.groups; found != 0; found &= found - 1 {
		w.colonGroups(base + bits.TrailingZeros64(found))
	}
	for found := p.dots; found != 0; found &= found - 1 {
		w.dots(base + bits.TrailingZeros64(found))
	}
	for found := p.flags; found != 0; found &= found - 1 {
		w.flag(base + bits.TrailingZeros64(found))
	}
	for found := p.short; found != 0; found &= found - 1 {
		w.shortFlag(base + bits.TrailingZeros64(found))
	}
	for found := p.dashes; found != 0; found &= found - 1 {
		w.dashes(base + bits.TrailingZeros64(found))
	}
	for found := p.caps; found != 0; found &= found - 1 {
		w.capitals(base + bits.TrailingZeros64(found))
	}
	for found := p.spaced; found != 0; found &= found - 1 {
		w.spacedPhone(base + bits.TrailingZeros64(found))
	}
}

// rare calls the handlers of bytes that most text does not have.
func (w *Worker) rare(base int, found uint64, on uint32) {
	for ; found != 0; found &= found - 1 {
		i := bits.TrailingZeros64(found)
		at := base + i
		switch c := w.text[at]; {
		case c == '@':
			if on&onAt != 0 {
				w.email(at)
			}
			if on&onUserinfo != 0 {
				w.userinfo(at)
			}
		case c == '<':
			if on&onPair != 0 {
				w.element(at)
			}
		case c == '+' || c == '(':
			if on&onPlus != 0 {
				w.plus(at)
			}
		case c == '%' || c == '\\':
			if c == '%' && w.s.on.has(trackID) {
				w.track(at)
			}
			if !w.viewing && !w.wantView {
				w.wantView = escapes(w.text, at)
			}
		default:
			if !w.viewing && !w.wantView && at >= w.highDone {
				w.wantView, w.highDone = w.foreign(at)
			}
		}
	}
}
