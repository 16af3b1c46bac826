package tracecontext

import (
	"encoding/binary"
	"slices"
)

// Role says what the value of a key is.
type Role uint8

// The roles of keys.
const (
	RoleNone Role = iota
	RoleTrace
	RoleSpan
	RoleFlags
	RoleHigh
	RoleRequest
	RoleUser
	RoleText
)

// Key is what is known of a name.
type Key struct {
	Name     string // the spelling of the table, or of the configuration
	Role     Role
	Style    Style
	Rank     uint8
	Unpadded bool
}

// Keys looks names up. It is read-only once it is built.
type Keys struct {
	byName map[string]Key
	exact  map[string]Key // the usual spellings, so that they need no path
	// Two bloom filters: over the last four bytes, and over the last letters.
	tails   [filterBits / 64]uint64
	endings [filterBits / 64]uint64
}

const (
	filterBits = 1 << 15
	ending     = 7   // letters at the end of a name that the second filter looks at
	maxKey     = 128 // bytes; longer names are not looked at
	maxSegment = 16  // parts of a path
)

// NewKeys returns the built-in table with additional keys of trace IDs and of request IDs. A
// configured key wins over a built-in one of the same name and is tried before all others.
func NewKeys(trace, request []string) *Keys {
	k := &Keys{byName: make(map[string]Key, 256)}
	for i := range formats {
		f := &formats[i]
		spanStyle := f.Style
		if f.Decimal {
			spanStyle = StyleDecimal
		}
		k.addAll(f.Trace, Key{Role: RoleTrace, Style: f.Style, Rank: f.Rank, Unpadded: f.Unpadded})
		k.addAll(f.Span, Key{Role: RoleSpan, Style: spanStyle, Rank: f.Rank})
		k.addAll(f.Flags, Key{Role: RoleFlags, Rank: f.Rank})
		k.addAll(f.High, Key{Role: RoleHigh})
	}
	for i, name := range requestKeys {
		k.add(Key{Name: name, Role: RoleRequest, Rank: uint8(i + 1)})
	}
	for i, name := range taskKeys {
		k.add(Key{Name: name, Role: RoleRequest, Rank: uint8(RankTask + i)})
	}
	for i, name := range userKeys {
		k.add(Key{Name: name, Role: RoleUser, Rank: uint8(i)})
	}
	for i, name := range textKeys {
		k.add(Key{Name: name, Role: RoleText, Rank: uint8(i)})
	}
	for _, name := range request {
		k.set(Key{Name: name, Role: RoleRequest, Rank: 0})
	}
	for _, name := range trace {
		key := k.byName[Normalize(name)]
		if key.Role != RoleTrace {
			key = Key{Role: RoleTrace}
		}
		key.Name, key.Rank = name, rankOwn
		k.set(key)
	}
	k.exact = make(map[string]Key, len(k.byName))
	for _, key := range k.byName {
		k.remember(key.Name)
	}
	for _, name := range [...]string{"traceId", "traceID", "TraceId", "TraceID", "traceid", "spanId", "spanID", "SpanId", "SpanID", "spanid", "traceFlags", "requestId", "user_id"} {
		k.remember(name)
	}
	return k
}

// remember makes a spelling one of the usual ones.
func (k *Keys) remember(name string) {
	var p path
	if key, ok := k.lookup(&p, name); ok {
		k.exact[name] = key
	}
}

// Normalize returns a name as it is compared: lower case, without `_`, `-`, `.`, `/`, `@` and blanks.
func Normalize(name string) string {
	var p path
	if !p.push(name) {
		return ""
	}
	return string(p.buf[:p.n])
}

func (k *Keys) addAll(names []string, key Key) {
	for _, name := range names {
		key.Name = name
		k.add(key)
	}
}

// add enters a key unless the name is taken: the first format of the table that has a name keeps it.
func (k *Keys) add(key Key) {
	if _, taken := k.byName[Normalize(key.Name)]; !taken {
		k.set(key)
	}
}

func (k *Keys) set(key Key) {
	name := Normalize(key.Name)
	if name == "" {
		return
	}
	k.byName[name] = key
	h := uint32(0)
	for i := len(name) - 1; i >= max(0, len(name)-ending); i-- {
		h = endingHash(h, name[i])
	}
	h >>= 17
	k.endings[h/64] |= 1 << (h % 64)
	// The first filter sees raw names, which may have a separator among their last bytes.
	tail := []byte(name)
	if len(tail) > 4 {
		tail = tail[len(tail)-4:]
	}
	if len(tail) == 4 {
		k.mark(tail)
		tail = tail[1:]
	}
	for _, sep := range []byte("_-./@ ") {
		switch len(tail) {
		case 3:
			for i := range 3 {
				k.mark(slices.Insert(slices.Clone(tail), i, sep))
			}
		case 2:
			for c := range byte(32) {
				k.mark([]byte{c, sep, tail[0], tail[1]})
			}
		}
	}
}

func (k *Keys) mark(tail []byte) {
	h := tailHash(binary.LittleEndian.Uint32(tail))
	k.tails[h/64] |= 1 << (h % 64)
}

// tailHash hashes the last four bytes of a name without regard to case.
func tailHash(tail uint32) uint32 { return (tail & 0x1f1f1f1f) * 0x9e3779b1 >> 17 }

// endingHash adds one more letter, going backwards.
func endingHash(h uint32, c byte) uint32 { return (h ^ uint32(c&0x1f)) * 0x01000193 * 0x9e3779b1 }

// maybe tells in a few nanoseconds that a name is certainly not in the table (false), or may be.
func (k *Keys) maybe(name string) bool { return k.tail(name) && k.probably(name, false) }

// maybeInside is maybe for a name inside a map, whose own name is a part of it.
func (k *Keys) maybeInside(name string) bool { return k.tail(name) && k.probably(name, true) }

// tail looks at the last four bytes. It is small enough to be inlined.
func (k *Keys) tail(name string) bool {
	n := len(name)
	if n < 4 {
		return n >= 2
	}
	t := name[n-4:]
	h := tailHash(uint32(t[0]) | uint32(t[1])<<8 | uint32(t[2])<<16 | uint32(t[3])<<24)
	return k.tails[h>>6]>>(h&63)&1 != 0
}

// probably looks at more letters than maybe, without the separators among them.
func (k *Keys) probably(name string, inside bool) bool {
	h, letters := uint32(0), 0
	for i := len(name) - 1; i >= 0; i-- {
		c := name[i]
		if separators[c] {
			continue
		}
		h = endingHash(h, c)
		if letters++; letters >= 2 {
			if e := h >> 17; k.endings[e/64]&(1<<(e%64)) != 0 {
				return true
			}
			if letters == ending {
				return false
			}
		}
	}
	return inside
}

// separators are the bytes of names that do not count.
var separators = [256]bool{'_': true, '-': true, '.': true, '/': true, '@': true, ' ': true}

// Lookup finds a name: whole, or behind prefixes that end in a dot or a slash, or behind the usual
// prefixes of header attributes.
func (k *Keys) Lookup(name string) (Key, bool) {
	if !k.maybe(name) {
		return Key{}, false
	}
	return k.lookupRoot(name)
}

// lookupRoot is apart so that names that are not in the table do not pay for the path.
func (k *Keys) lookupRoot(name string) (Key, bool) {
	var p path
	return k.lookup(&p, name)
}

// lookup finds a name below the maps that p leads to. p is left as it was.
func (k *Keys) lookup(p *path, name string) (Key, bool) {
	n, segments := p.n, p.segments
	if segments == 0 {
		if key, ok := k.exact[name]; ok {
			return key, true
		}
	}
	if !p.push(name) {
		return Key{}, false
	}
	key, ok := k.find(p)
	p.n, p.segments = n, segments
	if ok && key.Name[0] == '@' && len(key.Name) == 3 && name[0] != '@' {
		return Key{}, false // `tr` and `sp` are known as @tr and @sp only
	}
	return key, ok
}

// find looks up the whole path, then what is left of it without its first segments.
func (k *Keys) find(p *path) (Key, bool) {
	for i := range p.segments {
		if key, ok := k.byName[string(p.buf[p.start[i]:p.n])]; ok {
			return key, true
		}
		if i+1 < p.segments && foreign(p.buf[p.start[i]:p.start[i+1]]) {
			return Key{}, false
		}
	}
	rest := p.buf[p.start[p.segments-1]:p.n]
	for _, prefix := range prefixes {
		if len(rest) > len(prefix)+4 && string(rest[:len(prefix)]) == prefix {
			if key, ok := k.byName[string(rest[len(prefix):])]; ok {
				return key, true
			}
		}
	}
	return Key{}, false
}

// prefixes are what flattened names of headers and diagnostic contexts begin with.
var prefixes = [...]string{"httprequestheader", "httpresponseheader", "requestheader", "http", "header", "mdc", "context", "log"}

// foreign tells that what is inside a map belongs to another span than the record's.
func foreign(segment []byte) bool {
	switch string(segment) {
	case "parent", "previous", "prev", "last", "link", "links", "linked", "spanlinks", "related", "cause", "causes", "causedby",
		"child", "children", "original", "other", "others", "follows", "followsfrom", "references", "refs", "example", "examples",
		"sample", "samples", "expected", "old", "upstream", "downstream", "target":
		return true
	}
	return false
}

// path is a normalised path through maps, with the starts of its segments.
type path struct {
	n        int
	segments int
	start    [maxSegment]uint8
	buf      [maxKey]byte
}

// push appends a name; false when it is too long, and then p is unchanged.
func (p *path) push(name string) bool {
	if len(name) >= maxKey-p.n || name == "" || p.segments == maxSegment {
		return false
	}
	n, segments := p.n, p.segments
	p.start[p.segments] = uint8(p.n)
	p.segments++
	for i := range len(name) {
		c := name[i]
		if separators[c] {
			if (c == '.' || c == '/') && p.segments < maxSegment && p.n > int(p.start[p.segments-1]) {
				p.start[p.segments] = uint8(p.n)
				p.segments++
			}
			continue
		}
		if c-'A' < 26 {
			c |= 0x20
		}
		p.buf[p.n] = c
		p.n++
	}
	if p.n == n || int(p.start[p.segments-1]) == p.n {
		p.n, p.segments = n, segments
		return false
	}
	return true
}
