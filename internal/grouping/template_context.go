package grouping

import "strings"

// context decides, by the words around them, which words are values.
func (e *engine) context() {
	lex := e.lex
	if e.secret {
		e.secrets()
	}
	for i := range lex {
		l := &lex[i]
		switch l.kind {
		case kPunct:
			if e.s[l.start] == '=' && l.end == l.start+1 {
				e.assignment(i)
			} else if e.s[l.start] == '%' && i > 0 && lex[i-1].kind == kValue {
				l.kind = kSkip // "75 %"
			} else if e.s[l.start] == ':' && i > 0 && lex[i-1].quoted && lex[i-1].flags&fText == 0 {
				e.literal(i + 1)
			} else if e.s[l.start] == '(' && l.space && i+1 < len(lex) && lex[i+1].kind == kPunct && e.s[lex[i+1].start] == ')' {
				l.flags = fVocab // nothing where a value may be: "1.2.3.4 ()"
			}
		case kWord:
			if l.flags != 0 {
				e.announce(i)
			}
		}
	}
}

// announce handles the words that say something about their neighbours.
func (e *engine) announce(i int) {
	lex := e.lex
	l := &lex[i]
	f := l.flags
	if f&fUnit != 0 && i > 0 && lex[i-1].kind == kValue && lex[i-1].class == clsNum {
		l.kind = kSkip
		e.restated(i)
		return
	}
	if f&(fMonth|fZone) != 0 && e.datePart(i) {
		return
	}
	if f&fExt != 0 && i > 0 && lex[i-1].kind == kValue && lex[i-1].class == clsNum {
		k := i + 1
		if k < len(lex) && lex[k].kind == kPunct && (e.s[lex[k].start] == ':' || e.s[lex[k].start] == '.') {
			k++
		}
		if k < len(lex) && lex[k].kind == kValue {
			l.kind = kSkip // an extension of a telephone number
		}
		return
	}
	if f&fFixed != 0 && i+1 < len(lex) && lex[i+1].kind == kValue && lex[i+1].space && lex[i+1].end-lex[i+1].start <= 2 && lex[i+1].class == clsNum {
		lex[i+1].kind = kWord
		return
	}
	if f&fScheme != 0 && i+1 < len(lex) && lex[i+1].kind == kValue && lex[i+1].end-lex[i+1].start >= 4 {
		l.kind = kSkip
		lex[i+1].space = lex[i+1].space && l.space
		return
	}
	if f&(fPrep|fNoun|fWho|fSecret) == 0 {
		return
	}
	j := i + 1
	colon := false
	if j < len(lex) && lex[j].kind == kPunct && f&(fNoun|fWho|fSecret) != 0 && e.s[lex[j].start] == ':' && lex[j].end == lex[j].start+1 {
		colon = true
		j++
	}
	if j >= len(lex) || lex[j].kind != kWord || !lex[j].space && !colon || lex[j].quoted {
		return
	}
	if f&fPrep != 0 && e.fromTo(i, j) {
		return
	}
	w := &lex[j]
	if f&fPrep != 0 && e.instance(j) || e.isCallOrKey(j) {
		return
	}
	switch {
	case f&fSecret != 0 && colon:
		e.take(j)
	case f&fWho != 0:
		if w.flags&fClosed != 0 || participle(e.text(w)) {
			return
		}
		if !known(e.text(w), w.flags) || w.flags&fCompound == 0 && e.bounded(j) || compound(e.text(w)) {
			e.takeName(j)
		}
	case f&fNoun != 0 || f&fSecret != 0:
		// Identifiers such as "WindowsUpdateAgent" and states such as "DOWN" come from a small set.
		if t := e.text(w); (f&fSecret != 0 || plain(t)) && (!known(t, w.flags) || compound(t)) {
			e.takeName(j)
		}
	default:
		e.name(j)
	}
}

// take makes a word a value.
func (e *engine) take(j int) {
	l := &e.lex[j]
	l.kind, l.class = kValue, clsStr
}

// takeName makes a word a value, and the rest of a name of several words with it: "Ana Lima".
func (e *engine) takeName(j int) {
	first := capital(e.text(&e.lex[j]))
	e.take(j)
	for j++; first && j < len(e.lex); j++ {
		l := &e.lex[j]
		t := e.text(l)
		if l.kind != kWord || !l.space || !capital(t) || !plain(t) || known(t, l.flags) {
			return
		}
		e.take(j)
	}
}

// name takes the word behind a preposition when it cannot be one of the vocabulary and does not
// look like an identifier of the program; a name of several parts is taken whole.
func (e *engine) name(j int) {
	lex := e.lex
	end, unknown := j, false
	for end < len(lex) && lex[end].kind == kWord && lex[end].space && !lex[end].quoted && end-j < 3 {
		t := e.text(&lex[end])
		if !plain(t) {
			break
		}
		k := known(t, lex[end].flags)
		if end == j && !k && !capital(t) {
			unknown, end = true, end+1
			break
		}
		if !capital(t) {
			break
		}
		unknown = unknown || !k
		end++
	}
	if !unknown || end < len(lex) && e.isCallOrKey(end-1) {
		return
	}
	for ; j < end; j++ {
		e.take(j)
	}
}

// compound tells names put together of words, such as "order-events" and "root_domain"; not
// "non-blocking" or "read-only".
func compound(t string) bool {
	i := strings.IndexAny(t, "-_")
	if i <= 0 || i+1 >= len(t) || prefix(t[:i]) {
		return false
	}
	switch t[i+1:] {
	case "only", "up", "in", "out", "off", "on", "down", "level", "side", "wide", "specific", "free", "safe", "based", "time":
		return false
	}
	return true
}

// instance takes a name with its number in brackets behind a preposition: "to LOCAL(0)".
func (e *engine) instance(j int) bool {
	lex := e.lex
	if j+3 >= len(lex) || lex[j+1].kind != kPunct || lex[j+1].space || e.s[lex[j+1].start] != '(' ||
		lex[j+2].kind != kValue || lex[j+2].class != clsNum || lex[j+3].kind != kPunct || e.s[lex[j+3].start] != ')' {
		return false
	}
	e.take(j)
	for k := j + 1; k <= j+3; k++ {
		lex[k].kind = kSkip
	}
	return true
}

// plain tells a word in lower case, or one with a capital at its start only: "kermit", "Pune",
// "my-queue"; not "BlockManager" or "NULL".
func plain(t string) bool {
	for i := 1; i < len(t); i++ {
		if classes[t[i]]&cUpper != 0 && t[i-1] != '-' {
			return false
		}
		if c := t[i]; c == '(' || c == '$' || c == '%' || c == '/' || c == ':' {
			return false
		}
	}
	return len(t) > 1
}

// participle tells "expired", "changing": what happens to a user, not the name of one.
func participle(t string) bool {
	n := len(t)
	return n > 5 && (t[n-2:] == "ed" || t[n-3:] == "ing") && stemmed(t)
}

func capital(t string) bool { return classes[t[0]]&cUpper != 0 }

// isCallOrKey tells that "(", "=" or "::" follows directly.
func (e *engine) isCallOrKey(j int) bool {
	if j+1 >= len(e.lex) {
		return false
	}
	n := &e.lex[j+1]
	if n.kind != kPunct {
		return false
	}
	c := e.s[n.start]
	return c == '(' && !n.space || c == '=' || c == ':' && n.end-n.start == 2
}

// bounded tells that the phrase ends behind lexeme j: a preposition, a value or a stop follows.
func (e *engine) bounded(j int) bool {
	if j+1 >= len(e.lex) {
		return true
	}
	n := &e.lex[j+1]
	switch n.kind {
	case kValue:
		return true
	case kPunct:
		c := e.s[n.start]
		return c == ',' || c == ';' || c == ')' || c == '['
	case kWord:
		return n.flags&fPrep != 0
	}
	return false
}

// fromTo handles "from X to Y": X and Y are names when neither is a word of the vocabulary, or when a
// change was announced. States in capitals come from a small set and stay.
func (e *engine) fromTo(i, j int) bool {
	lex := e.lex
	if j+2 >= len(lex) || !equalFold("from", e.text(&lex[i])) || lex[j+1].kind != kWord || !equalFold("to", e.text(&lex[j+1])) || lex[j+2].kind != kWord {
		return false
	}
	x, y := &lex[j], &lex[j+2]
	if x.flags&(fClosed|fNoun) != 0 && lower(e.text(x)) || y.flags&fClosed != 0 && lower(e.text(y)) {
		return false
	}
	ok := !known(e.text(x), x.flags) && !known(e.text(y), y.flags)
	for k := i - 1; k >= 0 && k >= i-3 && !ok; k-- {
		ok = lex[k].flags&fChange != 0
	}
	if ok && plain(e.text(x)) && plain(e.text(y)) {
		e.take(j)
		e.take(j + 2)
		return true
	}
	return false
}

func lower(t string) bool { return len(t) > 0 && classes[t[0]]&cLower != 0 }

func shout(t string) bool { return len(t) > 1 && upperConstant(t) }

// restated swallows a size that is said again in brackets: "2048 bytes (2.0 KB)". i is the unit.
func (e *engine) restated(i int) {
	lex := e.lex
	k := i + 1
	if k+2 >= len(lex) || lex[k].kind != kPunct || e.s[lex[k].start] != '(' || lex[k+1].kind != kValue || lex[k+1].class != clsNum {
		return
	}
	m := k + 2
	if lex[m].kind == kWord && lex[m].flags&fUnit != 0 {
		m++
	}
	if m >= len(lex) || lex[m].kind != kPunct || e.s[lex[m].start] != ')' || m == k+2 && !unitAttached(e.text(&lex[k+1])) {
		return
	}
	for ; k <= m; k++ {
		lex[k].kind = kSkip
	}
}

func unitAttached(t string) bool {
	i := len(t)
	for i > 0 && classes[t[i-1]]&cLetter != 0 {
		i--
	}
	return i < len(t) && lookup(t[i:])&fUnit != 0
}

// datePart takes the names of months and days beside a number, and time zones behind a time.
func (e *engine) datePart(i int) bool {
	lex := e.lex
	l := &lex[i]
	t := e.text(l)
	before := i > 0 && (lex[i-1].kind == kValue || lex[i-1].kind == kSkip && lex[i-1].flags&(fMonth|fZone) != 0)
	if l.flags&fZone != 0 {
		if !before || lower(t) || lex[i-1].class != clsTime && lex[i-1].class != clsNum {
			return false
		}
		l.kind = kSkip
		return true
	}
	if !capital(t) {
		return false
	}
	k := i + 1
	if k < len(lex) && lex[k].kind == kPunct && e.s[lex[k].start] == ',' {
		k++
	}
	after := k < len(lex) && (lex[k].kind == kValue && lex[k].class <= clsTime || lex[k].kind == kWord && lex[k].flags&fMonth != 0 && capital(e.text(&lex[k])))
	if !after && !(before && lex[i-1].class == clsNum) {
		return false
	}
	l.kind, l.class = kValue, clsTime
	return true
}
