package stacktrace

import "strings"

// .NET prints crash first, all heads of a chain above the frames of the innermost exception, and
// the frames of the others below it, each after "--- End of inner exception stack trace ---"
// (System.Exception.ToString). Mono adds offsets and prints the chain in one line.

type dotnetParser struct {
	*scanner
	open []int // exceptions whose frames are still to come, outermost first
	mark int
	head int // start of a head whose message may go on; -1
}

var dotnet = dialect{parse: parseDotNet, library: dotnetLibrary, clean: dotnetClean}

func parseDotNet(s *scanner) bool {
	var few [8]int
	p := dotnetParser{scanner: s, open: few[:0], head: -1}
	headStart, headEnd := -1, 0
	for {
		line, ok := s.next()
		if !ok {
			break
		}
		body := trim(line)
		if f, ok := dotnetFrame(body); ok {
			if len(s.trace.Exceptions) == 0 {
				s.grow(1)
				if headStart < 0 {
					s.trace.Start = s.start
					p.push(Exception{Parent: -1})
				} else {
					s.trace.Start = headStart
					p.heads(s.text[headStart:headEnd], Outermost, -1)
				}
			}
			p.head = -1
			if len(p.open) > 0 {
				s.frame(f)
			}
			s.trace.End = s.end()
			if strings.HasSuffix(body, "<---") {
				p.pop()
			}
			continue
		}
		if len(s.trace.Exceptions) == 0 {
			if strings.HasPrefix(body, "---> ") && headStart >= 0 {
				headEnd = s.end()
			} else if t := dotnetHead(body); t >= 0 && (headStart < 0 || startsRecord(body)) {
				headStart, headEnd = s.start+indent(line)+t, s.end()
			} else if headStart >= 0 && body != "" {
				headEnd = s.end()
			}
			continue
		}
		switch {
		case strings.HasPrefix(body, "---") && strings.HasSuffix(body, "---"):
			if strings.Contains(body, "inner") || strings.Contains(body, "intern") {
				p.pop()
			}
			s.trace.End = s.end()
		case strings.HasPrefix(body, "---> "):
			p.member(body)
		case strings.HasPrefix(body, "<---"):
			p.pop()
			s.trace.End = s.end()
		case body == "" || strings.HasPrefix(body, "(wrapper "):
		case p.head >= 0 && !startsRecord(body):
			last := &s.trace.Exceptions[len(s.trace.Exceptions)-1]
			p.head = min(p.head, s.end())
			last.Type, last.Message = dotnetTypeMessage(s.text[p.head:s.end()])
			s.trace.End = s.end()
		default:
			if len(p.open) == 0 || len(p.open) == 1 {
				p.finish()
				return len(s.arena) > 0
			}
		}
	}
	p.finish()
	return len(s.arena) > 0
}

// heads opens the chain "A: m ---> B: n", outermost first.
func (p *dotnetParser) heads(text string, relation Relation, parent int) {
	for {
		i := strings.Index(text, "---> ")
		one := text
		if i >= 0 {
			one = text[:i]
		}
		e := Exception{Relation: relation, Parent: parent}
		e.Type, e.Message = dotnetTypeMessage(one)
		at := p.push(e)
		if i < 0 || at < 0 {
			return
		}
		text = text[i+len("---> "):]
		relation, parent = Cause, at
	}
}

func (p *dotnetParser) push(e Exception) int {
	if i := strings.LastIndexByte(e.Type, '.'); i > 0 {
		e.Module = e.Type[:i]
	}
	p.mark = len(p.arena)
	at := p.exception(e)
	if at >= 0 {
		p.open = append(p.open, at)
	}
	return at
}

// pop ends the frames of the innermost exception that is open.
func (p *dotnetParser) pop() {
	if n := len(p.open); n > 0 {
		p.trace.Exceptions[p.open[n-1]].Frames = p.framesFrom(p.mark)
		p.open = p.open[:n-1]
	}
	p.mark = len(p.arena)
}

func (p *dotnetParser) finish() {
	for len(p.open) > 0 {
		p.pop()
	}
}

// member opens an inner exception of an AggregateException, which stands below the frames:
// "---> (Inner Exception #1) System.TimeoutException: ...". The first is the cause seen already.
func (p *dotnetParser) member(body string) {
	head := body[len("---> "):]
	relation := Cause
	if strings.HasPrefix(head, "(") {
		if i := strings.IndexByte(head, ')'); i > 0 {
			head = trimLeft(head[i+1:])
			relation = Member
		}
	}
	closed := strings.HasSuffix(head, "<---")
	head = trimRight(strings.TrimSuffix(head, "<---"))
	parent := 0
	if relation == Cause && len(p.open) > 0 {
		parent = p.open[len(p.open)-1]
	} else {
		p.finish()
	}
	p.heads(head, relation, parent)
	p.head = offset(p.text, head)
	p.trace.End = p.end()
	if closed {
		p.pop()
		p.head = -1
	}
}

// dotnetFrame reads "at Acme.Shop.Cart.Total(Int32 n) in /srv/Cart.cs:line 12" and Mono's
// "at Acme.Shop.Cart.Total (System.Int32 n) [0x0000c] in /srv/Cart.cs:12".
func dotnetFrame(body string) (Frame, bool) {
	rest, ok := dotnetAt(body)
	if !ok {
		return Frame{}, false
	}
	rest = trimRight(strings.TrimSuffix(rest, "<---"))
	if strings.HasPrefix(rest, "(wrapper ") {
		i := strings.Index(rest, ") ")
		if i < 0 {
			return Frame{}, false
		}
		rest = rest[i+2:]
	}
	open := strings.IndexByte(rest, '(')
	if open <= 0 {
		return Frame{}, false
	}
	name, mono := rest[:open], false
	if name[open-1] == ' ' {
		name, mono = trimRight(name), true
	}
	if strings.IndexByte(name, '/') >= 0 || strings.IndexByte(name, ':') >= 0 || strings.IndexByte(name, ' ') >= 0 && strings.IndexByte(name, '[') < 0 {
		return Frame{}, false
	}
	end := strings.IndexByte(rest[open:], ')')
	if end < 0 {
		return Frame{}, false
	}
	if end += open; strings.IndexByte(rest[open+1:end], '(') >= 0 {
		if i := closing(rest[open:], 0); i > 0 {
			end = open + i
		}
	}
	tail := rest[end+1:]
	if tail != "" && tail[0] != ' ' {
		return Frame{}, false
	}
	if arguments := rest[open+1 : end]; strings.IndexByte(arguments, ':') >= 0 || arguments == "Native Method" || arguments == "Unknown Source" {
		return Frame{}, false // a place, as Java and JavaScript print it
	}
	f := Frame{}
	f.Module, f.Function = dotnetName(name, mono)
	if f.Module == "" && !strings.HasPrefix(f.Function, "lambda_method") && !strings.Contains(tail, " in ") && !mono {
		return Frame{}, false
	}
	if i := strings.Index(tail, " [0x"); i >= 0 {
		if j := strings.IndexByte(tail[i:], ']'); j > 0 {
			tail = tail[i+j+1:]
		}
	}
	if tail = trim(tail); tail != "" {
		f.File, f.Line = dotnetPlace(tail)
	}
	return f, true
}

// dotnetAt takes the word for "at" off, in the languages that the framework is translated to.
func dotnetAt(body string) (string, bool) {
	i := strings.IndexByte(body, ' ')
	if i <= 0 || i > 10 {
		return "", false
	}
	switch body[:i] {
	case "at", "bei", "à", "en", "в", "em", "w", "在", "場所", "위치:", "a", "v", "konum:":
		return trimLeft(body[i:]), true
	case "in": // Italian; in English it names a file
		return trimLeft(body[i:]), strings.HasSuffix(body, ")") || strings.Contains(body, ") in ")
	}
	return "", false
}

// dotnetPlace reads "in /srv/Cart.cs:line 12", "in C:\src\Cart.cs:Zeile 12", "in <hash>:0".
func dotnetPlace(tail string) (file string, line int) {
	i := strings.IndexByte(tail, ' ')
	if i < 0 || tail[0] == '[' {
		return "", 0
	}
	place := strings.TrimSuffix(trim(tail[i:]), ".")
	j := strings.LastIndexByte(place, ':')
	if j < 0 {
		return "", 0
	}
	digits := len(place)
	for digits > j && isDigit(place[digits-1]) {
		digits--
	}
	line, _ = number(place[digits:])
	if place[0] == '<' {
		return "", line
	}
	return place[:j], line
}

// dotnetName splits a method from its type. CoreCLR's type arguments go, Mono's are part of the name.
func dotnetName(name string, mono bool) (module, function string) {
	dot := lastDot(name)
	if dot > 0 && name[dot-1] == '.' {
		dot-- // the constructors are called ".ctor" and ".cctor"
	}
	if dot < 0 {
		return "", name
	}
	module, function = name[:dot], name[dot+1:]
	if !mono {
		if i := strings.IndexByte(function, '['); i > 0 {
			function = function[:i]
		}
	}
	return module, function
}

// lastDot returns the last dot of a name that stands in no brackets; -1 without one.
func lastDot(name string) int {
	for i, depth := len(name)-1, 0; i >= 0; i-- {
		switch c := name[i]; {
		case c == '.':
			if depth == 0 {
				return i
			}
		case c == '>' || c == ']':
			depth++
		case c == '<' || c == '[':
			depth--
		}
	}
	return -1
}

// dotnetHead returns where the type begins in the line above the frames; -1 without one.
func dotnetHead(body string) int {
	for i := 0; i < len(body); {
		if !isWord(body[i]) {
			i++
			continue
		}
		from, dots := i, 0
		for i < len(body) && (isWord(body[i]) || strings.IndexByte(".+`", body[i]) >= 0) {
			if body[i] == '.' {
				dots++
			}
			i++
		}
		if name := body[from:i]; isDigit(name[0]) || name[len(name)-1] == '.' {
			continue
		} else if dots > 0 || isErrorName(name) {
			rest := body[i:]
			known := isErrorName(name)
			if rest == "" && (known || from == 0 && dots > 1) || strings.HasPrefix(rest, ": ") && (known || from == 0) || rest == ":" && known ||
				known && (strings.HasPrefix(rest, " (") || strings.HasPrefix(rest, " --->")) {
				return from
			}
		}
	}
	return -1
}

// dotnetTypeMessage splits "System.Net.Sockets.SocketException (111): Connection refused".
func dotnetTypeMessage(head string) (typ, message string) {
	head = strings.Trim(head, " \t\r\n")
	i := 0
	for i < len(head) && (isWord(head[i]) || strings.IndexByte(".+`[],", head[i]) >= 0) {
		i++
	}
	typ, message = head[:i], head[i:]
	if strings.HasPrefix(message, " (") {
		if j := strings.IndexByte(message, ')'); j > 0 {
			message = message[j+1:]
		}
	}
	message = strings.TrimPrefix(message, ":")
	return typ, strings.Trim(message, " \t\r\n")
}
