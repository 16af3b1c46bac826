package grouping

import (
	"bytes"
	"unicode/utf8"
)

// maxPeriod is the longest group of values whose repetition is folded: four covers a list of
// objects with four keys.
const maxPeriod = 4

// emit writes the template. Values that follow each other with nothing but separators between them
// are one, and groups of text and values that repeat are written once, so that a list has the same
// template whatever its length.
func (e *engine) emit(lex []lexeme) {
	out := e.out
	last := -1 // length of out behind the last value while only separators followed, else -1
	lastClass := clsAny
	for i := range lex {
		l := &lex[i]
		if len(out) >= maxOutput {
			break
		}
		switch l.kind {
		case kSkip:
			continue
		case kWord:
			if l.space && len(out) > 0 {
				out = append(out, ' ')
			}
			out = append(out, e.text(l)...)
			last = -1
		case kPunct:
			c := e.s[l.start]
			if c == ']' && last == len(out) && len(e.ends) > 0 && e.mode != modeReadable {
				var done bool
				if out, done = e.unbracket(out, len(Any)); done {
					last = len(out)
					continue
				}
			}
			if l.space && len(out) > 0 {
				out = append(out, ' ')
			}
			if c < 0x80 {
				out = append(out, c)
			} else {
				out = append(out, e.text(l)...)
			}
			if !separator(c) {
				last = -1
			}
			if l.flags&fVocab != 0 { // a value that is not there
				out, last, lastClass = e.placeholder(out, last, clsStr, lastClass, false)
			}
		case kValue:
			out, last, lastClass = e.placeholder(out, last, l.class, lastClass, l.space)
		}
	}
	if len(out) > maxOutput {
		out = out[:maxOutput]
		for len(out) > 0 && !utf8.RuneStart(out[len(out)-1]) {
			out = out[:len(out)-1]
		}
		if len(out) > 0 && out[len(out)-1] >= utf8.RuneSelf {
			out = out[:len(out)-1]
		}
	}
	e.out = trimEnd(out)
}

// unbracket takes off the square brackets around a value that out ends with, when there are any. A
// value in brackets may look like a token of redaction, "[GB82WEST12345698765432]", and a token may
// stand in brackets, "[[IBAN]]". width is the length of the value's placeholder.
func (e *engine) unbracket(out []byte, width int) ([]byte, bool) {
	start := len(out) - width
	if start < 1 || out[start-1] != '[' {
		return out, false
	}
	n := len(e.ends)
	if n > 1 {
		between := out[e.ends[n-2] : start-1]
		folds := true
		for _, c := range between {
			folds = folds && (c == ' ' || separator(c))
		}
		if folds {
			out = out[:e.ends[n-2]]
			e.ends = e.ends[:n-1]
			return out, true
		}
	}
	copy(out[start-1:], out[start:])
	out = out[:len(out)-1]
	e.ends[n-1] = len(out)
	return out, true
}

func separator(c byte) bool {
	switch c {
	case ',', ':', ';', '/', '-', '+', '.', '|', '@', '#', '&', '*', '~', '\\', '%', '!', '?', '^', '$', '_':
		return true
	}
	return false
}

func (e *engine) placeholder(out []byte, last int, c, lastClass class, space bool) ([]byte, int, class) {
	name := Any
	if e.mode == modeReadable {
		name = classNames[c]
	}
	if last >= 0 {
		out = out[:last]
		if e.mode == modeReadable && c != lastClass && last >= len(classNames[lastClass]) {
			// Values of several kinds in a row: say that something is there.
			out = append(out[:last-len(classNames[lastClass])], Any...)
			c = clsAny
			e.ends[len(e.ends)-1] = len(out)
		}
		return out, len(out), c
	}
	if space && len(out) > 0 {
		out = append(out, ' ')
	}
	out = append(out, name...)
	e.ends = append(e.ends, len(out))
	// Fold what repeats: the text since the value p values ago is the same as the text before that.
	ends := e.ends
	n := len(ends)
	for p := 1; p <= maxPeriod && 2*p < n; p++ {
		a, b, d := ends[n-1-2*p], ends[n-1-p], ends[n-1]
		if b-a == d-b && bytes.Equal(out[a:b], out[b:d]) {
			out = out[:b]
			e.ends = ends[:n-p]
			break
		}
	}
	return out, len(out), c
}

// trimEnd takes stops and blanks off the end.
func trimEnd(out []byte) []byte {
	for len(out) > 0 {
		switch out[len(out)-1] {
		case ' ', '.', ',', ';', ':', '!', '-':
			out = out[:len(out)-1]
			continue
		}
		break
	}
	return out
}
