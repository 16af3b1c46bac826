package sentryproto

import (
	"errors"
	"math"
	"unsafe"
)

// Kind is the type of a JSON value.
type Kind uint8

// The kinds. Missing is the kind of a value that is not there.
const (
	Missing Kind = iota
	Null
	False
	True
	Number
	String
	Array
	Object
)

// Bounds of one JSON text.
const (
	maxDepth = 100     // Relay gives up at 128 levels of nesting
	maxNodes = 1 << 20 // values and keys: 16 MiB of bookkeeping
)

// Errors of the JSON reader.
var (
	ErrJSON      = errors.New("invalid JSON")
	ErrJSONDepth = errors.New("JSON is nested too deeply")
	ErrJSONNodes = errors.New("JSON has too many values")
)

// node is a value or a key. Containers hold the index of the node behind them in next, so that a
// reader can step over them.
type node struct {
	start, end uint32 // of a string: without its quotes
	next       uint32
	kind       Kind
	flags      uint8
}

const (
	escaped  = 1 << iota // has a backslash
	nonASCII             // has a byte above 127
)

// Parser reads JSON into a flat list of nodes that refer to the text. It can be used again, which
// makes the values of the text before invalid; the strings stay valid.
type Parser struct {
	src   string
	nodes []node
	marks []uint64 // see mark
	lax   bool     // the text has something that JSON does not have
	wide  bool     // it has bytes above 127
}

// ParseJSON reads one JSON text. See [Parser.Parse].
func ParseJSON(data []byte) (Value, error) { return new(Parser).Parse(data) }

// Parse reads one JSON text, which must not be changed afterwards: strings point into it. NaN and
// Infinity, which some SDKs send, are read as null.
func (p *Parser) Parse(data []byte) (Value, error) {
	return p.ParseText(unsafe.String(unsafe.SliceData(data), len(data)))
}

// ParseText is [Parser.Parse] for a string.
func (p *Parser) ParseText(text string) (Value, error) {
	if len(text) > math.MaxUint32-1 {
		return Value{}, ErrJSON
	}
	p.src, p.lax, p.wide = text, false, false
	if p.nodes = p.nodes[:0]; p.nodes == nil {
		p.nodes = make([]node, 0, min(16+len(text)/16, 1024))
	}
	p.marks = mark(p.marks, text)
	if err := p.scan(); err != nil {
		return Value{}, err
	}
	return Value{p, 0}, nil
}

// Forget lets go of the text, so that a parser that waits for its next use does not keep it alive.
// Its lists are kept unless they have grown far beyond what one event needs.
func (p *Parser) Forget() {
	p.src = ""
	if cap(p.nodes) > 1<<16 {
		p.nodes = nil
	}
	if cap(p.marks) > 1<<14 { // of a MiB of text
		p.marks = nil
	}
}

// Len is the number of values and keys of the text that was parsed.
func (p *Parser) Len() int { return len(p.nodes) }

// scan is a loop rather than a recursion: the stack of open containers is bounded by maxDepth. The nodes
// are a local variable and the usual string, one without escapes, is read in place: that is most of the work.
func (p *Parser) scan() error {
	src, marks, nodes := p.src, p.marks, p.nodes
	var open [maxDepth]uint32 // nodes of the containers around
	depth, object, i := 0, false, 0
	for {
		// A value is expected here; in an object, its key comes first.
		if i < len(src) && src[i] <= ' ' {
			i = skipSpace(src, i)
		}
		if object {
			if i >= len(src) || src[i] != '"' {
				return ErrJSON
			}
			if end := marked(marks, i+1); end < len(src) && src[end] == '"' {
				nodes = append(nodes, node{start: uint32(i + 1), end: uint32(end), kind: String, next: uint32(len(nodes) + 1)})
				i = end + 1
			} else if n, next := p.str(i); next > 0 {
				n.next = uint32(len(nodes) + 1)
				nodes, i = append(nodes, n), next
			} else {
				return ErrJSON
			}
			if i >= len(src) || src[i] != ':' {
				if i = skipSpace(src, i); i >= len(src) || src[i] != ':' {
					return ErrJSON
				}
			}
			if i++; i < len(src) && src[i] <= ' ' {
				i = skipSpace(src, i)
			}
		}
		if i >= len(src) {
			return ErrJSON
		}
		if len(nodes) >= maxNodes {
			return ErrJSONNodes
		}
		switch c := src[i]; c {
		case '"':
			if end := marked(marks, i+1); end < len(src) && src[end] == '"' {
				nodes = append(nodes, node{start: uint32(i + 1), end: uint32(end), kind: String, next: uint32(len(nodes) + 1)})
				i = end + 1
			} else if n, next := p.str(i); next > 0 {
				n.next = uint32(len(nodes) + 1)
				nodes, i = append(nodes, n), next
			} else {
				return ErrJSON
			}
		case '{', '[':
			if depth >= maxDepth {
				return ErrJSONDepth
			}
			kind := Array
			if object = c == '{'; object {
				kind = Object
			}
			open[depth] = uint32(len(nodes))
			depth++
			nodes = append(nodes, node{start: uint32(i), kind: kind})
			if i = skipSpace(src, i+1); i >= len(src) || src[i] != c+2 { // ] and } stand two behind [ and {
				continue
			}
		default:
			kind, next := p.scalar(i)
			if next == 0 {
				return ErrJSON
			}
			nodes = append(nodes, node{start: uint32(i), end: uint32(next), kind: kind, next: uint32(len(nodes) + 1)})
			i = next
		}
		// Behind a value: close what ends here, then expect a comma, or the end of the text.
		for {
			if i < len(src) && src[i] <= ' ' {
				i = skipSpace(src, i)
			}
			if depth == 0 {
				if i != len(src) {
					return ErrJSON
				}
				p.nodes = nodes
				return nil
			}
			if i >= len(src) {
				return ErrJSON
			}
			c := src[i]
			i++
			if c == ',' {
				break
			}
			at := &nodes[open[depth-1]]
			if c != '}' && at.kind == Object || c != ']' && at.kind == Array {
				return ErrJSON
			}
			at.end, at.next = uint32(i), uint32(len(nodes))
			depth--
			object = depth > 0 && nodes[open[depth-1]].kind == Object
		}
	}
}

// scalar reads a number or a word and returns where it ends; 0 when it is none.
func (p *Parser) scalar(i int) (kind Kind, end int) {
	end = i
	for end < len(p.src) && !isDelimiter(p.src[end]) {
		end++
	}
	word := p.src[i:end]
	kind = Number
	switch word {
	case "null":
		kind = Null
	case "NaN", "Infinity", "-Infinity":
		kind, p.lax = Null, true
	case "true":
		kind = True
	case "false":
		kind = False
	default:
		if !isNumber(word) {
			return 0, 0
		}
	}
	return kind, end
}

func isDelimiter(c byte) bool {
	return c == ',' || c == '}' || c == ']' || c == ':' || c <= ' '
}

// isNumber follows the grammar of RFC 8259, section 6.
func isNumber(s string) bool {
	i := 0
	digits := func() bool {
		from := i
		for i < len(s) && s[i] >= '0' && s[i] <= '9' {
			i++
		}
		return i > from
	}
	if i < len(s) && s[i] == '-' {
		i++
	}
	zero := i < len(s) && s[i] == '0'
	from := i
	if !digits() || (zero && i-from > 1) {
		return false
	}
	if i < len(s) && s[i] == '.' {
		i++
		if !digits() {
			return false
		}
	}
	if i < len(s) && (s[i] == 'e' || s[i] == 'E') {
		i++
		if i < len(s) && (s[i] == '+' || s[i] == '-') {
			i++
		}
		if !digits() {
			return false
		}
	}
	return i == len(s)
}

func skipSpace(s string, i int) int {
	for i < len(s) && (s[i] == ' ' || s[i] == '\t' || s[i] == '\n' || s[i] == '\r') {
		i++
	}
	return i
}
