package pii

import (
	"math/bits"
	"unicode/utf8"

	"github.com/otel-culprit/culprit/internal/pii/token"
)

// maxPasses bounds how often a changed text is scanned again: a value that goes may lay a second one
// open, and the result must be a text in which nothing is found.
const maxPasses = 4

// Redact returns text without what is found in it, and whether that changed it. The result is a new
// string or text itself.
func (w *Worker) Redact(text string, key *Key) (string, bool) {
	if text == "" {
		return text, false
	}
	if key != nil {
		if key.allowed {
			return text, false
		}
		if key.rule >= 0 {
			if out, done := w.keyed(text, key); done {
				return out, out != text
			}
		}
		if key.id && isID(text) {
			return text, false
		}
	}
	cut := false
	if len(text) > w.s.config.MaxValueBytes {
		if !w.s.config.CutLong {
			w.count(CutRule)
			if w.DryRun {
				return text, false
			}
			return Unscanned, true
		}
		n := w.s.config.MaxValueBytes
		for n > 0 && !utf8.RuneStart(text[n]) {
			n--
		}
		text, cut = text[:n], true
		w.count(CutRule)
	}
	var slots *[2]cleanSlot
	if key != nil && len(text) <= maxClean && len(text) > 7 {
		slots = &w.clean[(shortHash(text)^key.serial)&(cleanSets-1)]
		for i := range slots {
			if x := &slots[i]; x.serial == key.serial && int(x.n) == len(text) && string(x.text[:x.n]) == text {
				return text, false
			}
		}
	}
	if len(text) <= 64 && w.quiet(text, key) {
		if slots != nil {
			w.keep(slots, text, key)
		}
		return text, false
	}
	if c := text[0]; c == '{' || c == '[' || c == ' ' || c == '"' {
		if out, changed, ok := w.redactJSON(text, key); ok {
			return out, changed || cut
		}
	}
	out, changed := w.redact(text, key)
	if slots != nil && !changed && !w.DryRun {
		w.keep(slots, text, key)
	}
	return out, changed || cut
}

// Unscanned stands in the place of a value that could not be scanned.
const Unscanned = "[UNSCANNED]"

// CutRule is what Count is told for a value that was longer than MaxValueBytes.
const CutRule = -1

// keyed handles a value whose key takes it whole; done is false when the key's check refuses the value.
func (w *Worker) keyed(text string, key *Key) (string, bool) {
	if text == "" {
		return text, true
	}
	if key.check != nil && !key.check(text) {
		return text, false
	}
	if _, n := token.Parse(text); n == len(text) || w.finished(key.rule, text) || w.allowed(text) {
		return text, true
	}
	w.count(key.rule)
	if w.DryRun {
		return text, true
	}
	w.out = w.apply(w.out[:0], key.rule, text)
	return string(w.out), true
}

// finished tells whether text is what the rule writes itself.
func (w *Worker) finished(ruleID int, text string) bool {
	r := &w.s.actions[ruleID]
	return text == r.text || r.action.Type == Mask && text == "****"
}

// redact is Redact for a text without a structure.
func (w *Worker) redact(text string, key *Key) (string, bool) {
	out, changed := text, false
	for range maxPasses {
		w.scan(out, key)
		if len(w.findings) == 0 {
			return out, changed
		}
		for i := range w.findings {
			w.count(w.findings[i].rule)
		}
		if w.DryRun {
			return text, false
		}
		if f := &w.findings[0]; f.Start == 0 && f.End == len(out) && w.s.actions[f.rule].action.Type == Replace {
			return w.s.actions[f.rule].text, true
		}
		again := w.crossed || w.touches(out) || w.s.bare && w.digitsLeft(out) || !w.s.bare && w.closesUp(out)
		if out, changed = w.rewrite(out), true; !again {
			return out, true
		}
	}
	// Still something: rather nothing than a leak.
	w.scan(out, key)
	if len(w.findings) > 0 {
		return "[REDACTED]", true
	}
	return out, changed
}

// touches tells whether something that may belong to a value stands next to a finding: with the finding
// gone it may be one. Otherwise there is nothing that a second pass could find.
func (w *Worker) touches(text string) bool {
	for i := range w.findings {
		f := &w.findings[i]
		if w.s.actions[f.rule].action.Type == Remove || w.s.actions[f.rule].action.Type == Mask ||
			f.Start > 0 && !plainBorder[text[f.Start-1]] || f.End < len(text) && !plainBorder[text[f.End]] ||
			i > 0 && f.Start-w.findings[i-1].End < 2 {
			return true
		}
	}
	return false
}

// closesUp tells whether a number is left beside a finding, to which words on its other side come nearer when a shorter
// token takes its place.
func (w *Worker) closesUp(text string) bool {
	from := 0
	for i := range w.findings {
		f := &w.findings[i]
		to := len(text)
		if i+1 < len(w.findings) {
			to = w.findings[i+1].Start
		}
		if f.End-f.Start > 4 && (longNumber(text[max(from, f.Start-contextBefore):f.Start]) || longNumber(text[f.End:min(to, f.End+contextBefore)])) {
			return true
		}
		from = f.End
	}
	return false
}

// longNumber tells whether seven or more digits stand in one row, perhaps in groups; dates do not count.
func longNumber(s string) bool {
	digits, start := 0, 0
	date := func() bool { return digits == 8 && dateAt(s, start) }
	for i := range len(s) {
		switch c := s[i]; {
		case isAlnum[c] == 1:
			if digits++; digits == 1 {
				start = i
			}
		case c == ' ' && date():
			digits = 0
		case digits > 0 && (c == '-' || c == '.' || c == ' ' || c == '(' || c == ')') && isAlnum[s[i-1]] == 1:
		case c >= 0x80:
			return true // digits and dashes of other scripts
		default:
			if digits > 6 && !date() {
				return true
			}
			digits = 0
		}
	}
	return digits > 6 && !date()
}

// digitsLeft tells whether something is left that can be a bare value: whether it counts depends on the numbers
// around it, which may have gone.
func (w *Worker) digitsLeft(text string) bool {
	n, from := 0, 0
	for i := 0; i <= len(w.findings); i++ {
		to := len(text)
		if i < len(w.findings) {
			to = w.findings[i].Start
		}
		for ; from < to; from++ {
			if isAlnum[text[from]] == 1 {
				if n++; n > 1 {
					return true
				}
			}
		}
		if i < len(w.findings) {
			from = w.findings[i].End
		}
	}
	return false
}

// plainBorder: signs that are no part of any value.
var plainBorder = func() (t [256]bool) {
	for _, c := range []byte(" \t\n,;\"'()<>=") {
		t[c] = true
	}
	return t
}()

// rewrite returns text with its findings replaced.
func (w *Worker) rewrite(text string) string {
	b, from := w.out[:0], 0
	for i := range w.findings {
		f := &w.findings[i]
		b = append(b, text[from:f.Start]...)
		b = w.apply(b, f.rule, text[f.Start:f.End])
		from = f.End
	}
	b = append(b, text[from:]...)
	w.out = b
	return string(b)
}

func (w *Worker) count(rule int) {
	w.hits++
	if w.Count != nil {
		w.Count(rule)
	}
}

// Whole returns what the rule of a key writes instead of a value that is no text: a number, a list.
func (w *Worker) Whole(key *Key) string {
	r := &w.s.actions[key.rule]
	w.count(key.rule)
	if r.action.Type == Mask {
		return "****"
	}
	if r.action.Type == Remove {
		return ""
	}
	return r.text
}

// RedactNumber is Redact for a number in decimal notation: it goes only as a whole, and only when its
// form is a strong one or its key says what it is.
func (w *Worker) RedactNumber(text string, key *Key) (string, bool) {
	if key != nil {
		if key.allowed || key.id && isID(text) {
			return text, false
		}
		if key.rule >= 0 {
			if out, done := w.keyed(text, key); done {
				return out, out != text
			}
		}
	}
	if (key == nil || !key.speaks) && (len(text) < 7 || w.s.plainNumber(text, key)) {
		return text, false
	}
	w.scan(text, key)
	for i := range w.findings {
		f := &w.findings[i]
		if f.Start > 1 || f.End != len(text) || f.Score < 0.7 && (key == nil || !key.context.has(f.rule)) {
			continue
		}
		w.count(f.rule)
		if w.DryRun {
			return text, false
		}
		w.out = w.apply(w.out[:0], f.rule, text)
		return string(w.out), true
	}
	return text, false
}

// plainNumber tells whether a number under a key that does not speak for it can hold nothing: no shape that counts by
// itself has as many digits before and behind the point, and the key is not one under which bare values count.
func (s *Scanner) plainNumber(text string, key *Key) bool {
	if key == nil || s.bare && key.open {
		return false
	}
	if text[0] == '-' {
		text = text[1:]
	}
	if len(text) == 0 || len(text) > 20 || text[0] == '0' || s.patterns != nil || len(s.phones.regions) > 0 {
		return false
	}
	n := leadingDigits(text)
	if n == len(text) {
		return s.pairs.strong[n]>>onlyDigits&1 == 0
	}
	if text[n] != '.' || n > longPair {
		return false
	}
	m := leadingDigits(text[n+1:])
	return m > 0 && n+1+m == len(text) && !s.pairs.begin[separatorKind('.')].has(n, onlyDigits, m, onlyDigits)
}

// leadingDigits returns the number of digits at the beginning.
func leadingDigits(s string) int {
	n := 0
	for n < len(s) && isAlnum[s[n]] == 1 {
		n++
	}
	return n
}

// Removes tells whether a value with this key is to be taken out together with the key.
func (w *Worker) Removes(key *Key) bool {
	return key != nil && key.Sensitive() && !key.allowed && w.s.actions[key.rule].action.Type == Remove
}

// Allowed tells whether values with this key are not looked at.
func (k *Key) Allowed() bool { return k.allowed }

// Name returns the key as it was.
func (k *Key) Name() string { return k.name }

// Matters tells whether the key says anything about its value.
func (k *Key) Matters() bool { return k.speaks || k.rule >= 0 }

// quiet tells whether a text of at most one block has no place at which a handler is called, or is short and has
// too few digits. Where it has one, the block is ready for scanBlocks.
func (w *Worker) quiet(text string, key *Key) bool {
	if w.s.patterns != nil || key != nil && key.command {
		return false
	}
	m := &w.blocks[0]
	w.s.lanes.load(m, text, 0)
	if len(text) < 12 && (key == nil || !key.speaks) && m.pair|m.rare|m.open == 0 && uint(bits.OnesCount64(m.digit)) < w.s.fewDigits {
		return true
	}
	if c := text[0]; c == '{' || c == '[' || c == ' ' || c == '"' {
		return false // perhaps JSON
	}
	w.blocks[1] = masks{}
	w.begun = w.places.find(m, &w.blocks[1], &carry{}, &w.s.wanted)
	return !w.begun
}
