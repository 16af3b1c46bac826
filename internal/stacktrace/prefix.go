package stacktrace

import "strings"

// stripPrefixes takes off the prefix that a log driver put in front of every line. It returns nil
// positions when the lines share none.
//
// A prefix is what all of the first lines have in common when runs of digits count as equal, and it
// must look like one: hold a digit or a separator, and not be indentation alone.
func stripPrefixes(text string) (string, *positions) {
	const sample = 8
	var lines [sample]string
	n := 0
	for rest := text; n < sample && rest != ""; {
		line := rest
		if i := strings.IndexByte(rest, '\n'); i >= 0 {
			line, rest = rest[:i], rest[i+1:]
		} else {
			rest = ""
		}
		if trim(line) == "" {
			continue
		}
		lines[n] = line
		n++
	}
	if n < 2 || indent(lines[0]) > 0 {
		return text, nil
	}
	shape := commonShape(lines[:n])
	if shape == "" {
		return text, nil
	}
	var b strings.Builder
	b.Grow(len(text))
	p := &positions{}
	for pos := 0; pos < len(text); {
		end := len(text)
		if i := strings.IndexByte(text[pos:], '\n'); i >= 0 {
			end = pos + i + 1
		}
		cut := matchShape(text[pos:end], shape)
		p.add(b.Len(), pos+max(cut, 0))
		b.WriteString(text[pos+max(cut, 0) : end])
		pos = end
	}
	return b.String(), p
}

// commonShape returns the prefix of the first line whose shape all lines share, cut back to the end of a separator.
func commonShape(lines []string) string {
	first := lines[0]
	shape := first
	for _, line := range lines[1:] {
		shape = shape[:sharedShape(shape, line)]
	}
	// Cut back to a separator: what all frames begin with is not prefix.
	cut := 0
	for i := 0; i < len(shape); i++ {
		switch shape[i] {
		case ' ', '\t':
			if i > 0 && shape[i-1] != ' ' && shape[i-1] != '\t' {
				cut = i + 1
			}
		}
	}
	shape = shape[:cut]
	if len(shape) < 3 {
		return ""
	}
	word := trimRight(shape)
	last := word[len(word)-1]
	if strings.IndexByte("|]:>-", last) >= 0 {
		return shape
	}
	for i := 0; i+2 < len(shape); i++ { // a clock
		if isDigit(shape[i]) && shape[i+1] == ':' && isDigit(shape[i+2]) {
			return shape
		}
	}
	return ""
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
