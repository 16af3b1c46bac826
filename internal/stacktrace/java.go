package stacktrace

import "strings"

// Java prints crash first and the wrapper before its cause. "... n more" stands for the last n
// frames of the enclosing trace; suppressed exceptions are indented, their causes more
// (java.lang.Throwable.printStackTrace). Kotlin, Scala, Groovy and Clojure print the same way.

type javaParser struct {
	*scanner
	last   int // the exception whose frames are being read
	level  [16]int
	depth  int // nesting of the last exception in level
	margin [16]int
	mark   int
}

var java = dialect{parse: parseJava, library: javaLibrary, clean: javaClean}

func parseJava(s *scanner) bool {
	p := javaParser{scanner: s, last: -1}
	first, headStart, headEnd, best := "", -1, 0, noHead
	for {
		line, ok := s.next()
		if !ok {
			break
		}
		body := trim(line)
		if f, ok := javaFrame(body); ok {
			if p.last < 0 {
				if !p.open(first, headStart, headEnd) {
					break
				}
				if headStart < 0 {
					s.trace.Start = s.start
				}
			}
			s.frame(f)
			s.trace.End = s.end()
			continue
		}
		if p.last >= 0 {
			if n, ok := javaMore(body); ok {
				p.more(n)
				s.trace.End = s.end()
				continue
			}
		}
		if relation, rest, ok := javaNext(body); ok {
			if p.last < 0 {
				if headStart < 0 {
					// A trace that was cut off at its top: the cause is all there is.
					first, headStart, headEnd, best = rest, s.start+indent(line)+len(body)-len(rest), s.end(), sureHead
					continue
				}
				if !p.open(first, headStart, headEnd) {
					break
				}
			}
			p.nested(relation, indent(line), p.message(rest))
			continue
		}
		if p.last >= 0 {
			if body == "" || strings.HasPrefix(body, "...") || javaNoise(body) {
				continue
			}
			break
		}
		if body == "" || javaNoise(body) {
			continue
		}
		if startsRecord(body) {
			headStart, best = -1, noHead
		}
		if t, q := javaHead(body); q > best {
			first, headStart, headEnd, best = body[t:], s.start+indent(line)+t, s.end(), q
		} else if headStart >= 0 {
			headEnd = s.end()
		}
	}
	p.finish()
	return p.last >= 0 && len(s.arena) > 0
}

// open starts the outermost exception with the head found before its first frame.
func (p *javaParser) open(head string, start, end int) bool {
	p.grow(1)
	e := Exception{Parent: -1}
	if start >= 0 {
		e.Type, e.Message = javaTypeMessage(p.text[start:end])
		p.trace.Start, p.trace.End = start, end
	}
	p.last = p.exception(e)
	p.mark = len(p.arena)
	return p.last >= 0
}

// message reads on from a "Caused by:" line while its message has more lines.
func (p *javaParser) message(head string) string {
	from := offset(p.text, head)
	end := p.end()
	for {
		line, ok := p.next()
		if !ok {
			break
		}
		body := trim(line)
		_, isFrame := javaFrame(body)
		_, isMore := javaMore(body)
		_, _, isNext := javaNext(body)
		if isFrame || isMore || isNext || startsRecord(body) {
			p.back()
			break
		}
		if body != "" && !javaNoise(body) {
			end = p.end()
		}
	}
	p.trace.End = end
	if from < 0 || from > end {
		return head
	}
	return p.text[from:end]
}

// nested starts a cause or a suppressed exception; indentation tells whose.
func (p *javaParser) nested(relation Relation, margin int, head string) {
	p.finish()
	var parent int
	if relation == Suppressed {
		// Suppressed stands one level below the exception that holds it.
		for p.depth > 0 && p.margin[p.depth] >= margin {
			p.depth--
		}
		parent = p.level[p.depth]
		if p.depth+1 < len(p.level) {
			p.depth++
		}
	} else {
		for p.depth > 0 && p.margin[p.depth] > margin {
			p.depth--
		}
		parent = p.level[p.depth]
	}
	e := Exception{Relation: relation, Parent: parent}
	e.Type, e.Message = javaTypeMessage(head)
	p.mark = len(p.arena)
	at := p.exception(e)
	if at < 0 {
		return
	}
	p.last = at
	p.level[p.depth], p.margin[p.depth] = at, margin
}

// more restores the frames that an exception shares with the one that encloses it.
func (p *javaParser) more(n int) {
	parent := p.trace.Exceptions[p.last].Parent
	if parent < 0 {
		return
	}
	frames := p.trace.Exceptions[parent].Frames
	for _, f := range frames[max(len(frames)-n, 0):] {
		p.frame(f)
	}
}

func (p *javaParser) finish() {
	if p.last >= 0 && p.trace.Exceptions[p.last].Frames == nil {
		p.trace.Exceptions[p.last].Frames = p.framesFrom(p.mark)
	}
	p.mark = len(p.arena)
}

// javaFrame reads "at app//com.acme.App.handle(App.java:71)". What stands in parentheses must be a
// source, which tells it from a frame of JavaScript or .NET.
func javaFrame(body string) (Frame, bool) {
	if !strings.HasPrefix(body, "at ") || len(body) < 8 {
		return Frame{}, false
	}
	rest := body[3:]
	if rest[len(rest)-1] != ')' {
		// Logback appends the archive: "~[spring-web-5.3.jar:5.3]".
		i := strings.LastIndexByte(rest, ')')
		if i < 0 {
			return Frame{}, false
		}
		if tail := trimLeft(rest[i+1:]); !strings.HasPrefix(tail, "[") && !strings.HasPrefix(tail, "~[") {
			return Frame{}, false
		}
		rest = rest[:i+1]
	}
	open := strings.LastIndexByte(rest, '(')
	if open <= 0 {
		return Frame{}, false
	}
	source, name := rest[open+1:len(rest)-1], rest[:open]
	if strings.IndexByte(name, ' ') >= 0 {
		return Frame{}, false
	}
	dot := open - 1
	for dot >= 0 && name[dot] != '.' && name[dot] != '/' {
		dot--
	}
	if slash := strings.IndexByte(name, '/'); slash >= 0 {
		slash = strings.LastIndexByte(name, '/') + 1 // class loader and module: "app//", "java.base@17/"
		name, dot = name[slash:], dot-slash
	}
	f := Frame{Function: name}
	if dot > 0 {
		f.Module, f.Function = name[:dot], name[dot+1:]
	} else if !strings.Contains(source, ".php") { // the OpenTelemetry SDK of PHP prints this way too
		return Frame{}, false
	}
	ok := javaSource(source, &f)
	return f, ok
}

// javaSource reads what stands in the parentheses: "App.java:71", "Native Method", "SourceFile".
func javaSource(source string, f *Frame) bool {
	if i := strings.IndexByte(source, ':'); i >= 0 {
		line, ok := wholeNumber(source[i+1:])
		if !ok {
			return false
		}
		file := source[:i]
		for k := range len(file) {
			if file[k] == '/' || file[k] == '\\' {
				return false
			}
		}
		f.Line = line
		if f.File = file; file == "Unknown Source" {
			f.File = ""
		}
		return true
	}
	switch source {
	case "Native Method", "Unknown Source", "<generated>", "<unknown>":
		return true
	}
	f.File = source
	switch source[strings.LastIndexByte(source, '.')+1:] {
	case "java", "kt", "scala", "groovy", "clj", "kts", "SourceFile", "D8$$SyntheticClass":
		return true
	}
	return false
}

// javaMore reads "... 3 more" and "... 3 common frames omitted".
func javaMore(body string) (int, bool) {
	if !strings.HasPrefix(body, "... ") {
		return 0, false
	}
	n, l := number(body[4:])
	if l == 0 {
		return 0, false
	}
	rest := body[4+l:]
	return n, strings.HasPrefix(rest, " more") || strings.HasPrefix(rest, " common frames omitted")
}

// javaNext reads the head of a cause or a suppressed exception.
func javaNext(body string) (Relation, string, bool) {
	if rest, ok := strings.CutPrefix(body, "Caused by: "); ok {
		return Cause, rest, !strings.HasPrefix(rest, "[CIRCULAR REFERENCE")
	}
	if rest, ok := strings.CutPrefix(body, "Suppressed: "); ok {
		return Suppressed, rest, true
	}
	if rest, ok := strings.CutPrefix(body, "Wrapped by: "); ok {
		return Cause, rest, true
	}
	return "", "", false
}

// javaNoise tells a line that frameworks print between frames.
func javaNoise(body string) bool {
	return strings.HasPrefix(body, "(Coroutine boundary") || strings.HasPrefix(body, "[CIRCULAR REFERENCE") || strings.HasPrefix(body, "Caused by: [CIRCULAR REFERENCE") || strings.HasPrefix(body, "*__checkpoint") || strings.HasPrefix(body, "|_ checkpoint") ||
		strings.HasPrefix(body, "Original Stack Trace:") || strings.HasPrefix(body, "Error has been observed at the following site") ||
		strings.HasPrefix(body, "- locked ") || strings.HasPrefix(body, "- waiting ")
}

// javaHead returns where a type begins in the line above the frames, and how sure that is.
func javaHead(body string) (at, quality int) {
	if strings.HasPrefix(body, `Exception in thread "`) {
		// A thread's name may hold quotes: the type follows the first that a name follows.
		for i := len(`Exception in thread "`); ; {
			j := strings.Index(body[i:], `" `)
			if j < 0 {
				break
			}
			if i += j + 2; jsName(body[i:]) > 0 {
				return i, sureHead
			}
		}
	}
	// A class need not call itself an error; with a package it is sure enough.
	i, dots, upper := 0, 0, isUpper(body[0])
	for i < len(body) && (isWord(body[i]) || body[i] == '.' || body[i] == '$') {
		if body[i] == '.' {
			dots++
			upper = i+1 < len(body) && isUpper(body[i+1])
		}
		i++
	}
	plain := -1
	if upper && (i == len(body) || body[i] == ':' && (i+1 == len(body) || body[i+1] == ' ')) {
		if dots > 0 {
			return 0, sureHead
		}
		plain = 0
	}
	return head(body, plain)
}

// javaTypeMessage splits "type: message"; the message may be missing.
func javaTypeMessage(head string) (typ, message string) {
	i := strings.Index(head, ": ")
	if j := strings.IndexByte(head, '\n'); j >= 0 && (i < 0 || j < i) {
		typ = head[:j]
		if strings.HasSuffix(trimRight(typ), ":") {
			return trimRight(typ)[:len(trimRight(typ))-1], trim(head[j+1:])
		}
		return trimRight(typ), head[j+1:]
	}
	if i < 0 {
		return strings.TrimSuffix(trimRight(head), ":"), ""
	}
	return head[:i], trimRight(head[i+2:])
}
