package stacktrace

import "strings"

// Go prints two lines a frame, the function and its indented file, crash first
// (runtime/traceback.go). The same pairs of lines stand in crash dumps, debug.Stack, zap's stack
// traces and the %+v of pkg/errors, which prints the root first and one stack per wrapping.

// goStack is one run of frames with the lines above it.
type goStack struct {
	from, to int // message, offsets in the text
	mark     int // first frame in the arena
	count    int
}

type goParser struct {
	*scanner
	stacks []goStack
	panics []Exception // first panic first
	begin  int
	dump   bool // goroutine headers: only the first goroutine with frames counts
	from   int  // of lines that may be a message; -1 = none
	to     int
}

var golang = dialect{parse: parseGo, library: goLibrary, clean: functionOnly(goClean)}

func parseGo(s *scanner) bool {
	var few [4]goStack
	p := goParser{scanner: s, stacks: few[:0], begin: -1, from: -1}
	mark, open := 0, false
	for {
		line, ok := s.next()
		if !ok {
			break
		}
		body := trim(line)
		if body != "" && body[0] == '|' { // cockroachdb/errors draws a margin
			body = trim(body[1:])
		}
		switch {
		case body == "":
			if p.dump && len(s.arena) > mark {
				return p.finish(mark)
			}
			if !open && len(s.arena) == 0 {
				p.from = -1 // of several paragraphs the last is the message
			}
			continue
		case goNoise(body):
			continue
		case strings.HasPrefix(body, "goroutine ") && strings.HasSuffix(body, ":") && strings.IndexByte(body, '[') > 0:
			if p.dump && len(s.arena) > mark {
				return p.finish(mark)
			}
			s.grow(2)
			p.dump, open = true, false
			p.started()
			s.arena, mark = s.arena[:0], 0
			s.trace.End = s.end()
			continue
		case body == "runtime stack:":
			// The stack of the runtime itself; the goroutine's own follows.
			p.started()
			p.skipBlock()
			continue
		}
		f, ok := p.goFrame(line, body)
		if ok {
			s.grow(2)
			p.started()
			if !open {
				open = true
				p.open(mark)
			}
			s.frame(f)
			s.trace.End = s.end()
			// goexit ends a stack of pkg/errors even where no message follows.
			if !p.dump && f.Function == "goexit" && f.Module == "runtime" {
				p.close()
				mark, open = len(s.arena), false
			}
			continue
		}
		if open && strings.HasPrefix(body, "...") || strings.HasPrefix(body, "[...repeated") {
			continue
		}
		if open {
			if p.dump {
				break
			}
			// The next wrapping of pkg/errors: its message, and perhaps its stack.
			p.close()
			mark, open = len(s.arena), false
		}
		if p.panicLine(line, body) {
			continue
		}
		if startsRecord(body) {
			p.from, p.to = -1, 0 // the line that introduces the record is no message
			continue
		}
		if p.from < 0 || p.dump {
			p.from = s.start + indent(line)
		}
		p.to = s.end()
	}
	return p.finish(mark)
}

// started notes where the trace begins: at the message above it when there is one.
func (p *goParser) started() {
	if p.begin < 0 {
		p.begin = p.start
		if p.from >= 0 && len(p.panics) == 0 {
			p.begin = p.from
		}
	}
}

func (p *goParser) open(mark int) {
	if len(p.stacks) < p.limits.Exceptions {
		p.stacks = append(p.stacks, goStack{from: max(p.from, 0), to: p.to, mark: mark})
	}
	p.from, p.to = -1, 0
}

func (p *goParser) close() {
	if n := len(p.stacks); n > 0 && p.stacks[n-1].count == 0 {
		p.stacks[n-1].count = len(p.arena) - p.stacks[n-1].mark
	}
}

// skipBlock reads on behind the next blank line.
func (p *goParser) skipBlock() {
	for {
		if line, ok := p.next(); !ok || trim(line) == "" {
			return
		}
	}
}

// goNoise tells what cockroachdb/errors prints around the stacks.
func goNoise(body string) bool {
	return strings.HasPrefix(body, "-- stack trace:") || strings.HasPrefix(body, "Wraps: (") || strings.HasPrefix(body, "Error types: (") ||
		body[0] == '(' && strings.HasSuffix(body, ") attached stack trace")
}

// goFrame reads a frame: a function with its file on the next line, or, as gin prints it, a file
// with its function on the next line.
func (p *goParser) goFrame(line, body string) (Frame, bool) {
	if call, ok := goFunction(body); ok {
		next, ok := p.peek()
		if !ok {
			return Frame{}, false
		}
		place := trim(next)
		if place != "" && place[0] == '|' {
			place = trim(place[1:])
		}
		f := Frame{}
		if f.File, f.Line, ok = goFile(place); ok {
			if p.begin < 0 {
				if p.begin = p.from; p.from < 0 {
					p.begin = p.start + indent(line)
				}
			}
			f.Module, f.Function = goName(call)
			p.next()
			return f, true
		}
	}
	if !strings.HasSuffix(body, ")") {
		return Frame{}, false
	}
	file, n, ok := goFile(body)
	if !ok {
		return Frame{}, false
	}
	name, ok := p.ginName()
	return Frame{Function: name, File: file, Line: n}, ok
}

// ginName reads the second line of a frame as gin's recovery prints it, "(*T).Method: source".
func (p *goParser) ginName() (string, bool) {
	line, ok := p.peek()
	if !ok || indent(line) == 0 {
		return "", false
	}
	body := trim(line)
	i := strings.Index(body, ": ")
	if i <= 0 || strings.IndexByte(body[:i], ' ') >= 0 {
		return "", false
	}
	p.next()
	return body[:i], true
}

// panicLine reads "panic: ..." and what else the runtime says before the first goroutine.
func (p *goParser) panicLine(line, body string) bool {
	kind := ""
	switch {
	case strings.HasPrefix(body, "panic: "):
		kind = "panic"
	case strings.HasPrefix(body, "fatal error: "):
		kind = "fatal error"
	case strings.HasPrefix(body, "[signal ") || strings.HasPrefix(body, "[originating from"):
		return true
	default:
		// net/http and others log "http: panic serving 10.0.0.1:5: boom" above the goroutine.
		if i := strings.Index(body, "panic serving "); i >= 0 {
			rest := body[i+len("panic serving "):]
			if j := strings.Index(rest, ": "); j > 0 {
				p.panics = append(p.panics, Exception{Type: "panic", Message: rest[j+2:]})
				p.begin = p.start + indent(line)
				return true
			}
		}
		if i := strings.Index(body, " panic: "); i > 0 && startsRecord(body) {
			p.panics = append(p.panics, Exception{Type: "panic", Message: body[i+len(" panic: "):]})
			p.begin = p.start + indent(line) + i + 1
			return true
		}
		if n := len(p.panics); n > 0 && !p.dump && line != "" {
			// A message of several lines: the runtime indents them by a tab.
			last := &p.panics[n-1]
			last.Message = goUnmark(join(p.text, last.Message, trimRight(line)))
			return true
		}
		return false
	}
	if p.begin < 0 {
		p.begin = p.start + indent(line)
	}
	if len(p.panics) < p.limits.Exceptions {
		p.panics = append(p.panics, Exception{Type: kind, Message: goUnmark(body[len(kind)+2:])})
	}
	return true
}

// goUnmark takes "[recovered]" and "[recovered, repanicked]" off a panic's message.
func goUnmark(message string) string {
	message = strings.TrimSuffix(message, " [recovered]")
	return strings.TrimSuffix(message, " [recovered, repanicked]")
}

func (p *goParser) finish(mark int) bool {
	p.close()
	if len(p.arena) == 0 || len(p.stacks) == 0 && len(p.panics) == 0 {
		return false
	}
	p.trace.Start = max(p.begin, 0)
	if p.dump || len(p.panics) > 0 {
		return p.finishPanic(mark)
	}
	return p.finishErrors()
}

// finishPanic makes the chain of a crash: the last panic is the one that killed the process.
func (p *goParser) finishPanic(mark int) bool {
	frames := p.framesFrom(mark)
	if len(p.panics) == 0 {
		e := Exception{Parent: -1, Frames: frames}
		if len(p.stacks) > 0 && p.stacks[0].to > p.stacks[0].from {
			e.Message = p.text[p.stacks[0].from:p.stacks[0].to]
		}
		p.exception(e)
		return true
	}
	for i := len(p.panics) - 1; i >= 0; i-- {
		e := p.panics[i]
		e.Parent = len(p.trace.Exceptions) - 1
		if e.Parent < 0 {
			e.Frames = frames
		} else {
			e.Relation = Cause
		}
		p.exception(e)
	}
	return true
}

// finishErrors makes the chain of an error that carries stacks. A wrapping says only where it was
// wrapped; the stack printed first, the root's, is that of the error itself.
func (p *goParser) finishErrors() bool {
	if p.from >= 0 && p.to > p.from { // a message without a stack ends the text: errors.WithMessage
		if !startsRecord(p.text[p.from:p.to]) {
			p.stacks = append(p.stacks, goStack{from: p.from, to: p.to})
			p.trace.End = p.to
		}
	}
	root := p.arena[p.stacks[0].mark : p.stacks[0].mark+p.stacks[0].count]
	message, parent := "", -1
	var messages []string
	for i := range p.stacks {
		if st := p.stacks[i]; st.to > st.from {
			messages = append(messages, p.text[st.from:st.to])
		}
	}
	for i := len(messages) - 1; i >= 0; i-- {
		if message != "" {
			message += ": "
		}
		message += messages[i]
		if len(message) > p.limits.Bytes {
			message = message[:p.limits.Bytes]
			break
		}
	}
	e := Exception{Message: message, Parent: -1, Frames: root}
	p.exception(e)
	for i := len(messages) - 2; i >= 0; i-- {
		parent++
		if p.exception(Exception{Message: messages[i], Relation: Cause, Parent: parent}) < 0 {
			break
		}
	}
	return true
}

// goFile reads "/srv/cmd/main.go:62 +0x4d" and "/srv/cmd/main.go:62 (0x4d)".
func goFile(body string) (file string, line int, ok bool) {
	if body == "" || !isHex(body[len(body)-1]) && body[len(body)-1] != ')' {
		return "", 0, false
	}
	i := strings.Index(body, ".go:")
	if i >= 0 {
		i += len(".go")
	} else if i = strings.Index(body, ".s:"); i >= 0 {
		i += len(".s")
	} else if strings.HasPrefix(body, "<autogenerated>:") {
		i = len("<autogenerated>")
	} else {
		return "", 0, false
	}
	line, n := number(body[i+1:])
	if n == 0 {
		return "", 0, false
	}
	rest := body[i+1+n:]
	return body[:i], line, rest == "" || strings.HasPrefix(rest, " +0x") || strings.HasPrefix(rest, " fp=") || strings.HasPrefix(rest, " (0x")
}

// goFunction reads a line that names a function, and takes the arguments off: a package path, a dot, a name.
func goFunction(body string) (call string, ok bool) {
	if rest, ok := strings.CutPrefix(body, "created by "); ok {
		if i := strings.Index(rest, " in goroutine "); i > 0 {
			rest = rest[:i]
		}
		return goCall(trim(rest)), true
	}
	call = goCall(body)
	blank := strings.IndexByte(call, ' ')
	if blank < 0 {
		return call, call != ""
	}
	bracket := strings.IndexByte(call, '[') // type arguments may hold anything
	return call, bracket > 0 && bracket < blank
}

// goCall takes the arguments off a call.
func goCall(body string) string {
	if strings.HasSuffix(body, ")") {
		if i := goArguments(body); i > 0 {
			return body[:i]
		}
	}
	return body
}

// goArguments returns where the arguments of "main.run({0x7f?, 0x4})" begin; -1 without any.
func goArguments(body string) int {
	i := strings.LastIndexByte(body, '(')
	if i > 0 && body[i-1] == '.' {
		return -1 // "(*T)" of a method value
	}
	return i
}

// goName splits a function into package path and name.
func goName(call string) (module, function string) {
	path := call
	if i := strings.IndexByte(path, '['); i > 0 {
		path = path[:i]
	}
	slash := strings.LastIndexByte(path, '/') + 1
	dot := strings.IndexByte(path[slash:], '.')
	if dot < 0 {
		return "", call
	}
	return call[:slash+dot], call[slash+dot+1:]
}
