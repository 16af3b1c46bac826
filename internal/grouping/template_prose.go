package grouping

// prose is a text in quotes that was the value of a key such as "msg", as a range of lexemes.
type prose struct {
	start, end int
	message    bool // the key was that of the message itself
	label      bool // the key names a class of records: level, status
}

// maxProse bounds the texts of one record that count.
const maxProse = 4

func (e *engine) openProse() {
	n := len(e.lex)
	key := e.text(&e.lex[n-2])
	p := prose{start: n, end: -1, message: equalFold("msg", key) || equalFold("message", key), label: lookup(key)&fLabel != 0}
	e.prose = append(e.prose, p)
}

func (e *engine) closeProse() {
	if n := len(e.prose); n > 0 && e.prose[n-1].end < 0 {
		e.prose[n-1].end = len(e.lex)
	}
}

// keepProse reduces a record in JSON or logfmt to its message and the texts beside it, such as
// "err" and "level": which other keys a record has differs from one to the next.
func (e *engine) keepProse() {
	lex := e.lex
	json := len(lex) > 1 && lex[0].kind == kPunct && e.s[lex[0].start] == '{'
	logfmt := len(lex) > 1 && lex[1].kind == kPunct && e.s[lex[1].start] == '=' && !lex[1].space
	if !json && !logfmt {
		return
	}
	message := -1
	for i, p := range e.prose {
		if p.message && p.end > p.start {
			message = i
			break
		}
	}
	if message < 0 {
		return
	}
	from, next := 0, 0
	kept := 0
	skip := func(to int) {
		for ; from < to && from < len(lex); from++ {
			lex[from].kind = kSkip
		}
	}
	for next = range e.prose {
		p := e.prose[next]
		if p.end <= p.start || p.label || kept >= maxProse {
			continue
		}
		start := p.start
		if kept > 0 && next != message {
			start -= 2 // with its key, as "err="
		}
		skip(start)
		lex[start].space = true
		from = p.end
		kept++
	}
	skip(len(lex))
}
