package stacktrace

import "strings"

// startsRecord tells a line that begins another log record: a date or clock, or a level in
// brackets. A message may go on over many lines; it ends where the next record begins.
func startsRecord(line string) bool {
	i := 0
	if i < len(line) && (line[i] == '[' || line[i] == '<' || line[i] == '"') {
		i++
	}
	// 2026-11-22, 2026/11/22, 22/Nov/2026, 12:00:01
	if _, n := number(line[i:]); n == 4 || n == 2 || n == 1 {
		rest := line[i+n:]
		if len(rest) >= 6 {
			if (rest[0] == '-' || rest[0] == '/') && n == 4 && isDigit(rest[1]) && isDigit(rest[2]) && rest[3] == rest[0] && isDigit(rest[4]) {
				return true
			}
			if rest[0] == ':' && n == 2 && isDigit(rest[1]) && isDigit(rest[2]) && rest[3] == ':' && isDigit(rest[4]) {
				return true
			}
			if rest[0] == '/' && isUpper(rest[1]) && isLower(rest[2]) && isLower(rest[3]) && rest[4] == '/' {
				return true
			}
		}
		return false
	}
	for _, level := range [...]string{"INFO", "DEBUG", "ERROR", "WARN", "WARNING", "FATAL", "TRACE", "CRITICAL", "NOTICE"} {
		if len(line) > i+len(level) && line[i:i+len(level)] == level {
			switch line[i+len(level)] {
			case ' ', ':', ']', '\t', '|':
				return true
			}
		}
	}
	return false
}

// errorType returns where the first name that ends like an error's begins in line, when a colon or
// the end of the line follows; -1 without one. Log lines put such names behind text of their own.
func errorType(line string) int {
	for i := 0; i < len(line); {
		if !isWord(line[i]) {
			i++
			continue
		}
		from := i
		for i < len(line) && (isWord(line[i]) || line[i] == '$' || (line[i] == '.' || line[i] == '\\') && i+1 < len(line) && isWord(line[i+1])) {
			i++
		}
		if i < len(line) && line[i] != ':' && !strings.HasPrefix(line[i:], " [ERR_") {
			continue
		}
		if isErrorName(line[from:i]) {
			return from
		}
	}
	return -1
}

// A text may have several lines that could be the head of a trace. The best is kept, of equals the
// first: what follows it is its message.
const (
	noHead   = iota
	weakHead // a name and a colon, at the start of a line
	someHead // the name of an error inside a line, as a log line quotes it
	sureHead // the name of an error at the start of a line
)

// head tells where a head begins in a line, and how good it is. plain is where the language's own
// rule finds one; -1 when nowhere.
func head(line string, plain int) (at, quality int) {
	switch t := errorType(line); {
	case t == 0 || t >= 0 && t == plain:
		return t, sureHead
	case t > 0 && plain < 0:
		return t, someHead
	case plain >= 0:
		return plain, weakHead
	}
	return -1, noHead
}

// isErrorName tells a type by its name.
func isErrorName(name string) bool {
	if name == "" || isDigit(name[0]) {
		return false
	}
	own := name[strings.LastIndexAny(name, ".$\\")+1:]
	if own == "" || !isUpper(own[0]) {
		return false
	}
	return strings.HasSuffix(own, "Exception") || strings.HasSuffix(own, "Error") || strings.HasSuffix(own, "Throwable") || strings.HasSuffix(own, "Failure")
}
