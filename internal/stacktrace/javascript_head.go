package stacktrace

import "strings"

// jsHead returns where the type begins in the line above the frames; -1 without one.
func jsHead(body string) int {
	i := 0
	if strings.HasPrefix(body, "Uncaught ") {
		i = len("Uncaught ")
		if strings.HasPrefix(body[i:], "(in promise) ") {
			i += len("(in promise) ")
		}
	} else if body[0] == '[' && strings.IndexByte(body, ']') > 0 {
		i = 1
	}
	if n := jsName(body[i:]); n > 0 {
		return i
	}
	if t := errorType(body); t >= 0 {
		return t
	}
	if i == 1 {
		if n := jsName(body); n > 0 {
			return 0
		}
	}
	return -1
}

// jsName returns the length of the name in "TypeError [ERR_X]: message", "Error" and the like at
// the start of text; 0 when it begins otherwise.
func jsName(text string) int {
	i := 0
	for i < len(text) && (isWord(text[i]) || text[i] == '$' || text[i] == '.') {
		i++
	}
	if i == 0 || isDigit(text[0]) {
		return 0
	}
	rest := text[i:]
	if strings.HasPrefix(rest, " [") {
		if j := strings.IndexByte(rest, ']'); j > 0 && strings.IndexByte(rest[2:j], ' ') < 0 {
			rest = rest[j+1:]
		}
	}
	if rest == "" || strings.HasPrefix(rest, ": ") || rest == ":" || strings.HasPrefix(rest, "] {") {
		return i
	}
	return 0
}

// jsTypeMessage splits "TypeError [ERR_X]: message".
func jsTypeMessage(head string) (typ, message string) {
	n := jsName(firstLine(head))
	if n == 0 {
		return "", trim(head)
	}
	typ, rest := head[:n], head[n:]
	if strings.HasPrefix(rest, " [") {
		if j := strings.IndexByte(rest, ']'); j > 0 {
			rest = rest[j+1:]
		}
	}
	rest = trimInspect(rest)
	return typ, strings.TrimRight(strings.TrimPrefix(strings.TrimPrefix(rest, ":"), " "), " \t\r\n")
}

func firstLine(text string) string {
	if i := strings.IndexByte(text, '\n'); i >= 0 {
		return trimRight(text[:i])
	}
	return text
}
