package stacktrace

import "strings"

// V8 prints "at name (file:line:column)", crash first (https://v8.dev/docs/stack-trace-api).
// util.inspect of Node adds causes and the errors of an AggregateError, each indented below the
// error that holds it. Firefox and Safari print "name@file:line:column" (javascript_gecko.go).

// jsOpen is an error whose nested errors may still follow.
type jsOpen struct {
	margin    int // indentation of its head
	exception int
	list      bool // inside its [errors]: [
}

// jsGap is a place where inspect left out the frames that an error shares with its cause.
type jsGap struct{ exception, at, count int }

type jsParser struct {
	*scanner
	open    []jsOpen
	gaps    []jsGap
	current int
	mark    int
	braces  bool // something was opened with a brace: properties follow
	headEnd int  // end of the current head, while no frame followed
	head    int  // its start; -1 once frames came
}

var javascript = dialect{parse: parseJavaScript, library: jsLibrary, clean: functionOnly(jsClean)}

func parseJavaScript(s *scanner) bool {
	var few [8]jsOpen
	p := jsParser{scanner: s, open: few[:0], current: -1, head: -1}
	first, firstStart, firstEnd, best := "", -1, 0, noHead
	for {
		line, ok := s.next()
		if !ok {
			break
		}
		body := trim(line)
		f, ok := v8Frame(body)
		if !ok {
			f, ok = geckoFrame(body)
		}
		if ok {
			s.grow(1)
			if p.current < 0 {
				p.outermost(first, firstStart, firstEnd)
			}
			if strings.HasSuffix(body, "{") {
				p.braces = true
			}
			p.head = -1
			s.frame(f)
			s.trace.End = s.end()
			continue
		}
		if p.current >= 0 {
			if !p.nested(line, body) {
				break
			}
			continue
		}
		if body == "" {
			continue
		}
		if startsRecord(body) {
			firstStart, best = -1, noHead
		}
		if t, q := head(body, jsHead(body)); q > best {
			first, firstStart, firstEnd, best = body[t:], s.start+indent(line)+t, s.end(), q
			if body[0] == '[' && strings.HasSuffix(body, "{") && jsBracketed(body) {
				// An error without frames that holds others: "[AggregateError: ...] {".
				s.grow(1)
				p.outermost(first, firstStart, firstEnd)
				p.head, p.braces = -1, true
				s.trace.End = s.end()
			}
		} else if firstStart >= 0 {
			firstEnd = s.end()
		}
	}
	if p.current < 0 {
		return false
	}
	p.finish()
	p.fill()
	return len(s.arena) > 0
}

// jsBracketed tells "[AggregateError: all failed] {".
func jsBracketed(body string) bool {
	return strings.HasSuffix(body, "] {")
}

func (p *jsParser) outermost(first string, start, end int) {
	e := Exception{Parent: -1}
	margin := 0
	if start >= 0 {
		e.Type, e.Message = jsTypeMessage(p.text[start:end])
		p.trace.Start = start
		lineStart := strings.LastIndexByte(p.text[:start], '\n') + 1
		margin = indent(p.text[lineStart:])
	} else {
		p.trace.Start = p.start
	}
	p.current = p.exception(e)
	p.open = append(p.open, jsOpen{margin: margin, exception: p.current})
	p.mark = len(p.arena)
}

// finish gives the current error its frames.
func (p *jsParser) finish() {
	if e := &p.trace.Exceptions[p.current]; e.Frames == nil {
		e.Frames = p.framesFrom(p.mark)
	}
	p.mark = len(p.arena)
}

// nested reads a line that is no frame; false ends the trace.
func (p *jsParser) nested(line, body string) bool {
	margin := indent(line)
	if rest, ok := jsCause(body); ok {
		if rest = trim(rest); !p.braces || rest != "" && (jsName(rest) > 0 || rest[0] == '[') {
			p.begin(margin, Cause, rest)
		} // else the cause is a string or an object
		return true
	}
	if strings.HasPrefix(body, "[errors]: [") || strings.HasPrefix(body, "errors: [") {
		p.pop(margin)
		if len(p.open) > 0 {
			p.open[len(p.open)-1].list = true
		}
		return true
	}
	if n, ok := jsMatching(body); ok {
		p.gaps = append(p.gaps, jsGap{p.current, len(p.arena) - p.mark, n})
		return true
	}
	if p.braces {
		if top := p.open[len(p.open)-1]; body != "" && strings.IndexByte("]}", body[0]) < 0 {
			for i := len(p.open) - 1; i >= 0; i-- {
				if p.open[i].list && margin == p.open[i].margin+4 {
					if errorType(body) == 0 || body[0] == '[' || p.head < 0 && jsHead(body) >= 0 {
						p.begin(margin, Member, body)
					} else if p.head >= 0 {
						p.more()
					}
					return true
				}
			}
			if p.head >= 0 && margin <= top.margin+2 && top.exception == p.current {
				p.more()
			}
		}
		if body != "" {
			p.trace.End = p.end()
		}
		if margin == 0 && (body == "}" || body != "" && strings.IndexByte("]}", body[0]) < 0 && p.head < 0) {
			return false
		}
		return true
	}
	if p.head >= 0 && body != "" {
		p.more()
		return true
	}
	if strings.HasPrefix(body, "From previous event:") || strings.HasPrefix(body, "[async]") || body == "--" || body == "[native code]" {
		return true
	}
	return false
}

// more adds a line to the message of an error that has no frames yet.
func (p *jsParser) more() {
	p.headEnd = p.end()
	e := &p.trace.Exceptions[p.current]
	e.Type, e.Message = jsTypeMessage(p.text[p.head:p.headEnd])
	p.trace.End = p.headEnd
}

func (p *jsParser) pop(margin int) {
	for len(p.open) > 1 && p.open[len(p.open)-1].margin >= margin {
		p.open = p.open[:len(p.open)-1]
	}
}

// begin starts an error that another one holds.
func (p *jsParser) begin(margin int, relation Relation, head string) {
	p.finish()
	if relation == Cause && !p.braces {
		// "caused by: ..." below the frames, without indentation: a plain chain.
		p.open = p.open[:0]
		p.open = append(p.open, jsOpen{margin: margin, exception: p.current})
	} else {
		p.pop(margin)
	}
	open := strings.HasSuffix(head, "{")
	text := trimInspect(head)
	text = strings.TrimPrefix(text, "[")
	e := Exception{Relation: relation, Parent: p.open[len(p.open)-1].exception}
	e.Type, e.Message = jsTypeMessage(text)
	at := p.exception(e)
	if at < 0 {
		return
	}
	p.current, p.mark = at, len(p.arena)
	p.head, p.headEnd = offset(p.text, text), p.end()
	if open || strings.HasPrefix(head, "[") {
		p.head = -1
	}
	p.trace.End = p.end()
	if len(p.open) < p.limits.Exceptions {
		p.open = append(p.open, jsOpen{margin: margin, exception: at})
	}
}

// fill puts the frames back that inspect left out because the cause has the same.
func (p *jsParser) fill() {
	for i := len(p.gaps) - 1; i >= 0; i-- {
		g := p.gaps[i]
		cause := -1
		for j, e := range p.trace.Exceptions {
			if e.Parent == g.exception && e.Relation == Cause {
				cause = j
				break
			}
		}
		own := p.trace.Exceptions[g.exception].Frames
		if cause < 0 || g.at == 0 || g.at > len(own) {
			continue
		}
		from := p.trace.Exceptions[cause].Frames
		for j := range from {
			if from[j] == own[g.at-1] && j+1+g.count <= len(from) && (g.at == len(own) || j+1+g.count < len(from) && from[j+1+g.count] == own[g.at]) {
				full := make([]Frame, 0, len(own)+g.count)
				full = append(full, own[:g.at]...)
				full = append(full, from[j+1:j+1+g.count]...)
				p.trace.Exceptions[g.exception].Frames = append(full, own[g.at:]...)
				break
			}
		}
	}
}

// jsCause reads the head of a cause, of inspect or of libraries that chain in text.
func jsCause(body string) (string, bool) {
	for _, word := range [...]string{"[cause]: ", "cause: ", "caused by: ", "Caused by: ", "Caused By: "} {
		if rest, ok := strings.CutPrefix(body, word); ok {
			return rest, true
		}
	}
	return "", false
}

// jsMatching reads "... 7 lines matching cause stack trace ...".
func jsMatching(body string) (int, bool) {
	if !strings.HasPrefix(body, "... ") {
		return 0, false
	}
	n, l := number(body[4:])
	return n, l > 0 && strings.HasPrefix(body[4+l:], " lines matching ")
}

// trimInspect takes off what util.inspect prints behind an error: the brace before its properties, the comma of
// a list, the bracket that ends one. A bracket that was opened in the text itself stays: "no mail to [EMAIL]".
func trimInspect(text string) string {
	text = strings.TrimSuffix(trimRight(strings.TrimSuffix(text, "{")), ",")
	if strings.HasSuffix(text, "]") && strings.Count(text, "[") < strings.Count(text, "]") {
		text = text[:len(text)-1]
	}
	return text
}

// v8Frame reads a line that begins with "at ".
func v8Frame(body string) (Frame, bool) {
	if !strings.HasPrefix(body, "at ") {
		return Frame{}, false
	}
	rest := trimInspect(body[3:])
	rest = trimRight(rest)
	name, place := "", rest
	if i := strings.Index(rest, " ("); i > 0 {
		name, place = rest[:i], rest[i+2:]
		place = strings.TrimSuffix(place, ")")
	} else if i := strings.IndexByte(rest, '('); i > 0 && strings.HasSuffix(rest, ")") && strings.IndexByte(rest[:i], ' ') < 0 {
		// React Native leaves the blank out. A line and a column tell it from Java.
		if file, line, column, ok := lineColumn(rest[i+1 : len(rest)-1]); ok && column > 0 {
			return Frame{Function: jsFunction(rest[:i]), File: file, Line: line, Column: column}, true
		}
	} else {
		place = strings.TrimPrefix(place, "async ")
	}
	f := Frame{Function: jsFunction(name)}
	if i := strings.Index(place, "eval at "); i >= 0 {
		// The place of the eval in a file is worth more than the one inside.
		if j := strings.LastIndexByte(place, '('); j > i {
			inner := place[j+1:]
			if k := strings.IndexByte(inner, ')'); k >= 0 {
				if file, line, column, ok := lineColumn(inner[:k]); ok {
					f.File, f.Line, f.Column = file, line, column
					return f, true
				}
			}
		}
	}
	place = strings.TrimPrefix(place, "address at ")
	if file, line, column, ok := lineColumn(place); ok {
		f.File, f.Line, f.Column = file, line, column
		if strings.HasSuffix(file, ".rs") {
			return Frame{}, false // the place of a frame of Rust
		}
		return f, name != "" || jsPlace(file)
	}
	switch {
	case place == "native" || place == "<anonymous>" || place == "native code" || place == "[native code]" || place == "unknown location" || strings.HasPrefix(place, "index "):
		return f, true
	case name != "" && (strings.HasPrefix(place, "native ") || strings.HasPrefix(place, "http") || strings.HasPrefix(place, "file:") || strings.HasPrefix(place, "node:")):
		f.File = place
		return f, true
	}
	return Frame{}, false
}

// jsPlace tells a file or an address from words that end in a number.
func jsPlace(file string) bool {
	return strings.ContainsAny(file, "/\\.<") || strings.HasPrefix(file, "node:") || strings.HasPrefix(file, "native")
}

// jsFunction takes "async", the name a function was called as and receivers that say nothing off a
// name. Functions without a name are empty.
func jsFunction(name string) string {
	name = strings.TrimPrefix(name, "async ")
	if i := strings.Index(name, " [as "); i > 0 {
		name = name[:i]
	}
	name = strings.TrimPrefix(name, "Object.")
	if name == "<anonymous>" || name == "anonymous" || strings.HasSuffix(name, ".<anonymous>") {
		return ""
	}
	return name
}
