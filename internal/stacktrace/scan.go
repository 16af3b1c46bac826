package stacktrace

import (
	"strings"
	"unsafe"
)

// scanner hands a parser one line after another and collects what it finds. Everything it returns
// is a substring of the text, so that a parse allocates little more than the frames.
type scanner struct {
	text   string
	pos    int // start of the line that next returns
	start  int // start of the line that next returned last
	limits Limits
	trace  *Trace
	arena  []Frame // frames of all exceptions, one after another
}

// next returns the next line without its line end.
func (s *scanner) next() (string, bool) {
	if s.pos >= len(s.text) {
		return "", false
	}
	s.start = s.pos
	rest := s.text[s.pos:]
	i := strings.IndexByte(rest, '\n')
	if i < 0 {
		s.pos = len(s.text)
		return trimEOL(rest), true
	}
	s.pos += i + 1
	return trimEOL(rest[:i]), true
}

// peek returns the next line without moving on.
func (s *scanner) peek() (string, bool) {
	pos, start := s.pos, s.start
	line, ok := s.next()
	s.pos, s.start = pos, start
	return line, ok
}

// back makes next return the last line again.
func (s *scanner) back() { s.pos = s.start }

// end is the offset behind the last line that next returned, without its line end.
func (s *scanner) end() int {
	e := s.pos
	for e > s.start && (s.text[e-1] == '\n' || s.text[e-1] == '\r') {
		e--
	}
	return e
}

// grow makes room for the frames of a text that prints perFrame lines a frame.
func (s *scanner) grow(perFrame int) {
	if s.arena != nil {
		return
	}
	n := (strings.Count(s.text[s.pos:], "\n")+1)/perFrame + 2
	s.arena = make([]Frame, 0, min(n, s.limits.Frames))
}

// frame adds a frame unless the limit is reached, which it notes.
func (s *scanner) frame(f Frame) bool {
	if len(s.arena) >= s.limits.Frames {
		s.trace.Truncated = true
		return false
	}
	s.arena = append(s.arena, f)
	return true
}

// frameBelow adds the frame of the last line to a trace that prints one frame a line below its message. head is where that
// begins; without one (-1) the trace begins with its first frame.
func (s *scanner) frameBelow(head int, f Frame) {
	s.grow(1)
	if len(s.arena) == 0 {
		s.trace.Start = s.start
		if head >= 0 {
			s.trace.Start = head
		}
	}
	s.frame(f)
	s.trace.End = s.end()
}

// framesFrom returns the frames added since mark; nil when there are none.
func (s *scanner) framesFrom(mark int) []Frame {
	if mark >= len(s.arena) {
		return nil
	}
	return s.arena[mark:len(s.arena):len(s.arena)]
}

// exception adds an exception unless the limit is reached, which it notes.
func (s *scanner) exception(e Exception) int {
	if len(s.trace.Exceptions) >= s.limits.Exceptions {
		s.trace.Truncated = true
		return -1
	}
	s.trace.Exceptions = append(s.trace.Exceptions, e)
	return len(s.trace.Exceptions) - 1
}

func trimEOL(line string) string {
	if n := len(line); n > 0 && line[n-1] == '\r' {
		return line[:n-1]
	}
	return line
}

// indent counts the leading blanks; a tab counts as one.
func indent(line string) int {
	i := 0
	for i < len(line) && (line[i] == ' ' || line[i] == '\t') {
		i++
	}
	return i
}

func trimLeft(line string) string { return line[indent(line):] }

func trimRight(line string) string {
	n := len(line)
	for n > 0 && (line[n-1] == ' ' || line[n-1] == '\t' || line[n-1] == '\r') {
		n--
	}
	return line[:n]
}

func trim(line string) string { return trimRight(trimLeft(line)) }

func isDigit(c byte) bool { return c-'0' < 10 }
func isUpper(c byte) bool { return c-'A' < 26 }
func isLower(c byte) bool { return c-'a' < 26 }
func isHex(c byte) bool   { return isDigit(c) || c-'a' < 6 || c-'A' < 6 }

// isWord tells letters, digits, underscores and bytes of other alphabets.
func isWord(c byte) bool {
	return isDigit(c) || isLower(c) || isUpper(c) || c == '_' || c >= 0x80
}

// number reads the decimal number that text starts with and its length; 0, 0 without one. A number
// too long for a line is given up.
func number(text string) (value, length int) {
	for length < len(text) && isDigit(text[length]) {
		if length == 9 {
			return 0, 0
		}
		value = value*10 + int(text[length]-'0')
		length++
	}
	return value, length
}

// wholeNumber reads text that is a decimal number from end to end.
func wholeNumber(text string) (int, bool) {
	v, n := number(text)
	return v, n > 0 && n == len(text)
}

// lineColumn splits "file:12:34" or "file:12" from the right. ok needs a line number.
func lineColumn(text string) (file string, line, column int, ok bool) {
	i := strings.LastIndexByte(text, ':')
	if i < 0 {
		return text, 0, 0, false
	}
	last, ok := wholeNumber(text[i+1:])
	if !ok {
		return text, 0, 0, false
	}
	if j := strings.LastIndexByte(text[:i], ':'); j > 0 {
		if l, ok := wholeNumber(text[j+1 : i]); ok {
			return text[:j], l, last, true
		}
	}
	return text[:i], last, 0, true
}

// allOf tells that text is not empty and made of the given bytes alone.
func allOf(text, set string) bool {
	for i := 0; i < len(text); i++ {
		if strings.IndexByte(set, text[i]) < 0 {
			return false
		}
	}
	return len(text) > 0
}

// closing returns the index of the bracket that closes the one at text[open]; -1 without one.
func closing(text string, open int) int {
	depth := 0
	for i := open; i < len(text); i++ {
		switch text[i] {
		case '(', '[', '{', '<':
			depth++
		case '>':
			if i > 0 && (text[i-1] == '-' || text[i-1] == '=') {
				continue // an arrow
			}
			depth--
		case ')', ']', '}':
			depth--
		}
		if depth <= 0 {
			return i
		}
	}
	return -1
}

// reverse turns frames printed caller first around.
func reverse(frames []Frame) {
	for i, j := 0, len(frames)-1; i < j; i, j = i+1, j-1 {
		frames[i], frames[j] = frames[j], frames[i]
	}
}

// join returns the text from the start of a to the end of b when both are parts of the same text,
// which costs no copy, and a without that.
func join(text, a, b string) string {
	from, to := offset(text, a), offset(text, b)
	if from < 0 || to < 0 || to+len(b) < from {
		return a
	}
	return text[from : to+len(b)]
}

// offset is where part begins in text; -1 when it is no part of it.
func offset(text, part string) int {
	if len(part) == 0 || len(text) == 0 {
		return -1
	}
	d := int(uintptr(unsafe.Pointer(unsafe.StringData(part))) - uintptr(unsafe.Pointer(unsafe.StringData(text))))
	if d < 0 || d+len(part) > len(text) {
		return -1
	}
	return d
}
