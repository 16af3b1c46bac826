package stacktrace

import "strings"

// pyMargin takes the margin of an exception group off a line and returns its column; 0 without one.
func pyMargin(line string) (string, int) {
	i := indent(line)
	if i < len(line) && i > 0 && (line[i] == '|' || line[i] == '+') {
		if line[i] == '+' && strings.HasPrefix(line[i:], "+-+-") {
			return line[i:], i + 2
		}
		rest := line[i+1:]
		if line[i] == '|' && rest == "" {
			return "", i
		}
		if strings.HasPrefix(rest, " ") {
			return rest[1:], i
		}
		if strings.HasPrefix(rest, "--") {
			return line[i:], i
		}
	}
	return line, 0
}

// pySeparator tells the line above a member ("+---- 1 ----") and below the last ("+-------").
func pySeparator(text string) (member, last bool) {
	if !strings.HasPrefix(text, "+-+---") && !strings.HasPrefix(text, "+---") {
		return false, false
	}
	for i := 0; i < len(text); i++ {
		switch c := text[i]; {
		case c == '-' || c == '+':
		case isDigit(c) || c == ' ' || c == '.':
			member = true
		default:
			return false, false
		}
	}
	return member, !member
}

// pyMarker tells the lines that point into a source line, and those that fold a recursion.
func pyMarker(body string) bool {
	first, last := body[0], body[len(body)-1]
	return (first == '^' || first == '~') && (last == '^' || last == '~') || first == '[' && strings.HasPrefix(body, "[Previous line repeated ")
}

// pyFrame reads `File "shop/pricing.py", line 11, in process_order`.
func pyFrame(body string) (Frame, bool) {
	if !strings.HasPrefix(body, `File "`) {
		return Frame{}, false
	}
	rest := body[len(`File "`):]
	i := strings.Index(rest, `", line `)
	if i < 0 {
		return Frame{}, false
	}
	f := Frame{File: rest[:i]}
	rest = rest[i+len(`", line `):]
	line, n := number(rest)
	if n == 0 {
		return Frame{}, false
	}
	f.Line = line
	if rest = rest[n:]; strings.HasPrefix(rest, ", in ") {
		f.Function = rest[len(", in "):]
	}
	return f, true
}

// pyExceptionLine tells a line that starts with a type: a dotted name, then a colon or the end.
func pyExceptionLine(body string) bool {
	i, part := 0, 0
	for i < len(body) {
		c := body[i]
		if isWord(c) || c == '<' || c == '>' {
			if i == part && isDigit(c) {
				return false
			}
			i++
			continue
		}
		if c == '.' && i > part {
			i++
			part = i
			continue
		}
		break
	}
	if i == part {
		return false
	}
	return i == len(body) || body[i] == ':' && (i+1 == len(body) || body[i+1] == ' ')
}

// pyCertain tells an exception line from source code when nothing is indented.
func pyCertain(body string) bool {
	if !pyExceptionLine(body) {
		return false
	}
	name := body
	if i := strings.IndexByte(body, ':'); i > 0 {
		name = body[:i]
	}
	for _, end := range [...]string{"Error", "Exception", "Warning", "Exit", "Interrupt", "Iteration", "Group", "Timeout", "NotFound", "DoesNotExist"} {
		if strings.HasSuffix(name, end) {
			return true
		}
	}
	return strings.IndexByte(name, '.') > 0 && len(name) < len(body)
}
