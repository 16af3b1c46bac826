package grouping

// secrets takes the values of keys such as "token" first, up to the next blank or comma: redaction
// takes them like that, brackets and all, so no bracket of theirs may count later.
func (e *engine) secrets() {
	lex := e.lex
	for i := 1; i+1 < len(lex); i++ {
		if lex[i].kind != kPunct || e.s[lex[i].start] != '=' || lex[i-1].flags&fSecret == 0 || lex[i-1].kind != kWord {
			continue
		}
		j := i + 1
		if lex[j].kind == kPunct && closing(e.s[lex[j].start]) == 0 {
			continue
		}
		if j+1 < len(lex) && lex[j].kind == kWord && lex[j].space && lex[j+1].kind == kPunct && e.s[lex[j+1].start] == '=' {
			continue // the next key
		}
		lex[j].kind, lex[j].class = kValue, clsSecret
		for k := j + 1; k < len(lex) && !lex[k].space; k++ {
			if c := e.s[lex[k].start]; lex[k].kind == kPunct && (c == ',' || c == ';' || c == ')' || c == ']' || c == '}') {
				break
			}
			lex[k].kind = kSkip
		}
	}
}

// assignment handles "key=value"; i is the "=".
func (e *engine) assignment(i int) {
	lex := e.lex
	if i == 0 || lex[i].kind == kSkip || lex[i-1].kind == kPunct && e.s[lex[i-1].start] != ']' && e.s[lex[i-1].start] != ')' {
		return // "==", "!=", "<="
	}
	j := i + 1
	if j < len(lex) && lex[j].kind == kPunct && !lex[j].space && (e.s[lex[j].start] == '=' || e.s[lex[j].start] == '>') {
		if lex[i-1].kind == kValue && !lex[i].space && (j+1 >= len(lex) || lex[j+1].space || lex[j+1].kind != kWord) {
			lex[i].kind, lex[j].kind = kSkip, kSkip // padding
		}
		return // "==", "=>"
	}
	if lex[i-1].kind == kValue && !lex[i].space {
		// Inside a token, or the padding of base64.
		lex[i].kind = kSkip
		if j < len(lex) && lex[j].kind == kWord && !lex[j].space {
			e.take(j)
		}
		return
	}
	text := lex[i-1].kind == kWord && lex[i-1].flags&fText != 0
	if e.missing(j, lex[i].space) {
		lex[i].class = clsStr // emit writes a value behind it
		lex[i].flags |= fVocab
		return
	}
	if text {
		return
	}
	e.literal(j)
}

// missing tells that nothing stands behind the "=": the next key follows, or the end.
func (e *engine) missing(j int, loose bool) bool {
	lex := e.lex
	if j >= len(lex) {
		return true
	}
	n := &lex[j]
	if n.kind == kPunct {
		c := e.s[n.start]
		return c == ',' || c == ';' || c == ')' || c == '}' || c == ']'
	}
	if !n.space || loose || j+1 >= len(lex) {
		return false
	}
	m := &lex[j+1]
	return n.kind == kWord && m.kind == kPunct && e.s[m.start] == '=' && !m.space
}

// literal makes one value of what stands at j: a word, or an object with its brackets.
func (e *engine) literal(j int) {
	lex := e.lex
	if j >= len(lex) {
		return
	}
	open := j
	if lex[j].kind == kWord {
		e.take(j)
		open = j + 1
	} else if lex[j].kind == kValue {
		open = j + 1
	}
	if open >= len(lex) || lex[open].kind != kPunct || open > j && lex[open].space {
		return
	}
	closer := closing(e.s[lex[open].start])
	if closer == 0 || open == j && (closer == '}' || closer == ')') {
		return
	}
	depth := 0
	for k := open; k < len(lex) && k < open+96; k++ {
		if lex[k].kind != kPunct {
			continue
		}
		switch e.s[lex[k].start] {
		case e.s[lex[open].start]:
			depth++
		case closer:
			if depth--; depth == 0 {
				lex[j].kind, lex[j].class = kValue, clsStr
				for m := j + 1; m <= k; m++ {
					lex[m].kind = kSkip
				}
				return
			}
		}
	}
}

func closing(c byte) byte {
	switch c {
	case '(':
		return ')'
	case '[':
		return ']'
	case '{':
		return '}'
	case '<':
		return '>'
	}
	return 0
}
