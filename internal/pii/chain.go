package pii

import "math/bits"

// group is one row of letters and digits of a chain.
type group struct {
	start, end int
	letter     uint64 // places of letters; bit 0 = first
	sep        byte   // before it
	class      uint8  // groupClass
}

// isAlnum is a table of letters and digits: 1 digit, 2 letter.
var isAlnum = func() (t [256]uint8) {
	for c := '0'; c <= '9'; c++ {
		t[c] = 1
	}
	for c := 'a'; c <= 'z'; c++ {
		t[c], t[c-32] = 2, 2
	}
	return t
}()

// chain handles a number: digits with single separators that begin at at.
func (w *Worker) chain(at int) {
	// Most numbers of that length are times: 2026-11-22 10:11:12, 2026-11-22T10:11:12.
	if s := w.text; at+13 < len(s) && s[at+13] == ':' && s[at+4] == s[at+7] && (s[at+10] == ' ' || s[at+10] == 'T') &&
		isAlnum[s[at+4]] == 0 && (s[at] == '2' && s[at+1] == '0' || s[at] == '1' && s[at+1] == '9') &&
		two(s, at+5) <= 12 && two(s, at+8) <= 31 && (at == 0 || isAlnum[s[at-1]] == 0) {
		w.chainFrom, w.chainDone = at, at+13
		return
	}
	w.walk(at, w.s.letterShapes)
}

// overlap is how many groups of a row that is too long for one walk are looked at again.
const overlap = 8

// walk takes the chain that holds the byte at apart and compares each of its parts with all shapes.
func (w *Worker) walk(at int, letters bool) {
	s := w.text
	start := at
	for start > 0 && isAlnum[s[start-1]] != 0 && at-start <= maxGroup {
		start--
	}
	if letters {
		start = w.walkBack(start)
	}
	w.chainFrom = start
	for start >= 0 {
		start = w.walkFrom(start, letters)
	}
}

// walkBack returns where a walk begins for a chain that begins at start: shapes may begin with up to two
// short groups of letters and digits before what drew attention.
func (w *Worker) walkBack(start int) int {
	s := w.text
	if start < 2 || !w.s.seps[s[start-1]] || isAlnum[s[start-2]] == 0 {
		return start
	}
	pairs := &w.s.pairs
	size, class := w.groupAfter(start - 1)
	for k := 0; k < 2 && size > 0 && start >= 2 && w.s.seps[s[start-1]] && pairs.hasSecond(s[start-1], size, class); k++ {
		n, c := w.groupBefore(start - 1)
		if n == 0 || n > 6 || !pairs.has(s[start-1], n, c, size, class) {
			break
		}
		start -= n + 1
		size, class = n, c
	}
	return start
}

// walkFrom handles the groups from start on; it returns where to go on, or -1 at the chain's end.
func (w *Worker) walkFrom(start int, letters bool) int {
	s := w.text
	g := &w.groups
	pairs := &w.s.pairs
	n, p, more := 0, start, -1
	var word, letters64 uint64
	left := 0 // bytes from p on that the masks tell of
	for n < len(g) {
		size := bits.TrailingZeros64(^word)
		if size >= left {
			word, letters64, left = w.window(p)
			size = bits.TrailingZeros64(^word)
		}
		letter := letters64 & (1<<size - 1)
		if size >= left { // longer than what is known
			size, letter = w.group(p)
			left = 0
		}
		q := p + size
		var sep byte
		class := uint8(onlyDigits)
		if letter != 0 {
			class = uint8(groupClass(letter, q-p))
		}
		if n > 0 {
			sep = s[p-1]
			// A word that stands in no shape beside the group before it: what follows is found by itself.
			if b := &g[n-1]; class != onlyDigits && (q-p > maxGroup || b.end-b.start <= maxGroup && !pairs.has(sep, b.end-b.start, int(b.class), q-p, int(class))) {
				break
			}
		}
		x := &g[n] // field by field: the whole would be made aside and copied
		x.start, x.end, x.letter, x.sep, x.class = p, q, letter, sep, class
		n++
		if q+1 >= len(s) || !w.s.seps[s[q]] || isAlnum[s[q+1]] == 0 {
			break
		}
		if !letters && isAlnum[s[q+1]] == 2 {
			break
		}
		p = q + 1
		word, letters64, left = word>>(size+1), letters64>>(size+1), left-size-1
	}
	w.chainDone = g[n-1].end
	w.nGroups = n
	tried := n
	if n == len(g) {
		tried = n - overlap
		more = g[tried].start
	}
	signs := g[n-1].end - start - n + 1
	if signs < w.s.fewSigns && n < 4 {
		tried = 0 // less than any shape has, and no address
	}
	for i := 0; i < tried; i++ {
		if k := w.dateGroups(i); k > 0 && !letters {
			i += k - 1
			continue
		}
		if i+3 < n && g[i+1].sep == '.' && w.s.triggers&onIPv4 != 0 && w.ipv4(i) {
			i += 3
			continue
		}
		if w.begins(i) && w.startsFree(i) {
			w.descend(&w.s.shapes, i, i, 0)
		}
	}
	if end := g[n-1].end; end < len(s) && s[end] == '=' && w.s.on.has(trackID) {
		w.track(end)
	}
	if signs >= 7 && w.s.on.has(phoneID) {
		w.chainPhone()
	}
	return more
}

// begins tells whether some shape begins with group i and the one behind it, or is such a group alone and
// has the words that a weak one needs.
func (w *Worker) begins(i int) bool {
	g := &w.groups[i]
	size := g.end - g.start
	if size > maxGroup {
		return false
	}
	pairs := &w.s.pairs
	if pairs.strong[size]>>g.class&1 != 0 {
		return true
	}
	if i+1 < w.nGroups {
		b := &w.groups[i+1]
		if n := b.end - b.start; n <= maxGroup && pairs.begin[separatorKind(b.sep)].has(size, int(g.class), n, int(b.class)) {
			return true
		}
	}
	return pairs.alone[size]>>g.class&1 != 0 && w.startsFree(i) &&
		((pairs.line[size]>>g.class&1 != 0 || w.alone(g.start, g.end)) && w.stands(g.start, g.end) || w.contextNear(g.start, g.end) != nil)
}

// dateGroups returns the number of groups that are a date from group i on: YYYY-MM-DD and the like.
func (w *Worker) dateGroups(i int) int {
	if i+2 >= w.nGroups {
		return 0
	}
	a, b, c := &w.groups[i], &w.groups[i+1], &w.groups[i+2]
	if a.end-a.start != 4 || b.end-b.start != 2 || c.end-c.start != 2 || b.sep != c.sep || b.sep == ' ' {
		return 0
	}
	s := w.text
	if !(s[a.start] == '2' && s[a.start+1] == '0' || s[a.start] == '1' && s[a.start+1] == '9') {
		return 0
	}
	if m := two(s, b.start); m < 1 || m > 12 {
		return 0
	}
	if d := two(s, c.start); d < 1 || d > 31 {
		return 0
	}
	return 3
}

func two(s string, i int) int { return int(s[i]-'0')*10 + int(s[i+1]-'0') }

// descend follows the tree of shapes over the groups first..i.
func (w *Worker) descend(n *node, first, i int, free byte) {
	g := &w.groups[i]
	size := g.end - g.start
	if size > maxGroup {
		return
	}
	all := uint64(1)<<size - 1
	edges := n.edges[size]
	if i == first {
		edges = w.s.firsts[size][g.class]
	}
	for k := range edges {
		e := &edges[k]
		if g.letter&e.digit != 0 || ^g.letter&all&e.letter != 0 {
			continue
		}
		bound := free
		if i > first && e.sep != g.sep {
			if e.sep != '~' || g.sep != ' ' && g.sep != '-' && g.sep != '.' || free != 0 && free != g.sep {
				continue
			}
			bound = g.sep
		} else if e.sep == '~' {
			continue
		}
		if len(e.next.ends) > 0 && w.endsFree(i) {
			w.check(e.next, first, i)
		}
		if i+1 < w.nGroups {
			w.descend(e.next, first, i+1, bound)
		}
	}
}

// startsFree tells whether nothing that belongs to it stands before group i.
func (w *Worker) startsFree(i int) bool {
	g := &w.groups[i]
	if i > 0 && g.sep != ' ' && g.sep != '/' && g.sep != ':' {
		return false
	}
	return freeBefore(w.text, g.start)
}

// freeBefore tells whether a value may begin at i: no letter, digit, _ touches it, and no - or . that
// continues a longer run.
func freeBefore(s string, i int) bool {
	if i == 0 {
		return true
	}
	c := s[i-1]
	switch c {
	case '_', '*', '$', '~', '@', '+':
		return false
	case '-', '.':
		return i == 1 || isAlnum[s[i-2]] == 0 && s[i-2] != '_' && s[i-2] != '-' && s[i-2] != ']'
	}
	return isAlnum[c] == 0
}

// endsFree tells whether nothing that belongs to it stands behind group i.
func (w *Worker) endsFree(i int) bool {
	g := &w.groups[i]
	if i+1 < w.nGroups {
		switch sep := w.groups[i+1].sep; sep {
		case ' ', '/', ':':
		case '.': // the end of a sentence without a blank, a file name's ending
			return w.groups[i+1].letter&1 != 0
		default:
			return false
		}
	}
	return freeAfter(w.text, g.end)
}

// freeAfter is freeBefore for the end.
func freeAfter(s string, i int) bool {
	if i >= len(s) {
		return true
	}
	switch c := s[i]; c {
	case '_', '*', '~', '@', '%':
		return false
	case '-':
		return i+1 == len(s) || isAlnum[s[i+1]] == 0 && s[i+1] != '_' && s[i+1] != '-'
	case '.':
		return i+1 == len(s) || isAlnum[s[i+1]] != 1
	default:
		return isAlnum[c] == 0
	}
}

// check asks the detectors whose shape is complete at n, with group first and group last.
func (w *Worker) check(n *node, first, last int) {
	c := &w.cand
	c.Start, c.End = w.groups[first].start, w.groups[last].end
	ends := n.ends
	var ctx *set
	bare, alone := false, false
	if n.weak < len(ends) {
		ctx = w.contextNear(c.Start, c.End)
		// A row of digits scores so little by its check that what bareValue asks can be asked before it.
		alone = n.bare && w.alone(c.Start, c.End)
		bare = (n.line || alone) && w.stands(c.Start, c.End) && (last > first || w.groups[first].letter != 0 || w.mayBeBare(c.Start, c.End))
		if (ctx == nil || !ctx.meets(&n.words)) && !bare {
			ends = ends[:n.weak]
		}
	}
	if len(ends) == 0 {
		return
	}
	c.Text, c.Sep = w.text, 0
	if last > first {
		c.Sep = w.groups[first+1].sep
	}
	if ctx != nil && ctx.meets(&n.named) {
		bare = false // the words name something of this form: it is that or nothing
	}
	w.shape = n
	w.compact(first, last)
	for k := range ends {
		e := &ends[k]
		if k >= n.weak && !(bare && (e.line || alone && e.bare)) && (ctx == nil || !ctx.has(e.detector)) {
			continue
		}
		c.detector = e.detector
		score := 0.5
		if e.check != nil {
			score = e.check(c)
		}
		if score > 0 {
			w.report(e.detector, c.Start, c.End, score)
		}
	}
	w.shape = nil
}

// compact writes the groups' letters and digits into the candidate's value.
func (w *Worker) compact(first, last int) {
	v := w.value[:0]
	for i := first; i <= last; i++ {
		for _, b := range []byte(w.text[w.groups[i].start:w.groups[i].end]) {
			if b >= 'a' && b <= 'z' {
				b -= 32
			}
			v = append(v, b)
		}
	}
	w.value = v
	w.cand.Value = v
}
