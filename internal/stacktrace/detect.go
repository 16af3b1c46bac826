package stacktrace

import "strings"

// Detect tells the language of the stack trace in text; Unknown when there is none.
func Detect(text string) Language {
	for rest := text; rest != ""; {
		line := rest
		if i := strings.IndexByte(rest, '\n'); i >= 0 {
			line, rest = rest[:i], rest[i+1:]
		} else {
			rest = ""
		}
		body := trim(line)
		switch {
		case body == "":
		case strings.HasSuffix(body, pyHeader):
			return Python
		case body[0] == 'F':
			if _, ok := pyFrame(body); ok {
				return Python
			}
		case body[0] == 'a':
			if _, ok := javaFrame(body); ok {
				return Java
			}
		}
	}
	return Unknown
}

// Looks tells cheaply and without allocation whether text might hold a stack trace.
func Looks(text string) bool {
	return strings.IndexByte(text, '\n') >= 0 || strings.Contains(text, `\n`)
}
