package pii

import (
	"sort"
	"strings"
	"unicode/utf8"
)

// Context words are one tree over bytes for all detectors. A window before and behind a candidate
// is walked once, and only when a candidate's score depends on it.

const (
	contextBefore = 40                // bytes before a value in which its words count
	contextAfter  = 24                // bytes behind it in which they begin
	contextEnd    = 72                // and in which they end: labels in scripts of three bytes a letter are long
	negative      = len(set{})*64 - 1 // the id of the words that lower a score
	other         = negative - 1      // the id of those that speak against a bare value
)

// negativeWords stand right before numbers that are no personal data.
var negativeWords = []string{
	"version", "ver", "build", "block", "blk", "offset", "pid", "tid", "trace", "trace id", "span", "span id",
	"commit", "sha", "md5", "etag", "uuid", "guid", "request", "request id", "order", "order id", "order no",
	"revision", "rev", "seq", "sequence", "timestamp", "epoch", "duration", "bytes", "size", "length", "port",
	"checksum", "crc", "hash", "inode", "thread", "job id", "task id", "tx id", "transaction id", "message id",
	"correlation id", "session id", "event id", "batch", "partition", "shard", "serial", "serial number", "serial no", "trx id", "txn id", "query id", "ean", "isbn", "upc",
}

type contextTree struct {
	root  [256]int32
	two   [1024]bool // the first two letters of words
	nodes []contextNode
}

type contextNode struct {
	next []contextEdge
	set  *set // detectors that a word ending here speaks for
	size int  // bytes of that word
	// exact words do not match as the beginning of a longer one, apart ones not without their separators
	exact, apart bool
}

type contextEdge struct {
	c    byte
	node int32
}

func newContextTree(detectors []*Detector) *contextTree {
	t := &contextTree{nodes: make([]contextNode, 1)}
	for _, d := range detectors {
		for _, word := range d.Context {
			t.add(word, d.id)
			if capitals := strings.ToUpper(word); len(word) != utf8.RuneCountInString(word) && len(capitals) == len(word) {
				t.add(capitals, d.id) // ЕГН; the case of ASCII letters does not count anyway
				_, n := utf8.DecodeRuneInString(word)
				t.add(capitals[:n]+word[n:], d.id)
			}
		}
	}
	for _, word := range negativeWords {
		t.add(word, negative)
	}
	for _, word := range elsewhere {
		t.add(word, other)
	}
	for i := range t.nodes {
		sort.Slice(t.nodes[i].next, func(a, b int) bool { return t.nodes[i].next[a].c < t.nodes[i].next[b].c })
	}
	return t
}

func (t *contextTree) add(word string, id int) {
	word = separators.Replace(strings.Map(asciiLower, word))
	word, apart := strings.CutSuffix(word, "&")
	word, exact := strings.CutSuffix(word, "$")
	at := int32(0)
	for i := range len(word) {
		at = t.child(at, word[i])
	}
	if len(word) > 1 {
		t.two[int(word[0]&31)<<5|int(word[1]&31)] = true
	}
	for k := range t.two[:32] { // a separator or an escape may stand behind the first letter
		t.two[int(word[0]&31)<<5|k] = t.two[int(word[0]&31)<<5|k] || k == '_'&31 || k == '-'&31 || k == '.'&31 || k == ' '&31
	}
	n := &t.nodes[at]
	if n.set == nil {
		n.set = &set{}
	}
	n.set.add(id)
	n.size = len(word)
	n.exact = n.exact || exact
	n.apart = apart
}

func asciiLower(r rune) rune {
	if r >= 'A' && r <= 'Z' {
		return r + 32
	}
	return r
}

func (t *contextTree) child(at int32, c byte) int32 {
	if at == 0 {
		if t.root[c] == 0 {
			t.nodes = append(t.nodes, contextNode{})
			t.root[c] = int32(len(t.nodes) - 1)
		}
		return t.root[c]
	}
	for _, e := range t.nodes[at].next {
		if e.c == c {
			return e.node
		}
	}
	t.nodes = append(t.nodes, contextNode{})
	n := int32(len(t.nodes) - 1)
	t.nodes[at].next = append(t.nodes[at].next, contextEdge{c, n})
	return n
}

// words adds the detectors whose words begin in s[from:to] and end before limit to out. The words that lower a score
// count only when they end where the value begins. strict takes whole words only, no parts of camel case.
func (t *contextTree) words(s string, from, to, limit int, strict bool, out *set) {
	last := to // end of the text right before the value, without separators
	for last > from && isAlnum[s[last-1]] == 0 && s[last-1] < 0x80 && !breaksOff[s[last-1]] {
		last--
	}
	for i := from; i < to; i++ {
		c := s[i]
		if c < 0x80 {
			if isAlnum[c] == 0 {
				continue
			}
			if i > 0 && isAlnum[s[i-1]] != 0 && (strict || !(c < 'a' && s[i-1] >= 'a') && !(c > '9' && s[i-1] <= '9')) {
				continue // inside a word
			}
		}
		if t.root[lower[c]] != 0 && (c >= 0x80 || i+1 >= to || t.two[int(c&31)<<5|int(s[i+1]&31)]) {
			t.follow(s, i, limit, last, strict, out)
		}
	}
}

// breaksOff: signs between a word and a value that does not belong to it.
var breaksOff = [256]bool{'(': true, '<': true, ',': true, ';': true, '|': true, '\t': true}

func (t *contextTree) follow(s string, i, to, last int, strict bool, out *set) {
	at, first := int32(0), i
	for ; i < to; i++ {
		c := lower[s[i]]
		switch {
		case at == 0:
			at = t.root[c]
		case c == '_' || c == '-' || c == '.' || c == ' ':
			continue
		default:
			next := int32(0)
			for _, e := range t.nodes[at].next {
				if e.c == c {
					next = e.node
					break
				}
			}
			if next == 0 {
				return
			}
			at = next
		}
		n := &t.nodes[at]
		if n.set == nil || n.apart && i+1-first == n.size && s[i-1] >= 'a' || s[first] <= 'Z' && inToken(s, first) {
			continue
		}
		whole := i+1 == len(s) || s[i+1] >= 0x80 || isAlnum[s[i+1]] != 2 || !strict && s[i+1] < 'a' && s[i] >= 'a'
		if !whole && (strict || n.size < 4 || n.exact) {
			continue
		}
		if (i+1 != last || !whole) && (n.set.has(negative) || n.set.has(other)) {
			without := *n.set
			without.remove(negative)
			without.remove(other)
			out.merge(&without)
			continue
		}
		out.merge(n.set)
	}
}

// inToken tells whether s[i] is in the kind of a token, which says nothing about what stands beside it.
func inToken(s string, i int) bool {
	p := i
	for p > 0 && i-p < 40 && kindByte(s[p-1]) {
		p--
	}
	if p == 0 || s[p-1] != '[' {
		return false
	}
	for i < len(s) && kindByte(s[i]) {
		i++
	}
	return i < len(s) && (s[i] == ']' || s[i] == ':')
}

func kindByte(c byte) bool { return c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' }

// lower is a table of lower-case letters.
var lower = func() (t [256]byte) {
	for i := range t {
		t[i] = byte(i)
		if i >= 'A' && i <= 'Z' {
			t[i] += 32
		}
	}
	return t
}()

// contextFor returns the detectors that words around text[start:end] speak for.
func (w *Worker) contextFor(start, end int) *set {
	if w.contextStart == start && w.contextEnd == end {
		return &w.context
	}
	w.contextStart, w.contextEnd = start, end
	w.context = set{}
	s := w.text
	from := max(0, start-contextBefore)
	for from > 0 && from < start && isAlnum[s[from-1]] != 0 {
		from++ // do not begin inside a word
	}
	w.s.context.words(s, from, start, start, false, &w.context)
	if end < len(s) {
		after := set{}
		w.s.context.words(s, end, min(len(s), end+contextAfter), min(len(s), end+contextEnd), true, &after)
		after.remove(negative)
		after.remove(other)
		w.context.merge(&after)
	}
	if w.key != nil {
		own := w.context.has(negative)
		w.context.merge(&w.key.context)
		if !own && (w.key.id || start > 3 || len(s)-end > 3) {
			// Clients choose what they send as an ID, and a name like service.version speaks of a value, not of all
			// that a text behind it holds.
			w.context.remove(negative)
			w.context.remove(other)
		}
	}
	return &w.context
}
