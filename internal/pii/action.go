package pii

import (
	"crypto/hmac"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"hash"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/otel-culprit/culprit/internal/pii/token"
)

// rule is what becomes of the values of one detector, one pattern, or the sensitive keys.
type rule struct {
	name   string
	kind   string
	action Action
	text   string // what replace writes
}

// SensitiveKeysType is the Finding.Type of values that go because of their key.
const SensitiveKeysType = "sensitive_keys"

// Rules returns the number of rules; they are numbered from 0.
func (s *Scanner) Rules() int { return len(s.actions) }

// Rule returns the name of a rule's detector or pattern, or "sensitive_keys", and what it does.
func (s *Scanner) Rule(rule int) (name string, action ActionType) {
	r := &s.actions[rule]
	return r.name, r.action.Type
}

// sensitiveRule is the index of the sensitive keys' rule.
func (s *Scanner) sensitiveRule() int { return len(s.actions) - 1 }

func (s *Scanner) compileRules() error {
	c := &s.config
	add := func(name, kind string, own Action, groups []string) {
		r := rule{name: name, kind: kind, action: c.Action}
		for _, g := range groups {
			if a, ok := c.Actions[g]; ok {
				r.action = a
			}
		}
		if own.Type != "" {
			r.action = own
		}
		if a, ok := c.Actions[name]; ok {
			r.action = a
		}
		r.text = "[" + kind + "]"
		if r.action.Text != "" {
			r.text = r.action.Text
			if enclosed(r.text) && !slices.Contains(s.texts, r.text) {
				s.texts = append(s.texts, r.text)
			}
		}
		s.actions = append(s.actions, r)
	}
	for _, d := range catalogue {
		groups := append([]string{"all"}, d.Groups...)
		if d.Default {
			groups = append(groups, "default")
		}
		add(d.Name, d.Kind, Action{}, groups)
	}
	for _, p := range c.Patterns {
		add(p.Name, strings.ToUpper(p.Name), p.Action, nil)
	}
	if err := s.compilePatterns(); err != nil {
		return err
	}
	add(SensitiveKeysType, "REDACTED", Action{}, nil)
	for _, v := range c.Allow.Values {
		if s.allowValues == nil {
			s.allowValues = map[string]bool{}
		}
		s.allowValues[v] = true
	}
	for _, p := range c.Allow.Patterns {
		re, err := regexp.Compile(`^(?:` + p + `)$`)
		if err != nil {
			return err
		}
		s.allowRegex = append(s.allowRegex, re)
	}
	return nil
}

// enclosed tells of texts like <secret>, which no sender's key holds by chance.
func enclosed(text string) bool {
	mark := func(c byte) bool { return c < 0x80 && isAlnum[c] == 0 && !strings.ContainsRune(" _-./", rune(c)) }
	return len(text) > 2 && mark(text[0]) && mark(text[len(text)-1])
}

// checkTexts refuses texts of replace that the scanner would itself find something in.
func (s *Scanner) checkTexts() error {
	for _, r := range s.actions {
		if r.action.Text == "" {
			continue
		}
		if f := s.Find(r.action.Text, ""); len(f) > 0 {
			return fmt.Errorf("'text' of %s is %q, in which %s would be found again", r.name, r.action.Text, f[0].Type)
		}
	}
	return nil
}

// hasher computes HMACs without an allocation for each value.
type hasher struct {
	mac hash.Hash
	buf []byte
	sum [sha256.Size]byte
}

// apply writes what a rule makes out of value to out.
func (w *Worker) apply(out []byte, ruleID int, value string) []byte {
	r := &w.s.actions[ruleID]
	switch r.action.Type {
	case Mask:
		return append(out, "****"...)
	case Remove:
		return out
	case Hash:
		out = append(out, '[')
		out = append(out, r.kind...)
		out = append(out, ':')
		out = append(out, w.s.config.HashKeyID...)
		out = append(out, ':')
		n := r.action.Length
		if n == 0 {
			n = 8
		}
		out = append(out, w.digest(r.kind, value)[:n]...)
		return append(out, ']')
	case Partial:
		return w.partial(out, r, value)
	default:
		return append(out, r.text...)
	}
}

// digest returns the hexadecimal HMAC-SHA256 of the value as it is when written plainly, so that all
// notations of a value have one hash. Valid until the next call.
func (w *Worker) digest(kind, value string) []byte {
	h := &w.hash
	if h.mac == nil {
		h.mac = hmac.New(sha256.New, []byte(w.s.config.HashKey))
	}
	h.mac.Reset()
	h.buf = append(h.buf[:0], kind...)
	h.buf = append(h.buf, 0)
	h.buf = appendPlain(h.buf, kind, value)
	h.mac.Write(h.buf)
	sum := h.mac.Sum(h.sum[:0])
	h.buf = hex.AppendEncode(h.buf[:0], sum)
	return h.buf
}

// appendPlain appends value in its plain notation: numbers without separators, addresses in lower case.
func appendPlain(out []byte, kind, value string) []byte {
	if kind == "EMAIL" {
		if i := strings.Index(value, "%40"); i > 0 {
			value = value[:i] + "@" + value[i+3:]
		}
	}
	start, digits := len(out), 0
	for i := range len(value) {
		c := lower[value[i]]
		out = append(out, c)
		if c >= '0' && c <= '9' {
			digits++
		}
	}
	if digits < 5 || kind == "EMAIL" || kind == "IP" || kind == "SECRET" || kind == "REDACTED" {
		if kind == "SECRET" || kind == "REDACTED" {
			copy(out[start:], value)
		}
		return out
	}
	n := start
	for _, c := range out[start:] {
		if isAlnum[c] != 0 || c >= 0x80 {
			out[n] = c
			n++
		}
	}
	return out[:n]
}

// partial writes "[KIND:ab****yz]". It never keeps more than half of the value.
func (w *Worker) partial(out []byte, r *rule, value string) []byte {
	out = append(out, '[')
	out = append(out, r.kind...)
	out = append(out, ':')
	if r.action.KeepDomain {
		if at := strings.LastIndexByte(value, '@'); at > 0 {
			mark := len(out)
			out = append(out, "****"...)
			out = append(out, value[at:]...)
			out = append(out, ']')
			if _, n := token.Parse(string(out[mark-len(r.kind)-2:])); n > 0 {
				return out
			}
			out = out[:mark]
		}
	}
	half := len(value) / 2
	first, last := min(r.action.KeepFirst, half/2), min(r.action.KeepLast, half)
	if r.action.KeepLast == 0 {
		first = min(r.action.KeepFirst, half)
	}
	if first+last > half {
		last = half - first
	}
	for first > 0 && !utf8.RuneStart(value[first]) {
		first--
	}
	tail := len(value) - last
	for tail < len(value) && !utf8.RuneStart(value[tail]) {
		tail++
	}
	out = appendKept(out, value[:first])
	out = append(out, "****"...)
	out = appendKept(out, value[tail:])
	return append(out, ']')
}

// appendKept appends a kept part; what would break the token's grammar or the text around it becomes "_".
func appendKept(out []byte, s string) []byte {
	for i := range len(s) {
		switch c := s[i]; {
		case c == '[' || c == ']' || c == '*' || c == '"' || c == '\\' || c < 0x20:
			out = append(out, '_')
		default:
			out = append(out, c)
		}
	}
	return out
}
