package stacktrace

import "strings"

// Limits bound what one parse may take. The zero value of a field stands for its default.
type Limits struct {
	Bytes      int // of text that is read [1 MiB]
	Frames     int // of all exceptions together [16384]; one takes 80 bytes
	Exceptions int // of the chain, groups and suppressed ones included [64]
}

// DefaultLimits are those that [Parse] uses.
var DefaultLimits = Limits{Bytes: 1 << 20, Frames: 1 << 14, Exceptions: 64}

func (l Limits) orDefault() Limits {
	if l.Bytes <= 0 {
		l.Bytes = DefaultLimits.Bytes
	}
	if l.Frames <= 0 {
		l.Frames = DefaultLimits.Frames
	}
	if l.Exceptions <= 0 {
		l.Exceptions = DefaultLimits.Exceptions
	}
	return l
}

// Parse finds the stack trace in text and takes it apart. The text may be a trace from end to end
// or a log message that holds one: behind a prefix on every line, indented anew, with Windows line
// ends, with colours, or with line ends written as \n. hint is the language that the telemetry
// tells, tried first; it may be wrong or Unknown.
//
// The strings of the result are parts of text (of a cleaned copy of it where it had to be
// unescaped), so they keep it alive.
func Parse(text string, hint Language) (Trace, bool) {
	return ParseLimits(text, hint, DefaultLimits, InApp{})
}

// ParseLimits is [Parse] with other bounds, and with rules about which frames are the application's.
func ParseLimits(text string, hint Language, limits Limits, rules InApp) (Trace, bool) {
	limits = limits.orDefault()
	truncated := false
	if len(text) > limits.Bytes {
		text, truncated = text[:limits.Bytes], true
	}
	clean, m := prepare(text)
	t, ok := Trace{}, false
	if shape := prefixShape(clean); shape != "" {
		t, ok = parsePrefixed(clean, shape, hint, limits)
	}
	if !ok {
		t, ok = parseAs(clean, hint, limits)
	}
	if !ok {
		return Trace{}, false
	}
	t.Start, t.End = m.original(t.Start), m.original(t.End)
	t.Truncated = t.Truncated || truncated
	t.markInApp(rules)
	return t, true
}

func parseAs(text string, hint Language, limits Limits) (Trace, bool) {
	var t Trace
	if hint == WebJS {
		hint = NodeJS
	}
	if d := dialectOf(hint); d != nil && run(d.parse, text, limits, &t) {
		t.Language = hint
		return t, true
	}
	detected := Detect(text)
	if detected == hint || detected == Unknown {
		return Trace{}, false
	}
	if d := dialectOf(detected); d != nil && run(d.parse, text, limits, &t) {
		t.Language = detected
		return t, true
	}
	return Trace{}, false
}

func run(parse func(*scanner) bool, text string, limits Limits, t *Trace) bool {
	*t = Trace{}
	s := scanner{text: text, limits: limits, trace: t}
	if !parse(&s) || len(t.Exceptions) == 0 {
		*t = Trace{}
		return false
	}
	return true
}

// positions maps offsets of a cleaned text back to the text it was made from. Nil maps to itself.
type positions struct {
	clean, source []int // ascending pairs: from clean[i] on, the offset is that of source[i]
}

func (p *positions) add(clean, source int) {
	p.clean = append(p.clean, clean)
	p.source = append(p.source, source)
}

func (p *positions) original(at int) int {
	if p == nil {
		return at
	}
	lo, hi := 0, len(p.clean)
	for lo < hi {
		if mid := (lo + hi) / 2; p.clean[mid] <= at {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo == 0 {
		return at
	}
	return p.source[lo-1] + at - p.clean[lo-1]
}

// prepare undoes what the way of a text did to it: line ends written as \n and terminal colours.
// Of a JSON or logfmt record it takes the string that has most lines. It returns the text itself
// when there is nothing to undo.
func prepare(text string) (string, *positions) {
	escaped := strings.IndexByte(text, '\n') < 0 && strings.Contains(text, `\n`)
	if !escaped {
		// A record of one JSON line may still end with a line end of its own.
		if i := strings.IndexByte(text, '\n'); i >= 0 && i == len(text)-1 {
			escaped = strings.Contains(text, `\n`)
		}
	}
	if !escaped && strings.IndexByte(text, 0x1b) < 0 {
		return text, nil
	}
	from, to := 0, len(text)
	if escaped {
		from, to = longestLiteral(text)
	}
	var b strings.Builder
	b.Grow(to - from)
	p := &positions{}
	p.add(0, from)
	text = text[:to]
	for i := from; i < len(text); {
		c := text[i]
		if c == 0x1b {
			i = skipEscapeSequence(text, i)
			p.add(b.Len(), i)
			continue
		}
		if escaped && c == '\\' && i+1 < len(text) {
			r := text[i+1]
			switch r {
			case 'n':
				r = '\n'
			case 't':
				r = '\t'
			case 'r':
				r = '\r'
			case '"', '/', '\\':
			default:
				b.WriteByte(c)
				i++
				continue
			}
			b.WriteByte(r)
			i += 2
			p.add(b.Len(), i)
			continue
		}
		b.WriteByte(c)
		i++
	}
	return b.String(), p
}

// skipEscapeSequence returns the offset behind the ECMA-48 control sequence at text[i].
func skipEscapeSequence(text string, i int) int {
	i++
	if i >= len(text) || text[i] != '[' {
		return i
	}
	for i++; i < len(text); i++ {
		if c := text[i]; c >= 0x40 && c <= 0x7e {
			return i + 1
		} else if c < 0x20 {
			return i
		}
	}
	return i
}

// longestLiteral returns the bounds of the quoted string of a JSON or logfmt record that has most
// escaped line ends; those of the whole text when it is no such record.
func longestLiteral(text string) (from, to int) {
	first := strings.Index(text, `\n`)
	record := trimLeft(text)
	if record == "" || record[0] != '{' && !strings.Contains(text[:first], `="`) {
		return 0, len(text)
	}
	from, to, most, open := 0, len(text), 0, -1
	for i := 0; i < len(text); i++ {
		switch text[i] {
		case '\\':
			i++
		case '"':
			if open < 0 {
				open = i + 1
				continue
			}
			if n := strings.Count(text[open:i], `\n`); n > most {
				from, to, most = open, i, n
			}
			open = -1
		}
	}
	if open >= 0 && strings.Count(text[open:], `\n`) > most {
		return open, len(text) // cut off
	}
	return from, to
}
