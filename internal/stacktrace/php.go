package stacktrace

import "strings"

// PHP numbers its frames "#0 file(line): function(arguments)". A frame names the function that is
// called at that place, so the crash site is the throw line with the function of #0. (string)$e
// prints the root first and each wrapper behind "Next"; Laravel prints the wrapper first.

type phpParser struct {
	*scanner
	current int
	mark    int
	place   Frame // where the next frame's function was running
	next0   int   // the number that the next frame must have
	head    int   // start of a head whose message may go on; -1
	laravel bool
	nexts   bool
}

var php = dialect{parse: parsePHP, library: phpLibrary, clean: functionOnly(phpClean)}

func parsePHP(s *scanner) bool {
	p := phpParser{scanner: s, current: -1, head: -1}
	headStart, headEnd := -1, 0
	for {
		line, ok := s.next()
		if !ok {
			break
		}
		body := trim(line)
		if n, call, place, ok := phpFrame(body); ok {
			if n == 0 {
				if headStart < 0 && p.current >= 0 && p.frames() > 0 {
					break // another trace without a head
				}
				s.grow(1)
				if !p.begin(headStart, headEnd) {
					break
				}
				headStart = -1
			} else if p.current < 0 || n != p.next0 {
				continue
			}
			p.next0 = n + 1
			f := p.place
			f.Function = call
			s.frame(f)
			p.place = place
			s.trace.End = s.end()
			continue
		}
		if body == "" || body == "Stack trace:" || body == "[stacktrace]" || strings.HasPrefix(body, "PHP Stack trace:") {
			continue
		}
		if p.current >= 0 && headStart < 0 {
			rest, isNext := strings.CutPrefix(body, "Next ")
			if isNext {
				p.nexts = true
				headStart, headEnd = s.start+indent(line)+len(body)-len(rest), s.end()
				continue
			}
			if strings.HasPrefix(body, "[previous exception] ") {
				p.laravel = true
				headStart, headEnd = s.start+indent(line)+strings.Index(body, "[object]"), s.end()
				if !strings.Contains(body, "[object]") {
					break
				}
				continue
			}
			if strings.HasPrefix(body, "thrown in ") {
				s.trace.End = s.end()
			}
			break
		}
		if headStart < 0 || startsRecord(body) {
			if t := phpHead(body); t >= 0 {
				headStart, headEnd = s.start+indent(line)+t, s.end()
			}
		} else {
			headEnd = s.end()
		}
	}
	if p.current < 0 {
		if !strings.Contains(s.text, ".php:") {
			return false
		}
		s.pos, s.start = 0, 0
		return parseJava(s) // the OpenTelemetry SDK of PHP prints as Java does
	}
	p.finish()
	if p.nexts {
		p.turn()
	}
	return len(s.arena) > 0
}

func (p *phpParser) frames() int { return len(p.arena) - p.mark }

func (p *phpParser) begin(start, end int) bool {
	e := Exception{Relation: Cause, Parent: p.current}
	if p.current >= 0 {
		p.finish()
	} else {
		e.Relation = Outermost
		p.trace.Start = p.start
	}
	p.place = Frame{}
	if start >= 0 {
		e.Type, e.Message, p.place.File, p.place.Line = phpTypeMessage(p.text[start:end])
		if p.current < 0 {
			p.trace.Start = start
		}
	}
	p.mark = len(p.arena)
	p.current = p.exception(e)
	return p.current >= 0
}

func (p *phpParser) finish() {
	if e := &p.trace.Exceptions[p.current]; e.Frames == nil {
		e.Frames = p.framesFrom(p.mark)
	}
	p.mark = len(p.arena)
}

// turn puts a chain that was printed root first in order.
func (p *phpParser) turn() {
	es := p.trace.Exceptions
	for i, j := 0, len(es)-1; i < j; i, j = i+1, j-1 {
		es[i], es[j] = es[j], es[i]
	}
	for i := range es {
		es[i].Parent, es[i].Relation = i-1, Cause
	}
	es[0].Relation = Outermost
}

// phpFrame reads "#1 /srv/app.php(34): Shop\Orders->total(Array)", "#2 [internal function]: f()"
// and "#4 {main}".
func phpFrame(body string) (n int, call string, place Frame, ok bool) {
	if len(body) < 3 || body[0] != '#' {
		return 0, "", Frame{}, false
	}
	n, l := number(body[1:])
	if l == 0 || 1+l >= len(body) || body[1+l] != ' ' {
		return 0, "", Frame{}, false
	}
	rest := trimLeft(body[1+l:])
	if rest == "{main}" || strings.HasPrefix(rest, "{main}") {
		return n, "{main}", Frame{}, true
	}
	if inner, ok := strings.CutPrefix(rest, "[internal function]: "); ok {
		return n, phpCall(inner), Frame{}, true
	}
	for from := 0; ; {
		i := strings.Index(rest[from:], "): ")
		if i < 0 {
			return 0, "", Frame{}, false
		}
		i += from
		open := i
		for open > 0 && isDigit(rest[open-1]) {
			open--
		}
		if open > 1 && open < i && rest[open-1] == '(' {
			line, _ := number(rest[open:i])
			return n, phpCall(rest[i+3:]), Frame{File: rest[:open-1], Line: line}, true
		}
		from = i + 1
	}
}

// phpCall takes the arguments off a call. Closures of PHP 8.4 have parentheses in their names.
func phpCall(call string) string {
	if strings.Contains(call, `\\`) {
		call = strings.ReplaceAll(call, `\\`, `\`) // Laravel writes the trace as JSON
	}
	for i := 0; i < len(call); i++ {
		switch call[i] {
		case '{':
			if end := strings.IndexByte(call[i:], '}'); end > 0 {
				i += end
			}
		case '(':
			return call[:i]
		}
	}
	return call
}

// phpHead returns where the type begins in the line above the frames; -1 without one.
func phpHead(body string) int {
	if i := strings.Index(body, "Uncaught "); i >= 0 {
		return i + len("Uncaught ")
	}
	if i := strings.Index(body, "[object] ("); i >= 0 {
		return i
	}
	if i := strings.Index(body, "exception '"); i >= 0 && strings.Contains(body, "' with message '") {
		return i
	}
	n := phpName(body)
	if n > 0 && (strings.HasPrefix(body[n:], ": ") || strings.HasPrefix(body[n:], " in ")) {
		return 0
	}
	return errorType(body)
}

func phpName(text string) int {
	n := 0
	for n < len(text) && (isWord(text[n]) || text[n] == '\\') {
		n++
	}
	if n > 0 && isDigit(text[0]) {
		return 0
	}
	if strings.HasPrefix(text[n:], "@anonymous") {
		n += len("@anonymous")
	}
	return n
}

// phpTypeMessage splits "Type: message in /srv/shop.php:10".
func phpTypeMessage(head string) (typ, message, file string, line int) {
	head = strings.Trim(head, " \t\r\n")
	if rest, ok := strings.CutPrefix(head, "[object] ("); ok {
		// "[object] (Type(code: 0): message at /srv/shop.php:10)"
		n := phpName(rest)
		typ, rest = phpClean(rest[:n]), rest[n:]
		if i := strings.Index(rest, "): "); i >= 0 && strings.HasPrefix(rest, "(code: ") {
			rest = rest[i+3:]
		}
		rest = strings.TrimSuffix(rest, ")")
		message = rest
		if i := strings.LastIndex(rest, " at "); i >= 0 {
			if f, l, _, ok := lineColumn(rest[i+4:]); ok {
				message, file, line = rest[:i], f, l
			}
		}
		return typ, message, file, line
	}
	if rest, ok := strings.CutPrefix(head, "exception '"); ok {
		// PHP 5: "exception 'Type' with message 'message' in /srv/shop.php:10"
		typ, rest, _ = strings.Cut(rest, "'")
		rest = strings.TrimPrefix(rest, " with message '")
		if i := strings.LastIndex(rest, "' in "); i >= 0 {
			file, line, _, _ = lineColumn(firstLine(rest[i+len("' in "):]))
			rest = rest[:i]
		}
		return typ, rest, file, line
	}
	n := phpName(head)
	if i := strings.IndexByte(head, 0); i > 0 && strings.HasPrefix(head[:i], head[:n]) && strings.HasSuffix(head[:i], "@anonymous") {
		n = i // the name of an anonymous class goes on with its file
	}
	typ, message = head[:n], head[n:]
	if i := strings.Index(message, " in "); i == 0 {
		message = message[1:]
	} else if j := strings.IndexByte(message, ':'); j >= 0 {
		message = strings.TrimPrefix(message[j+1:], " ")
	}
	body := strings.TrimSuffix(strings.TrimRight(message, " \t\r\n"), "\nStack trace:")
	i := strings.LastIndex(body, " in ")
	if strings.HasPrefix(body, "in ") && i < 0 {
		i = 0
	}
	if i < 0 {
		return typ, body, "", 0
	}
	place := trimLeft(strings.TrimPrefix(body[i:], " "))[len("in "):]
	if f, l, _, ok := lineColumn(firstLine(place)); ok {
		file, line = f, l
		return typ, strings.TrimSuffix(body[:i], " and defined"), file, line
	}
	// "thrown in" style without a colon: "in /srv/shop.php on line 10"
	if j := strings.Index(place, " on line "); j > 0 {
		l, _ := number(place[j+len(" on line "):])
		return typ, body[:i], place[:j], l
	}
	return typ, body, "", 0
}
