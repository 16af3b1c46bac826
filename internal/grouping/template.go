package grouping

import "sync"

const (
	// maxInput bounds the text that is looked at, in bytes.
	maxInput = 16 << 10
	// maxOutput bounds a template, in bytes. The cut is made in the output, after values have been
	// replaced, so that a redacted and a raw message are cut at the same word.
	maxOutput = 512
	// maxLines bounds the lines that count: what follows is a dump more often than a message.
	maxLines = 3
	// Any is what a template shows in place of a value.
	Any = "<*>"
)

// Template returns the constant part of a log message, with every value replaced by [Any].
//
// It is a pure function of the message: nothing is learned, so the same line has the same template
// on every replica and after every restart. All kinds of values share one placeholder, because a
// value may arrive raw, as a token of redaction ("[EMAIL]", "[EMAIL:k1:9f2c41d0]",
// "[CARD:****4242]") or masked ("****"), and a mask no longer tells what it hides.
// At most the first three lines that are not empty count, and at most 512 bytes are returned.
func Template(msg string) string { return renderString(msg, modeTemplate) }

func renderString(msg string, m mode) string {
	if msg == "" {
		return ""
	}
	e := load(msg)
	out := string(e.render(m))
	e.release()
	return out
}

type mode uint8

const (
	modeTemplate mode = iota
	// modeReadable is for people: the first line that is not empty, and placeholders that name the kind of value, as in
	// "user <str> from <ip> port <num>".
	modeReadable
	// modeSkeleton is the first line with none but the words that logs are made of. It tells apart messages that one function
	// throws, and survives values that are plain words, such as names.
	modeSkeleton
)

// engine holds the buffers of one run; engines are pooled, a run allocates nothing but its result.
type engine struct {
	s    string
	lex  []lexeme
	out  []byte
	ends []int // end of each value in out, for folding
	mode mode

	// noClose remembers, by quote character, that no closing quote follows any more.
	noClose [128]bool
	anyOpen bool
	lines   int // that are not empty
	first   int // lexemes of the first of them
	splits  int
	prose   []prose
	secret  bool // a key whose value is a secret was seen
}

var enginePool = sync.Pool{New: func() any {
	return &engine{lex: make([]lexeme, 0, 128), out: make([]byte, 0, maxOutput+64), ends: make([]int, 0, 64)}
}}

// load reads a message. The engine must be released.
func load(msg string) *engine {
	if len(msg) > maxInput {
		msg = msg[:maxInput]
	}
	e := enginePool.Get().(*engine)
	e.s = msg
	e.lex, e.prose, e.lines, e.secret = e.lex[:0], e.prose[:0], 0, false
	if e.anyOpen {
		e.noClose, e.anyOpen = [128]bool{}, false
	}
	e.scan()
	if e.lines == 0 {
		e.first = len(e.lex)
	}
	e.context()
	if len(e.prose) > 0 {
		e.keepProse()
	}
	return e
}

// render writes the message in one of its forms; the result is valid until the next call. The
// skeleton must be the last form asked for: it changes what was read.
func (e *engine) render(m mode) []byte {
	e.mode, e.out, e.ends = m, e.out[:0], e.ends[:0]
	switch m {
	case modeSkeleton:
		e.strip()
		e.emit(e.lex[:e.first])
	case modeReadable:
		e.emit(e.lex[:e.first])
	default:
		e.emit(e.lex)
	}
	return e.out
}

func (e *engine) release() {
	e.s = ""
	if cap(e.lex) <= maxInput {
		enginePool.Put(e)
	}
}

// kind tells what a lexeme is.
type kind uint8

const (
	kWord  kind = iota // constant text
	kValue             // something that differs from line to line
	kPunct             // one character, or a run of equal ones
	kSkip              // swallowed by a neighbour
	kEmpty             // a value that is not there, as in "ruser= rhost=x"
)

// lexeme is a piece of the message.
type lexeme struct {
	start, end int32
	kind       kind
	class      class     // of a value
	space      bool      // blanks stand before it
	quoted     bool      // a word that stood in quotes: a key of JSON
	flags      wordFlags // of a word
}

func (e *engine) text(l *lexeme) string { return e.s[l.start:l.end] }

func (e *engine) add(start, end int, k kind, space bool) *lexeme {
	e.lex = append(e.lex, lexeme{start: int32(start), end: int32(end), kind: k, space: space})
	return &e.lex[len(e.lex)-1]
}
