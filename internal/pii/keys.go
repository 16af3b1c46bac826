package pii

import (
	"math/bits"
	"strings"
	"sync/atomic"

	"github.com/otel-culprit/culprit/internal/pii/token"
)

// Key is what a scanner knows about the name of a value: an attribute key, a JSON key, a URL
// parameter. Keys are few and come again and again, so they are kept in a bounded table.
type Key struct {
	name     string
	serial   uint32 // of this Key; another one of the same name has another
	redacted string // the name itself after redaction
	rule     int    // the rule that takes the whole value; -1 = none
	check    func(string) bool
	// keyed is the detector whose key it is besides, -1 = none; it decides in running text, where the
	// whole value of a sensitive key is not known.
	keyed      int
	keyedCheck func(string) bool
	context    set // detectors that the words of the key speak for
	allowed    bool
	id         bool     // may hold an ID, exempt where its value has the shape of one
	own        bool     // begins with OwnPrefix
	changes    bool     // see Changes
	open       bool     // its last word says nothing about the value
	command    bool     // holds a command with its arguments
	speaks     bool     // context has a detector
	pair       strength // as a name in running text
}

// Redacted returns the key's name after redaction.
func (k *Key) Redacted() string { return k.redacted }

// OwnPrefix begins the keys that the processor writes itself.
const OwnPrefix = "culprit.pii."

// Changes tells whether the key itself is changed or taken out: redacted, removed with its value, or
// one that only the processor may write.
func (k *Key) Changes() bool { return k.changes }

// Sensitive tells whether the whole value goes, whatever it is.
func (k *Key) Sensitive() bool { return k.rule >= 0 && k.check == nil }

const keyCache = 2048 // entries of the table; a power of two

type keyTable struct {
	cache     [keyCache]atomic.Pointer[Key]
	serial    atomic.Uint32
	sensitive map[string]bool // joined words
	except    map[string]bool
	keyed     map[string]keyedDetector
	allowed   map[string]bool
	tails     [64]uint64 // hashes of the last three letters of all of them
}

type keyedDetector struct {
	id    int
	check func(string) bool
}

func newKeyTable(s *Scanner, enabled []*Detector) *keyTable {
	t := &keyTable{
		sensitive: map[string]bool{}, except: map[string]bool{},
		keyed: map[string]keyedDetector{}, allowed: map[string]bool{},
	}
	c := &s.config
	if c.SensitiveKeys.Defaults {
		for _, k := range sensitiveKeys {
			t.sensitive[k] = true
		}
		for _, k := range exemptKeys {
			t.except[k] = true
		}
	}
	for _, k := range c.SensitiveKeys.Add {
		t.sensitive[joinKey(k)] = true
		delete(t.except, strings.ToLower(k))
	}
	for _, k := range c.SensitiveKeys.Except {
		t.except[strings.ToLower(k)] = true
		delete(t.sensitive, joinKey(k))
	}
	for _, k := range c.Allow.Keys {
		t.allowed[k] = true
	}
	for _, d := range enabled {
		for _, k := range d.Keys {
			t.keyed[joinKey(k)] = keyedDetector{d.id, d.KeyCheck}
		}
	}
	for k := range t.sensitive {
		t.addTail(k)
	}
	for k := range t.keyed {
		t.addTail(k)
	}
	for _, k := range pairKeys {
		t.addTail(k.name)
	}
	for _, k := range [...]string{"value", "kind", "response"} { // see pair
		t.addTail(k)
	}
	return t
}

func tailHash(a, b, c byte) uint32 {
	return (uint32(a|0x20)<<16 | uint32(b|0x20)<<8 | uint32(c|0x20)) * 0x9e3779b1 >> 20
}

func (t *keyTable) addTail(k string) {
	if n := len(k); n >= 3 {
		h := tailHash(k[n-3], k[n-2], k[n-1])
		t.tails[h>>6] |= 1 << (h & 63)
	}
}

// tail tells whether a key that ends before s[end] may be one that matters.
func (t *keyTable) tail(s string, end int) bool {
	if end < 3 {
		return false
	}
	h := tailHash(s[end-3], s[end-2], s[end-1])
	return t.tails[h>>6]&(1<<(h&63)) != 0
}

// joinKey writes a key without case and separators.
func joinKey(k string) string {
	return separators.Replace(strings.ToLower(k))
}

var separators = strings.NewReplacer("_", "", "-", "", ".", "", " ", "")

// Key returns what is known about a name; nil for the empty name.
func (w *Worker) Key(name string) *Key { return w.s.key(name) }

func (s *Scanner) key(name string) *Key {
	if name == "" {
		return nil
	}
	h := shortHash(name)
	slot := &s.keys.cache[h&(keyCache-1)]
	if k := slot.Load(); k != nil && k.name == name {
		return k
	}
	k := s.makeKey(strings.Clone(name))
	slot.Store(k)
	return k
}

// shortHash hashes a string by its length and its first and last eight bytes: fast, and good enough for
// tables whose hits are compared in full. The halves of the product are folded, so that each byte counts in all bits.
func shortHash(s string) uint32 {
	n := len(s)
	var a, b uint64
	if n >= 8 {
		a, b = load64(s, 0), load64(s, n-8)
	} else {
		for i := range n {
			a = a<<8 | uint64(s[i])
		}
	}
	hi, lo := bits.Mul64(a^uint64(n)*0x9e3779b97f4a7c15, b^0xff51afd7ed558ccd)
	return uint32(hi ^ lo>>32)
}

// load64 reads eight bytes at i.
func load64(s string, i int) uint64 {
	b := s[i : i+8]
	return uint64(b[0]) | uint64(b[1])<<8 | uint64(b[2])<<16 | uint64(b[3])<<24 |
		uint64(b[4])<<32 | uint64(b[5])<<40 | uint64(b[6])<<48 | uint64(b[7])<<56
}

func (s *Scanner) makeKey(name string) *Key {
	k := &Key{name: name, redacted: name, rule: -1, keyed: -1, serial: s.keys.serial.Add(1)}
	k.allowed = s.keys.allowed[name]
	k.own = strings.HasPrefix(name, OwnPrefix)
	own := s.ownWords(name)
	k.id = isIDKey(own)
	k.open = openWord(own, len(own))
	k.command = commandKey(own)
	s.context.words(name, 0, len(name), len(name), false, &k.context)
	words := k.context
	words.remove(negative)
	words.remove(other)
	k.speaks = words != set{}
	s.classify(k, own)
	k.pair = s.pairStrength(own)
	w := s.Acquire()
	if out, changed := w.redact(name, nil); changed {
		k.redacted = strings.Clone(out)
	}
	k.changes = k.own || k.redacted != k.name || w.Removes(k)
	w.Release()
	return k
}

// ownWords returns a key without what a redaction has written into it: a key that was a secret, "[SECRET]", does not
// make its value one.
func (s *Scanner) ownWords(key string) string {
	for _, text := range s.texts {
		key = strings.ReplaceAll(key, text, " ")
	}
	for i := 0; i < len(key); i++ {
		if _, n := token.Parse(key[i:]); n > 0 {
			key = key[:i] + " " + key[i+n:]
		}
	}
	return key
}

// classify finds the longest row of the key's last words that is sensitive or belongs to a detector.
func (s *Scanner) classify(k *Key, own string) {
	if s.keys.except[strings.ToLower(k.name)] {
		return
	}
	var words [24]string
	n := splitKey(own, &words)
	for n > 1 && keySuffix(words[n-1]) {
		n--
	}
	for from := max(0, n-4); from < n; from++ {
		joined := strings.Join(words[from:n], "")
		d, ok := s.keys.keyed[joined]
		if ok {
			k.keyed, k.keyedCheck = d.id, d.check
		}
		if s.keys.sensitive[joined] {
			k.rule, k.check = s.sensitiveRule(), nil
			return
		}
		if ok {
			k.rule, k.check = d.id, d.check
			return
		}
	}
}

// keySuffix tells of words behind the one that decides: password_hash, auth.header, token2.
func keySuffix(word string) bool {
	switch word {
	case "value", "header", "hash", "text", "raw", "plain", "plaintext", "string", "str", "old", "new", "base64", "b64", "encoded", "s":
		return true
	}
	for i := range len(word) {
		if word[i] < '0' || word[i] > '9' {
			return false
		}
	}
	return true
}

// splitKey splits a key into its lower-case words: at separators and at camel case. Words beyond the
// array's length replace the last one.
func splitKey(key string, words *[24]string) int {
	n, start := 0, 0
	add := func(to int) {
		if to > start {
			if n == len(words) {
				copy(words[:], words[1:])
				n--
			}
			words[n] = strings.ToLower(key[start:to])
			n++
		}
	}
	for i := range len(key) {
		c := key[i]
		switch {
		case c < 0x80 && isAlnum[c] == 0:
			add(i)
			start = i + 1
		case i > start && c >= 'A' && c <= 'Z' && (key[i-1] >= 'a' && key[i-1] <= 'z' || key[i-1] >= '0' && key[i-1] <= '9' ||
			key[i-1] >= 'A' && key[i-1] <= 'Z' && i+1 < len(key) && key[i+1] >= 'a' && key[i+1] <= 'z'):
			add(i)
			start = i
		case i > start && c >= '0' && c <= '9' && isAlnum[key[i-1]] == 2 && allDigits(key[i:]):
			add(i)
			start = i
		}
	}
	add(len(key))
	return n
}

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}
