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
		if l.flags&fName != 0 && i > 0 && lex[i-1].flags&(fPrep|fNoun|fWho) != 0 && e.phraseEnds(i) {
			e.take(i)
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

// phraseEnds tells that lexeme i is the last word of its phrase: a stop, a preposition, a verb such
// as "is" follows, or nothing.
func (e *engine) phraseEnds(i int) bool {
	return e.bounded(i) || e.lex[i+1].kind == kWord && e.lex[i+1].flags&fClosed != 0
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
	// In capitals, the two words that begin a statement are enough; in lower case they are English
	// as well, so a third one must follow.
	found := false
	for k := i + 1; k < len(e.lex) && k < i+64; k++ {
		w := e.text(&e.lex[k])
		switch {
		case !found:
			found = equalFold(second, w) && shout(w) == shout(t)
			if found && shout(t) {
				return true
			}
		case sqlThird(w):
			return true
		}
	}
	return false
}

func sqlThird(w string) bool {
	switch w {
	case "where", "limit", "join", "values", "group", "order", "select":
		return true
	}
	return false
}
