package stacktrace

import "strings"

// Ruby prints crash first; the head is the first frame and names message and type. Causes follow
// below in the same form (Exception#full_message). A terminal may get it caller first, under a
// "Traceback" line. Exception#backtrace has the frames alone.

type rubyParser struct {
	*scanner
	current int
	mark    int
	message int // start of a message that may go on; -1
	reverse bool
}

var ruby = dialect{parse: parseRuby, library: rubyLibrary, clean: functionOnly(rubyClean)}

func parseRuby(s *scanner) bool {
	p := rubyParser{scanner: s, current: -1, message: -1}
	aboveStart, aboveEnd := -1, 0
	for {
		line, ok := s.next()
		if !ok {
			break
		}
		body := trim(line)
		if !p.reverse && p.current < 0 && strings.HasSuffix(body, pyHeader) {
			if next, ok := s.peek(); ok && rubyNumbered(trim(next)) {
				p.reverse = true
				s.trace.Start = s.start
				continue
			}
		}
		text, from := body, false
		if rest, ok := strings.CutPrefix(text, "from "); ok {
			text, from = rest, true
		} else if p.reverse {
			if i := strings.Index(text, ": from "); i > 0 {
				if _, ok := wholeNumber(text[:i]); ok {
					text, from = text[i+len(": from "):], true
				}
			}
		}
		f, head, ok := rubyFrame(text)
		if !ok {
			if p.current >= 0 || p.reverse {
				if strings.HasPrefix(body, "... ") && strings.Contains(body, " levels...") {
					continue
				}
				if p.message >= 0 {
					if body == "" || !startsRecord(body) {
						continue // settled when the next frame comes
					}
				} else if body == "" {
					continue
				}
				if p.current >= 0 {
					break
				}
			}
			if body == "" {
				continue
			}
			if aboveStart < 0 || rubyAbove(body) >= 0 {
				aboveStart = s.start + indent(line)
				if t := rubyAbove(body); t > 0 {
					aboveStart += t
				}
			}
			aboveEnd = s.end()
			continue
		}
		if p.current >= 0 && head == "" && !from && p.message >= 0 && p.frames() > 0 {
			p.settle()
		}
		s.grow(1)
		if head != "" && !from || p.current < 0 {
			if !p.begin(f, head, line, aboveStart, aboveEnd) {
				break
			}
			continue
		}
		p.settle()
		s.frame(f)
		s.trace.End = s.end()
	}
	if p.current < 0 {
		return false
	}
	p.settle()
	p.finish()
	return len(s.arena) > 0
}

func (p *rubyParser) frames() int { return len(p.arena) - p.mark }

// begin starts an exception at its head frame.
func (p *rubyParser) begin(f Frame, head, line string, aboveStart, aboveEnd int) bool {
	if p.reverse && head == "" && p.current < 0 {
		// Caller first: frames come before the head.
		p.frame(f)
		p.trace.End = p.end()
		return true
	}
	first := p.current < 0
	if !first {
		p.settle()
		p.finish()
	}
	e := Exception{Relation: Cause, Parent: p.current}
	if first {
		e.Relation = Outermost
		if !p.reverse {
			p.trace.Start = p.start + indent(line)
		}
	}
	p.message = -1
	if head != "" {
		var complete bool
		e.Type, e.Message, complete = rubyTypeMessage(head)
		if complete {
			p.message = p.end()
		}
	} else if first && aboveStart >= 0 {
		if t := rubyAbove(p.text[aboveStart:aboveEnd]); t == 0 {
			e.Type, e.Message = rubyAboveSplit(p.text[aboveStart:aboveEnd])
			p.trace.Start = aboveStart
		}
	}
	at := p.exception(e)
	if at < 0 {
		return false
	}
	p.current = at
	if !p.reverse {
		p.mark = len(p.arena)
	}
	p.frame(f)
	p.trace.End = p.end()
	return true
}

// settle adds the lines between the head and the next frame to the message. The type stands at the
// end of the message's first line, so that a longer message has to be put together.
func (p *rubyParser) settle() {
	if p.message < 0 || p.current < 0 {
		return
	}
	rest := strings.TrimRight(p.text[p.message:max(p.start, p.message)], " \t\r\n")
	if p.pos >= len(p.text) && p.frames() == 1 {
		// The head's frame is the only one: what follows to the end is message.
		rest = strings.TrimRight(p.text[p.message:], " \t\r\n")
	}
	if e := &p.trace.Exceptions[p.current]; e.Type == "" && strings.HasSuffix(rest, ")") {
		if i := strings.LastIndex(rest, " ("); i >= 0 && rubyConstant(rest[i+2:len(rest)-1]) {
			e.Type, rest = rest[i+2:len(rest)-1], rest[:i]
		}
	}
	if rest != "" && len(rest) < p.limits.Bytes {
		p.trace.Exceptions[p.current].Message += rest
	}
	p.message = -1
}

func (p *rubyParser) finish() {
	e := &p.trace.Exceptions[p.current]
	if e.Frames == nil {
		e.Frames = p.framesFrom(p.mark)
		if p.reverse {
			reverse(e.Frames)
		}
	}
	p.mark = len(p.arena)
}

// rubyFrame reads "/srv/shop.rb:20:in `fetch': rest" and returns the rest, which is the head's.
func rubyFrame(text string) (f Frame, head string, ok bool) {
	// The line number is the first that stands between colons or ends the text.
	for from := 0; from < len(text); {
		i := strings.IndexByte(text[from:], ':')
		if i < 0 {
			return Frame{}, "", false
		}
		i += from
		from = i + 1
		line, n := number(text[i+1:])
		if n == 0 || i == 0 {
			continue
		}
		rest := text[i+1+n:]
		file := text[:i]
		if strings.HasPrefix(rest, ":in ") {
			rest = rest[len(":in "):]
			if rest == "" || rest[0] != '`' && rest[0] != '\'' && !strings.HasPrefix(rest, "\u2018") {
				return Frame{}, "", false
			}
			name := rest[1:]
			end := strings.Index(name, "': ")
			if end < 0 {
				end = strings.LastIndexByte(name, '\'')
			}
			if end < 0 {
				return Frame{}, "", false
			}
			f = Frame{File: file, Line: line, Function: name[:end]}
			return f, strings.TrimPrefix(name[end+1:], ": "), !strings.Contains(file, "://") && rubySource(file)
		}
		if !strings.HasSuffix(file, ".rb") && !strings.HasSuffix(file, ".ru") && !strings.HasSuffix(file, ".rake") {
			continue
		}
		f = Frame{File: file, Line: line}
		if rest == "" {
			return f, "", true
		}
		if strings.HasPrefix(rest, ": ") && strings.HasSuffix(rest, ")") {
			return f, rest[2:], true
		}
		return Frame{}, "", false
	}
	return Frame{}, "", false
}

// rubySource tells a file from the words of a log line.
func rubySource(file string) bool {
	return strings.IndexByte(file, ' ') < 0 || strings.HasPrefix(file, "(eval") || strings.HasPrefix(file, "<internal") || rubyGem(file) || file[0] == '/' || len(file) > 2 && file[1] == ':'
}

// rubyGem tells "actionpack (5.1.4) lib/action_dispatch.rb", as Rails shortens the paths of gems.
func rubyGem(file string) bool {
	i := strings.Index(file, " (")
	return i > 0 && i+2 < len(file) && isDigit(file[i+2]) && strings.Contains(file[i:], ") ") && strings.IndexByte(file[:i], ' ') < 0
}

// rubyNumbered tells "5: from /srv/app.rb:3:in `x'".
func rubyNumbered(body string) bool {
	_, n := number(body)
	return n > 0 && strings.HasPrefix(body[n:], ": from ")
}

// rubyTypeMessage splits "message (Type)"; complete tells that the first line ended with the type.
func rubyTypeMessage(head string) (typ, message string, complete bool) {
	if strings.HasSuffix(head, ")") {
		if i := strings.LastIndex(head, " ("); i >= 0 && rubyConstant(head[i+2:len(head)-1]) {
			return head[i+2 : len(head)-1], head[:i], true
		}
		if rubyConstant(strings.Trim(head, "()")) {
			return strings.Trim(head, "()"), "", true
		}
	}
	if head == "unhandled exception" {
		return "RuntimeError", head, true
	}
	if rubyConstant(head) {
		return head, "", true
	}
	return "", head, true
}

func rubyConstant(name string) bool {
	if name == "" || !isUpper(name[0]) && !strings.HasPrefix(name, "#<Class:") {
		return false
	}
	for i := 0; i < len(name); i++ {
		if !isWord(name[i]) && strings.IndexByte(":#<>", name[i]) < 0 {
			return false
		}
	}
	return true
}

// rubyAbove returns where "KeyError (key not found):" or "KeyError: key not found" begins in a line
// above the frames; -1 without one.
func rubyAbove(line string) int {
	n := 0
	for n < len(line) && (isWord(line[n]) || line[n] == ':' && n+2 < len(line) && (line[n+1] == ':' && isUpper(line[n+2]) || line[n-min(n, 1)] == ':' && isUpper(line[n+1]))) {
		n++
	}
	if n > 0 && isUpper(line[0]) && (strings.HasPrefix(line[n:], ": ") || strings.HasPrefix(line[n:], " (")) {
		return 0
	}
	return errorType(line)
}

func rubyAboveSplit(text string) (typ, message string) {
	n := strings.IndexAny(text, " ")
	if n < 0 {
		return strings.TrimSuffix(trim(text), ":"), ""
	}
	typ, message = text[:n], trim(text[n:])
	if strings.HasSuffix(typ, ":") {
		return typ[:len(typ)-1], message
	}
	message = strings.TrimSuffix(strings.TrimSuffix(strings.TrimPrefix(message, "("), ":"), ")")
	return typ, message
}

func rubyLibrary(f *Frame, callers []Frame) bool {
	file := f.File
	if strings.Contains(file, "/gems/") || strings.Contains(file, "/lib/ruby/") || strings.HasPrefix(file, "<internal:") || strings.Contains(file, "/rubygems/") || strings.Contains(file, "/vendor/bundle/") || strings.Contains(file, "/lib/jruby") || rubyGem(file) {
		return true
	}
	if i := strings.LastIndexByte(file, '/'); i >= 0 && i >= 4 && file[i-4:i] == "/bin" && strings.IndexByte(file[i:], '.') < 0 {
		return strings.HasPrefix(file, "/usr/") || strings.Contains(file, "bundle") || strings.Contains(file, "/.rbenv/") || strings.Contains(file, "/.rvm/")
	}
	// A function written in C stands at its caller's line. Blocks are never such, and a recursion in
	// one line shows the same name again.
	if len(callers) == 0 || callers[0].Line != f.Line || callers[0].File != file || callers[0].Function == f.Function || f.Line == 0 {
		return false
	}
	switch {
	case strings.HasPrefix(f.Function, "block ") || strings.HasPrefix(f.Function, "rescue ") || strings.HasPrefix(f.Function, "ensure "), strings.HasPrefix(f.Function, "<"):
		return false
	}
	return true
}

// rubyClean takes the levels off "block (2 levels) in total" and the numbers off compiled templates.
func rubyClean(name string) string {
	if strings.HasPrefix(name, "block (") {
		if i := strings.Index(name, ") in "); i > 0 {
			name = "block" + name[i+1:]
		}
	}
	name = strings.TrimPrefix(strings.TrimPrefix(name, "rescue in "), "ensure in ")
	if i := strings.Index(name, "__"); i >= 0 { // _app_views_orders_show_html_erb___1234567_8910
		end := len(name)
		for end > i && (isDigit(name[end-1]) || name[end-1] == '_') {
			end--
		}
		if end > 0 && strings.ContainsAny(name[end:], "0123456789") {
			name = name[:end]
		}
	}
	return name
}
