package stacktrace

import "strings"

// Rust prints crash first: "thread 't' panicked at file:line:column:", the message, and the numbered
// frames, each with its place on a line of its own (std::backtrace). The causes of anyhow and eyre
// are part of the message.

type rustParser struct {
	*scanner
	begin  int
	panics []Exception
	from   int // of the lines above the frames; -1
	to     int
}

var rust = dialect{parse: parseRust, library: rustLibrary, clean: functionOnly(rustClean)}

func parseRust(s *scanner) bool {
	p := rustParser{scanner: s, begin: -1, from: -1}
	for {
		line, ok := s.next()
		if !ok {
			break
		}
		body := trim(line)
		if name, ok := rustFrame(body); ok && (len(s.arena) > 0 || p.framesBegin(body, name)) {
			s.grow(2)
			if p.begin < 0 {
				p.begin = s.start + indent(line)
			}
			f := Frame{}
			f.Module, f.Function = rustName(name)
			p.place(&f)
			s.frame(f)
			s.trace.End = s.end()
			continue
		}
		if len(s.arena) > 0 {
			if p.inlined(line, body) {
				continue
			}
			if body == "" || rustNoise(body) {
				if strings.HasPrefix(body, "note: ") {
					s.trace.End = s.end()
				}
				if body == "" {
					break
				}
				continue
			}
			break
		}
		if i := strings.Index(body, "panicked at "); i >= 0 {
			p.panicLine(line, body, i)
			continue
		}
		if body == "stack backtrace:" || strings.EqualFold(body, "stack backtrace:") || strings.Contains(body, "BACKTRACE") {
			if p.begin < 0 {
				p.begin = s.start + indent(line)
			}
			continue
		}
		if body == "" || strings.HasPrefix(body, "note: ") {
			continue
		}
		if len(p.panics) == 0 && startsRecord(body) {
			p.from = -1 // the line that introduces the record is no message
			continue
		}
		if p.from < 0 {
			p.from = s.start + indent(line)
		}
		p.to = s.end()
		if n := len(p.panics); n > 0 {
			last := &p.panics[n-1]
			if last.Message == "" {
				last.Message = trim(line)
			} else {
				last.Message = join(s.text, last.Message, trimRight(line))
			}
		}
	}
	return p.finish()
}

// framesBegin tells that a first numbered line is a frame: its place follows, or it stands where
// frames are announced. A numbered list of causes is neither.
func (p *rustParser) framesBegin(body, name string) bool {
	next, ok := p.peek()
	if ok && strings.HasPrefix(trim(next), "at ") && strings.IndexByte(trim(next), ':') > 0 {
		return true
	}
	return strings.Contains(name, "::") && strings.IndexByte(name, ' ') < 0 || strings.Contains(body, " 0x") && strings.Contains(body, " - ")
}

// panicLine reads "thread 'main' (12767) panicked at src/lib.rs:19:9:" and, up to Rust 1.72,
// "thread 'main' panicked at 'message', src/lib.rs:19:9".
func (p *rustParser) panicLine(line, body string, at int) {
	if p.begin < 0 {
		p.begin = p.start + indent(line)
		if i := strings.Index(body, "thread '"); i > 0 {
			p.begin += i
		}
	}
	if len(p.panics) >= p.limits.Exceptions {
		p.trace.Truncated = true
		return
	}
	e := Exception{Type: "panic"}
	rest := body[at+len("panicked at "):]
	if strings.HasPrefix(rest, "'") {
		if i := strings.LastIndex(rest, "', "); i > 0 {
			e.Message = rest[1:i]
		}
	}
	p.panics = append(p.panics, e)
}

// place reads the line "at file:line:column" below a name.
func (p *rustParser) place(f *Frame) {
	next, ok := p.peek()
	if !ok {
		return
	}
	rest, ok := strings.CutPrefix(trim(next), "at ")
	if !ok {
		return
	}
	p.next()
	f.File, f.Line, f.Column, _ = lineColumn(rest)
}

// inlined reads a frame without a number: a function inlined into the one above.
func (p *rustParser) inlined(line, body string) bool {
	next, ok := p.peek()
	if !ok || indent(line) < 4 || body == "" || !strings.HasPrefix(trim(next), "at ") {
		return false
	}
	f := Frame{}
	f.Module, f.Function = rustName(body)
	p.place(&f)
	p.frame(f)
	p.trace.End = p.end()
	return true
}

// rustNoise tells what reporters print between frames.
func rustNoise(body string) bool {
	return strings.HasPrefix(body, "note: ") || strings.Contains(body, "frames hidden") || strings.HasPrefix(body, "[...") || strings.HasPrefix(body, "at ") || allOf(body, "-~=━·⋮ ")
}

func (p *rustParser) finish() bool {
	if len(p.arena) == 0 {
		return false
	}
	p.trace.Start = p.begin
	frames := p.framesFrom(0)
	if n := len(p.panics); n > 0 {
		// Of a panic while panicking the last one ends the process; its causes come after it.
		for i := n - 1; i >= 0; i-- {
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
	p.anyhow(frames)
	return true
}

// anyhow reads "Error: outer", "Caused by:" and its numbered causes.
func (p *rustParser) anyhow(frames []Frame) {
	if p.from < 0 {
		p.exception(Exception{Parent: -1, Frames: frames})
		return
	}
	above := p.text[p.from:p.to]
	p.trace.Start = p.from
	message, causes, chained := strings.Cut(above, "Caused by:")
	message = strings.Trim(message, " \t\r\n")
	message = strings.TrimPrefix(message, "Error: ")
	p.exception(Exception{Message: message, Parent: -1, Frames: frames})
	for chained && causes != "" {
		var line string
		line, causes, _ = strings.Cut(causes, "\n")
		line = trim(line)
		if _, n := number(line); n > 0 && strings.HasPrefix(line[n:], ": ") {
			line = line[n+2:]
		}
		if line == "" || strings.HasPrefix(line, "Location:") {
			if line != "" {
				return
			}
			continue
		}
		if p.exception(Exception{Message: line, Relation: Cause, Parent: len(p.trace.Exceptions) - 1}) < 0 {
			return
		}
	}
}

// rustFrame reads "12: shop::run" and "12: 0x55d1 - shop::run::h0123456789abcdef".
func rustFrame(body string) (string, bool) {
	_, n := number(body)
	if n == 0 || n > 5 || !strings.HasPrefix(body[n:], ": ") {
		return "", false
	}
	name := trimLeft(body[n+1:])
	if strings.HasPrefix(name, "0x") {
		if i := strings.Index(name, " - "); i > 0 {
			name = trimLeft(name[i+3:])
		}
	}
	return name, name != ""
}

// rustName takes the hash off a name and splits plain paths into module and function. The path of
// "<T as Trait>::f" is not plain: it stays whole.
func rustName(name string) (module, function string) {
	if i := len(name) - len("::h") - 16; i > 0 && name[i:i+3] == "::h" {
		hash := true
		for j := i + 3; j < len(name); j++ {
			hash = hash && isHex(name[j])
		}
		if hash {
			name = name[:i]
		}
	}
	if name == "" || name[0] == '<' || name[0] == '_' && strings.HasPrefix(name, "_<") {
		return "", name
	}
	cut := -1 // where the function begins: at the type, or at the last name before closures
	for i := 0; i < len(name); {
		if isUpper(name[i]) || name[i] == '{' || name[i] == '<' {
			if isUpper(name[i]) {
				cut = i
			}
			break
		}
		j := strings.Index(name[i:], "::")
		cut = i
		if j < 0 {
			break
		}
		i += j + 2
	}
	if cut <= 0 {
		return "", name
	}
	return name[:cut-2], name[cut:]
}
