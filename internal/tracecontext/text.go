package tracecontext

import "strings"

// What a byte may begin or separate in free text.
const (
	plain byte = iota
	assign
	bracket
	dash
	bar
)

// anchors tells at which bytes of a text there is something to look at.
var anchors = [256]byte{'=': assign, ':': assign, '[': bracket, '-': dash, '|': bar}

// keyBytes are the bytes of names in text; ends are the bytes that end a value.
var keyBytes, ends = func() (keys, ends [256]bool) {
	for c := range 256 {
		keys[c] = alnum(byte(c)) || strings.IndexByte("_-./@", byte(c)) >= 0 && c != 0
	}
	for _, c := range []byte(" \t\r\n\"'`,)]}|&\\<>") {
		ends[c] = true
	}
	return keys, ends
}()

func alnum(c byte) bool { return c-'0' < 10 || c|0x20-'a' < 26 }

// text looks through free text and logfmt: for keys before an equals sign or a colon, and for
// patterns that are IDs by their form alone.
func (f *Finder) text(t string, s *Scan) {
	if len(t) < minText {
		return
	}
	for i := range len(t) {
		switch anchors[t[i]] {
		case assign:
			f.pair(t, i, s)
		case dash:
			if i+33 < len(t) && (t[i+33] == '-' || i+9 < len(t) && t[i+9] == '-') {
				s.bare(t, i)
			}
		case bracket:
			s.bracket(t, i)
		case bar:
			if strings.HasSuffix(t[:i], "NR-LINKING") {
				if c, ok := parseLinking(t[i+1:]); ok {
					s.offer(c, RuleHex128, Key{Name: "text:nr-linking", Role: RoleTrace, Rank: rankVendor}, "text:nr-linking")
				}
			}
		}
	}
}

// pair takes the key before and the value behind the separator at i.
func (f *Finder) pair(t string, i int, s *Scan) {
	end := i
	for end > 0 && i-end < 4 && (t[end-1] == '"' || t[end-1] == '\'' || t[end-1] == '\\' || t[end-1] == ' ') {
		end--
	}
	start := end
	for start > 0 && end-start < 4 && keyBytes[t[start-1]] {
		start--
	}
	if !f.keys.all.tail(t[start:end]) {
		return
	}
	for start > 0 && end-start < 64 && keyBytes[t[start-1]] {
		start--
	}
	name := t[start:end]
	if len(name) == 2 && strings.EqualFold(name, "id") && start > 1 && t[start-1] == ' ' {
		for start--; start > 0 && end-start < 64 && keyBytes[t[start-1]]; {
			start--
		}
		name = t[start:end]
	}
	key, ok := f.keys.Lookup(name)
	if !ok || key.Role == RoleText {
		return
	}
	quoted := end < i
	v := i + 1
	for v < len(t) && (t[v] == '=' || t[v] == '>' || t[v] == ' ' || t[v] == '\\' || t[v] == '"' || t[v] == '\'') {
		quoted = quoted || t[v] == '"'
		v++
	}
	stop := v
	if stop < len(t) && (t[stop] == '|' || t[stop] == '<') {
		stop++
	}
	for stop < len(t) && !ends[t[stop]] {
		stop++
	}
	value := strings.TrimRight(t[v:stop], ".:!?")
	structured := quoted || t[i] == '=' && logfmt(t, start, stop)
	s.textValue(key, name, value, structured)
}

// logfmt tells that the pair between start and stop has another pair beside it.
func logfmt(t string, start, stop int) bool {
	before := strings.TrimRight(t[max(0, start-64):start], " ")
	if strings.IndexByte(before[strings.LastIndexByte(before, ' ')+1:], '=') > 0 || strings.HasSuffix(before, `"`) {
		return true
	}
	after := strings.TrimLeft(t[min(stop, len(t)):min(stop+64, len(t))], `" `)
	word, _, _ := strings.Cut(after, " ")
	return strings.IndexByte(word, '=') > 0
}

// minHex is the length from which a hex number behind a word in prose is an ID.
const minHex = 16

// textValue takes a value from text. Prose gets stricter rules than structure: there, a key may be
// a word of a sentence.
func (s *Scan) textValue(key Key, name, value string, structured bool) {
	if semi := strings.IndexByte(value, ';'); semi >= 0 && key.Role == RoleTrace {
		if _, rule := Convert(key.Style, value); !rule.Found() {
			value = value[:semi]
		}
	}
	if structured {
		s.value(key, name, value, true)
		return
	}
	switch key.Role {
	case RoleTrace:
		_, rule := Convert(key.Style, value)
		short := rule == RuleHexShort && len(Trim(value)) < minHex && !key.Unpadded
		if rule.Found() && !short {
			s.value(key, name, value, true)
		}
	case RoleRequest:
		if v := Trim(value); len(v) >= 8 && strings.ContainsAny(v, "0123456789") {
			s.value(key, name, value, true)
		}
	case RoleSpan, RoleHigh, RoleFlags:
		s.value(key, name, value, true)
	}
}
