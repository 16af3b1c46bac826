package stacktrace

import "strings"

// A log driver puts the same kind of prefix in front of every line of a trace. It is what the lines
// have in common when runs of digits count as equal, up to a blank; it must hold a clock or end with
// a separator, and lines that have no more than an indentation in common have none.

// prefixShape returns what the first three lines share; "" when that is no prefix. It costs two
// comparisons of a byte for most texts.
func prefixShape(text string) string {
	shape, n := "", 0
	for rest := text; n < 3 && rest != ""; {
		line := rest
		if i := strings.IndexByte(rest, '\n'); i >= 0 {
			line, rest = rest[:i], rest[i+1:]
		} else {
			rest = ""
		}
		if trim(line) == "" {
			continue
		}
		if n == 0 {
			if indent(line) > 0 {
				return ""
			}
			shape = line
		} else if shape = shape[:sharedShape(shape, line)]; len(shape) < 3 {
			return ""
		}
		n++
	}
	if n < 2 {
		return ""
	}
	return shorterShape(shape, len(shape))
}

// shorterShape cuts a shape back to the last blank before end at which it looks like a prefix.
func shorterShape(shape string, end int) string {
	for {
		for end > 0 && shape[end-1] != ' ' && shape[end-1] != '\t' {
			end--
		}
		// Of several blanks only the first is the separator's; the others may be the trace's own.
		for end > 1 && (shape[end-2] == ' ' || shape[end-2] == '\t') {
			end--
		}
		if end < 3 {
			return ""
		}
		if strings.IndexByte("|]:>-", shape[end-2]) >= 0 {
			return shape[:end]
		}
		for i := 0; i+2 < end; i++ {
			if isDigit(shape[i]) && shape[i+1] == ':' && isDigit(shape[i+2]) {
				return shape[:end]
			}
		}
		end--
	}
}

// parsePrefixed tries the shape, and then shorter ones: equal frames share more than their prefix.
func parsePrefixed(text, shape string, hint Language, limits Limits) (Trace, bool) {
	for range 4 {
		if shape == "" {
			break
		}
		stripped, p := stripPrefixes(text, shape)
		if t, ok := parseAs(stripped, hint, limits); ok {
			t.Start, t.End = p.original(t.Start), p.original(t.End)
			return t, true
		}
		end := len(shape)
		for end > 0 && (shape[end-1] == ' ' || shape[end-1] == '\t') {
			end--
		}
		shape = shorterShape(shape, end)
	}
	return Trace{}, false
}

// stripPrefixes takes the prefix off every line that has it.
func stripPrefixes(text, shape string) (string, *positions) {
	var b strings.Builder
	b.Grow(len(text))
	p := &positions{}
	for pos := 0; pos < len(text); {
		end := len(text)
		if i := strings.IndexByte(text[pos:], '\n'); i >= 0 {
			end = pos + i + 1
		}
		from := pos + max(matchShape(text[pos:end], shape), 0)
		p.add(b.Len(), from)
		b.WriteString(text[from:end])
		pos = end
	}
	return b.String(), p
}

// sharedShape returns how many bytes of a have the same shape in b.
func sharedShape(a, b string) int {
	i, j := 0, 0
	for i < len(a) && j < len(b) {
		if isDigit(a[i]) && isDigit(b[j]) {
			for i < len(a) && isDigit(a[i]) {
				i++
			}
			for j < len(b) && isDigit(b[j]) {
				j++
			}
			continue
		}
		if a[i] != b[j] {
			break
		}
		i++
		j++
	}
	return i
}

// matchShape returns the length of the prefix of line that has the shape; -1 without one. The end
// of a line may lack the blanks that end the shape.
func matchShape(line, shape string) int {
	i, j := 0, 0
	for i < len(shape) {
		if j >= len(line) || line[j] == '\n' || line[j] == '\r' {
			if trimRight(shape[i:]) == "" {
				return j
			}
			return -1
		}
		if isDigit(shape[i]) && isDigit(line[j]) {
			for i < len(shape) && isDigit(shape[i]) {
				i++
			}
			for j < len(line) && isDigit(line[j]) {
				j++
			}
			continue
		}
		if shape[i] != line[j] {
			return -1
		}
		i++
		j++
	}
	return j
}
