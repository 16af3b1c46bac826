package tracecontext

import "slices"

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
	tails  [tailBits / 64]uint64 // a bloom filter over the last four bytes
}

const (
	tailBits   = 1 << 15
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
	return k
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
	// The filter sees raw names, which may have a separator among their last bytes.
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
	h := tailHash(tail[0], tail[1], tail[2], tail[3])
	k.tails[h/64] |= 1 << (h % 64)
}

// tailHash hashes the last four bytes of a name without regard to case.
func tailHash(a, b, c, d byte) uint32 {
	x := uint32(a)<<24 | uint32(b)<<16 | uint32(c)<<8 | uint32(d)
	return (x & 0x1f1f1f1f) * 0x9e3779b1 >> 17
}

// maybe tells in a few nanoseconds that a name is certainly not in the table (false), or may be.
func (k *Keys) maybe(name string) bool {
	n := len(name)
	if n < 4 {
		return n >= 2
	}
	h := tailHash(name[n-4], name[n-3], name[n-2], name[n-1])
	return k.tails[h/64]&(1<<(h%64)) != 0
}

// Lookup finds a name: whole, or behind prefixes that end in a dot or a slash, or behind the usual
// prefixes of header attributes.
func (k *Keys) Lookup(name string) (Key, bool) {
	if !k.maybe(name) {
		return Key{}, false
	}
	var p path
	return k.lookup(&p, name)
}

// lookup finds a name below the maps that p leads to. p is left as it was.
func (k *Keys) lookup(p *path, name string) (Key, bool) {
	n, segments := p.n, p.segments
	defer func() { p.n, p.segments = n, segments }()
	if !p.push(name) {
		return Key{}, false
	}
	for i := range p.segments {
		key, ok := k.byName[string(p.buf[p.start[i]:p.n])]
		if ok {
			return key.checked(name)
		}
		if foreign(p.segment(i)) {
			return Key{}, false
		}
	}
	rest := p.buf[p.start[p.segments-1]:p.n]
	for _, prefix := range [...]string{"httprequestheader", "httpresponseheader", "requestheader", "http", "header", "mdc", "context", "log"} {
		if len(rest) > len(prefix) && string(rest[:len(prefix)]) == prefix {
			if key, ok := k.byName[string(rest[len(prefix):])]; ok && len(rest)-len(prefix) > 4 {
				return key.checked(name)
			}
		}
	}
	return Key{}, false
}

// checked refuses `tr` and `sp` where they are not written @tr and @sp.
func (key Key) checked(name string) (Key, bool) {
	if key.Name[0] == '@' && len(key.Name) == 3 && name[0] != '@' {
		return Key{}, false
	}
	return key, true
}

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

func (p *path) segment(i int) []byte {
	if i+1 < p.segments {
		return p.buf[p.start[i]:p.start[i+1]]
	}
	return nil // the last one is a name, not a container
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
		switch c := name[i]; c {
		case '_', '-', '@', ' ':
		case '.', '/':
			if p.segments < maxSegment && p.n > int(p.start[p.segments-1]) {
				p.start[p.segments] = uint8(p.n)
				p.segments++
			}
		default:
			if c-'A' < 26 {
				c |= 0x20
			}
			p.buf[p.n] = c
			p.n++
		}
	}
	if p.n == n || int(p.start[p.segments-1]) == p.n {
		p.n, p.segments = n, segments
		return false
	}
	return true
}
