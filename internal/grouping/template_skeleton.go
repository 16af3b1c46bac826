package grouping

// strip makes values of the words that are none of the vocabulary, and of SQL statements.
func (e *engine) strip() {
	lex := e.lex[:e.first]
	for i := range lex {
		l := &lex[i]
		if l.kind != kWord || l.quoted {
			continue
		}
		t := e.text(l)
		if e.sql(i, t) {
			l.kind, l.class = kValue, clsStr
			for k := i + 1; k < len(lex); k++ {
				lex[k].kind = kSkip
			}
			return
		}
		if capital(t) && plain(t) && i > 0 && l.space && e.inSentence(i-1) {
			e.take(i) // a name in the middle of a sentence
			continue
		}
		if known(t, l.flags) || i > 0 && lex[i-1].flags&(fIdent|fFixed) != 0 || errno(t) {
			continue
		}
		if plain(t) || shout(t) {
			e.take(i)
		}
	}
}

// inSentence tells that what follows lexeme i does not begin a sentence.
func (e *engine) inSentence(i int) bool {
	switch l := &e.lex[i]; l.kind {
	case kWord:
		return lower(e.text(l))
	case kValue:
		return l.class == clsStr
	case kPunct:
		return e.s[l.start] == ','
	}
	return false
}

// errno tells the names of system errors: "ECONNREFUSED", "ERR_INVALID_ARG".
func errno(t string) bool {
	return len(t) >= 5 && t[0] == 'E' && upperConstant(t)
}

// sql tells that a statement begins at lexeme i.
func (e *engine) sql(i int, t string) bool {
	var second string
	switch {
	case equalFold("select", t), equalFold("delete", t):
		second = "from"
	case equalFold("insert", t), equalFold("merge", t), equalFold("replace", t):
		second = "into"
	case equalFold("update", t):
		second = "set"
	case equalFold("with", t):
		second = "as"
	default:
		return false
	}
	if !shout(t) {
		return false
	}
	for k := i + 1; k < len(e.lex) && k < i+64; k++ {
		if w := e.text(&e.lex[k]); equalFold(second, w) && shout(w) {
			return true
		}
	}
	return false
}
