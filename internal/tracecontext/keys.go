package tracecontext

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
	all    nameFilter
	vital  nameFilter // of the names that are those of no texts
}

const (
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
	k.all.add(name)
	if key.Role != RoleText {
		k.vital.add(name)
	}
}

// Lookup finds a name: whole, or behind prefixes that end in a dot or a slash, or behind the usual
// prefixes of header attributes.
func (k *Keys) Lookup(name string) (Key, bool) {
	if !k.all.maybe(name) {
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
