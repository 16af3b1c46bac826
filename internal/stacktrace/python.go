package stacktrace

import "strings"

// Python prints caller first, and of a chain the root cause first
// (https://docs.python.org/3/library/traceback.html). Exception groups stand behind a margin of
// "|" and "+" that grows with the nesting; markers of "^" and "~" and source lines stand between
// the frames.

const (
	pyHeader      = "Traceback (most recent call last):"
	pyGroupHeader = "Exception Group Traceback (most recent call last):"
	pyCause       = "The above exception was the direct cause of the following exception:"
	pyContext     = "During handling of the above exception, another exception occurred:"
)

// pyNode is an exception while the order is still that of the text.
type pyNode struct {
	exception Exception
	previous  int // the exception printed above it in the same chain; -1
	relation  Relation
	member    int // last exception of the first member's chain; -1
	sibling   int // last exception of the next member's chain; -1
}

type pyParser struct {
	*scanner
	nodes []pyNode
	end   int
	begin int
}

var python = dialect{parse: parsePython, library: pythonLibrary}

func parsePython(s *scanner) bool {
	var few [4]pyNode
	p := pyParser{scanner: s, nodes: few[:0], begin: -1}
	last := p.chain(-1, 0)
	if last < 0 {
		return false
	}
	s.trace.Exceptions = make([]Exception, 0, len(p.nodes))
	p.emit(last, Outermost, -1, 0)
	s.trace.Start, s.trace.End = p.begin, p.end
	for i := range s.trace.Exceptions {
		if s.trace.Exceptions[i].Frames != nil {
			return true
		}
	}
	return false
}

// emit writes the chain that ends with node: the exception, its members, what it came from.
func (p *pyParser) emit(node int, relation Relation, parent, depth int) {
	n := p.nodes[node]
	n.exception.Relation, n.exception.Parent = relation, parent
	at := p.exception(n.exception)
	if at < 0 || depth > 64 {
		return
	}
	for m := n.member; m >= 0; m = p.nodes[m].sibling {
		p.emit(m, Member, at, depth+1)
	}
	if n.previous >= 0 {
		p.emit(n.previous, n.relation, at, depth+1)
	}
}

// chain reads the exceptions of one chain at a margin (-1: any, until one is found) and returns the
// last of them, which is the outermost; -1 when there is none.
func (p *pyParser) chain(column, depth int) int {
	last, relation := -1, Cause
	chained := column > 0
	for {
		node := p.block(column, chained)
		if node < 0 {
			return last
		}
		if column < 0 {
			column = 0
		}
		p.nodes[node].previous, p.nodes[node].relation = last, relation
		last = node
		if len(p.nodes) > 4*p.limits.Exceptions {
			p.trace.Truncated = true
			return last
		}
		// Members of a group.
		tail := -1
		for depth < 32 {
			line, ok := p.peek()
			if !ok {
				break
			}
			text, at := pyMargin(line)
			if isMember, isLast := pySeparator(text); !isMember && !isLast || at <= column && tail < 0 && column > 0 {
				break
			} else if at < column {
				break
			} else if isLast {
				p.next()
				p.end = p.scanner.end()
				break
			}
			if column > 0 && at == column {
				break // the next member of the group that holds this one
			}
			p.next()
			m := p.chain(at, depth+1)
			if m < 0 {
				break
			}
			if tail < 0 {
				p.nodes[last].member = m
			} else {
				p.nodes[tail].sibling = m
			}
			tail = m
		}
		if relation = p.wording(column); relation == Outermost {
			return last
		}
		chained = true
	}
}

// wording reads the sentence between two exceptions of a chain; Outermost when the chain ends here.
func (p *pyParser) wording(column int) Relation {
	pos, start := p.pos, p.start
	for range 4 {
		line, ok := p.next()
		if !ok {
			break
		}
		text, at := pyMargin(line)
		text = trim(text)
		if column > 0 && at != column {
			break
		}
		switch {
		case text == "":
			continue
		case strings.HasSuffix(text, pyCause):
			return Cause
		case strings.HasSuffix(text, pyContext):
			return Context
		}
		break
	}
	p.pos, p.start = pos, start
	return Outermost
}

// block reads one traceback with its exception line. In a chain nothing but blank lines may stand
// before it.
func (p *pyParser) block(column int, chained bool) int {
	head := -1 // indentation of the header
	mark := len(p.arena)
	for {
		line, ok := p.next()
		if !ok {
			return -1
		}
		text, at := pyMargin(line)
		if column > 0 && at != column {
			p.back()
			return -1
		}
		body := trim(text)
		if i := strings.Index(body, pyHeader); i >= 0 && (i == 0 || !chained) {
			head = indent(text)
			if column < 0 && p.begin < 0 {
				p.begin = p.start + max(strings.Index(line, pyHeader), 0)
				if j := strings.Index(line, pyGroupHeader); j >= 0 {
					p.begin = p.start + j
				}
			}
			break
		}
		if strings.HasPrefix(body, pyGroupHeader) {
			head = indent(text)
			break
		}
		if _, ok := pyFrame(body); ok {
			// The header was cut off, or it is a syntax error, which has none of its own.
			if p.begin < 0 {
				p.begin = p.start
			}
			p.back()
			head = max(indent(text)-2, 0)
			break
		}
		if chained {
			if body == "" {
				continue
			}
			if column > 0 && pyExceptionLine(body) {
				p.back() // a member that was never raised has no traceback
				break
			}
			p.back()
			return -1
		}
	}
	p.grow(2)
	return p.frames(column, head, mark)
}

func (p *pyParser) frames(column, head, mark int) int {
	n := pyNode{previous: -1, member: -1, sibling: -1}
	flat := false // frames are not indented below the header
	source := 0   // source lines seen since the last frame
	p.end = p.scanner.end()
	for {
		line, ok := p.next()
		if !ok {
			break
		}
		text, at := pyMargin(line)
		if column > 0 && at != column || column <= 0 && at > 0 && p.groupLine(line) {
			p.back()
			break
		}
		body := trim(text)
		if f, ok := pyFrame(body); ok {
			flat = flat || indent(text) <= head
			if !p.frame(f) {
				continue
			}
			source = 0
			p.end = p.scanner.end()
			continue
		}
		if body == "" {
			if source == 0 && len(p.arena) > mark {
				source = 1 // an empty source line
				continue
			}
			break
		}
		if pyMarker(body) {
			p.end = p.scanner.end()
			continue
		}
		if flat && source == 0 && !pyCertain(body) || !flat && head >= 0 && indent(text) > head {
			source++
			if head >= 0 && !flat && source > 40 {
				break
			}
			p.end = p.scanner.end()
			continue
		}
		if pyExceptionLine(body) || !flat && len(p.arena) > mark && !startsRecord(body) && !strings.Contains(body, pyHeader) {
			n.exception = p.exceptionLine(text, column)
			if last := len(p.arena) - 1; last > mark && p.arena[last].Function == "" {
				// A syntax error prints the place of the mistake like a frame; it is none.
				p.arena = p.arena[:last]
			}
			n.exception.Frames = p.framesFrom(mark)
			reverse(n.exception.Frames)
			p.nodes = append(p.nodes, n)
			return len(p.nodes) - 1
		}
		p.back()
		break
	}
	// Cut off before the exception line.
	if len(p.arena) == mark {
		return -1
	}
	n.exception.Frames = p.framesFrom(mark)
	reverse(n.exception.Frames)
	p.nodes = append(p.nodes, n)
	return len(p.nodes) - 1
}

func (p *pyParser) groupLine(line string) bool {
	text, _ := pyMargin(line)
	member, last := pySeparator(text)
	return member || last
}

// exceptionLine takes "type: message" apart and reads on while the message has more lines.
func (p *pyParser) exceptionLine(text string, column int) Exception {
	text = trim(text)
	e := Exception{Type: text}
	first := ""
	if i := strings.Index(text, ": "); i > 0 && !strings.ContainsAny(text[:i], " \t") {
		e.Type, first = text[:i], text[i+2:]
	} else if text[len(text)-1] == ':' {
		e.Type = text[:len(text)-1]
	}
	if i := strings.LastIndexByte(e.Type, '.'); i > 0 {
		e.Module = e.Type[:i]
	}
	p.end = p.scanner.end()
	last := first
	for {
		line, ok := p.next()
		if !ok {
			break
		}
		text, at := pyMargin(line)
		body := trim(text)
		if column > 0 && at != column {
			p.back()
			break
		}
		if member, closing := pySeparator(body); member || closing {
			p.back()
			break
		}
		if body == "" {
			continue
		}
		if strings.HasSuffix(body, pyCause) || strings.HasSuffix(body, pyContext) || strings.Contains(body, pyHeader) || startsRecord(body) {
			p.back()
			break
		}
		if first == "" {
			first = trimRight(text)
		}
		last = trimRight(text)
		p.end = p.scanner.end()
	}
	e.Message = first
	if column <= 0 {
		e.Message = join(p.text, first, last)
	}
	if strings.HasSuffix(e.Message, "\r") {
		e.Message = trimRight(e.Message)
	}
	return e
}

func pythonLibrary(f *Frame, _ []Frame) bool {
	file := f.File
	if file == "" || file[0] == '<' {
		// Code without a file: frozen modules and generated methods, but also "<stdin>" and "<string>".
		return file == "" || file != "<stdin>" && file != "<string>" && !strings.HasPrefix(file, "<ipython") || file == "<string>" && f.Function != "<module>"
	}
	if strings.Contains(file, "-packages") || strings.HasSuffix(file, ".pyx") {
		return true // site-packages, dist-packages; compiled by Cython
	}
	if i := strings.Index(file, "ython"); i > 0 {
		// /usr/lib/python3.11/, /usr/lib64/python3.9/, lib-python of PyPy, C:\Python311\Lib\
		rest := file[i+len("ython"):]
		if file[i-1] == 'p' && strings.Contains(file[:i], "/lib") && (rest != "" && isDigit(rest[0]) || strings.HasSuffix(file[:i], "-p")) {
			return true
		}
		if strings.Contains(rest, `\Lib\`) || strings.Contains(rest, `\lib\`) || strings.HasPrefix(file, "/opt/python/") {
			return true
		}
	}
	if strings.IndexByte(file, '\\') >= 0 && strings.Contains(file, "conda") {
		return strings.Contains(file, `\lib\`) || strings.Contains(file, `\Lib\`)
	}
	return strings.HasPrefix(file, "/var/runtime/") || strings.HasPrefix(file, "/var/lang/")
}
