package stacktrace

import (
	"slices"
	"strings"
)

// Errors that name what they are about ("order 8812 has no items") have a stack each, of which the first lines alone are new.
// What stands from the first frame on needs to be read once.

// Tail is a trace whose frames are known.
type Tail struct {
	trace Trace
	size  int // bytes of the text from the first frame on
}

// TailOf returns where the frames of a text begin, or what looks like them; false for texts that [NewTail] takes none of.
func TailOf(text string) (at int, ok bool) {
	for i := strings.IndexByte(text, '\n'); i >= 0; {
		rest := trimLeft(text[i+1:])
		if strings.HasPrefix(rest, "at ") {
			return i, strings.IndexByte(text[:i], 0x1b) < 0
		}
		next := strings.IndexByte(text[i+1:], '\n')
		if next < 0 {
			break
		}
		i += 1 + next
	}
	return 0, false
}

// NewTail remembers the frames of t, which [ParseLimits] has found in text; its InApp rules belong to it. It knows traces of Java:
// their parser is in the same state at the first frame, whatever came before it.
func NewTail(text string, hint Language, t *Trace) (*Tail, bool) {
	at, ok := TailOf(text)
	if !ok || t.Language != Java || t.Truncated || len(t.Exceptions) == 0 || strings.IndexByte(text, 0x1b) >= 0 {
		return nil, false
	}
	tail := &Tail{trace: *t, size: len(text) - at}
	tail.trace.End -= len(text)
	// Others may complete the exceptions by what they know.
	tail.trace.Exceptions = slices.Clone(t.Exceptions)
	_, ok = tail.Parse(text, hint)
	return tail, ok
}

// Parse returns what [ParseLimits] finds in a text that has this tail from [TailOf] on; false where only that can tell. The
// frames of the result are shared.
func (k *Tail) Parse(text string, hint Language) (Trace, bool) {
	at := len(text) - k.size
	if hint != Java && hint != Unknown || at < 0 {
		return Trace{}, false
	}
	// Two lines of frames, with a head the three lines that decide about prefixes.
	end := at
	for range 2 {
		i := strings.IndexByte(text[end+1:], '\n')
		if i < 0 {
			return Trace{}, false
		}
		end += 1 + i
	}
	// A copy, so that what is found keeps no more alive.
	head := strings.Clone(text[:end])
	if clean, _ := prepare(head); len(clean) != len(head) || prefixShape(head) != "" {
		return Trace{}, false
	}
	t, ok := parseAs(head, hint, DefaultLimits)
	if !ok || t.Language != Java || t.Truncated || len(t.Exceptions) != 1 {
		return Trace{}, false
	}
	known := k.trace.Exceptions[0].Frames
	for i, f := range t.Exceptions[0].Frames {
		if i < len(known) {
			f.InApp = known[i].InApp
		}
		if i >= len(known) || f != known[i] {
			return Trace{}, false
		}
	}
	outermost := t.Exceptions[0]
	outermost.Frames = known
	t.Exceptions = slices.Clone(k.trace.Exceptions)
	t.Exceptions[0] = outermost
	t.End = len(text) + k.trace.End
	return t, true
}
