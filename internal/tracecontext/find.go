package tracecontext

import (
	"strconv"
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

const (
	maxDepth = 8  // maps inside maps
	minText  = 12 // bytes; a shorter line cannot hold an ID with its key
)

// Finder looks for trace contexts in the places of a record. It is safe for concurrent use.
type Finder struct {
	keys *Keys
}

// NewFinder returns a Finder that knows additional keys of trace IDs and request IDs.
func NewFinder(trace, request []string) *Finder {
	return &Finder{keys: NewKeys(trace, request)}
}

// Lookup finds a name in the Finder's table.
func (f *Finder) Lookup(name string) (Key, bool) { return f.keys.Lookup(name) }

// Interesting tells in a few nanoseconds for each name what a record with a trace ID of its own may have among its
// attributes: names of the table, texts apart (with high probability), and reserved ones. Maps inside are not seen.
func (f *Finder) Interesting(m pcommon.Map) (known, reserved bool) {
	keys := f.keys
	for name := range m.All() {
		reserved = reserved || Reserved(name)
		known = known || keys.vital.tail(name) && keys.vital.probably(name, false)
	}
	return known, reserved
}

// Reserved tells that an attribute's name belongs to this distribution: culprit.* or issue.*.
func Reserved(name string) bool {
	return len(name) > 6 && (name[0] == 'c' && strings.HasPrefix(name, "culprit.") || name[0] == 'i' && strings.HasPrefix(name, "issue."))
}

// Attributes looks through a map and the maps inside it.
func (f *Finder) Attributes(m pcommon.Map, s *Scan) {
	for name, v := range m.All() {
		f.Attribute(name, v, s)
	}
}

// Attribute looks at one attribute.
func (f *Finder) Attribute(name string, v pcommon.Value, s *Scan) {
	if v.Type() == pcommon.ValueTypeMap {
		f.root(name, v.Map(), s)
		return
	}
	if key, ok := f.keys.Lookup(name); ok {
		f.attribute(key, name, v, s)
	}
}

// root begins to descend.
func (f *Finder) root(name string, m pcommon.Map, s *Scan) {
	var p path
	if p.push(name) && !f.denied(&p) {
		f.descend(&p, m, s, 1)
	}
}

// descend looks through a map whose path is p.
func (f *Finder) descend(p *path, m pcommon.Map, s *Scan, depth int) {
	for name, v := range m.All() {
		if v.Type() == pcommon.ValueTypeMap {
			if depth < maxDepth {
				n, segments := p.n, p.segments
				if p.push(name) && !f.denied(p) {
					f.descend(p, v.Map(), s, depth+1)
				}
				p.n, p.segments = n, segments
			}
			continue
		}
		if !f.keys.all.maybeInside(name) {
			continue
		}
		if key, ok := f.keys.lookup(p, name); ok {
			f.attribute(key, name, v, s)
		}
	}
}

// denied tells that the last segment of the path is a map about another span.
func (f *Finder) denied(p *path) bool {
	return foreign(p.buf[p.start[p.segments-1]:p.n])
}

// attribute takes a value of any type.
func (f *Finder) attribute(key Key, name string, v pcommon.Value, s *Scan) {
	switch v.Type() {
	case pcommon.ValueTypeStr:
		s.value(key, name, v.Str(), true)
	case pcommon.ValueTypeInt:
		var buf [24]byte
		s.number(key, name, string(strconv.AppendInt(buf[:0], v.Int(), 10)))
	case pcommon.ValueTypeBool:
		if key.Role == RoleFlags {
			s.value(key, name, strconv.FormatBool(v.Bool()), true)
		}
	case pcommon.ValueTypeBytes:
		s.bytes(key, name, v.Bytes())
	case pcommon.ValueTypeSlice:
		// HTTP header attributes are lists (semantic conventions, http.request.header.<key>).
		if list := v.Slice(); list.Len() > 0 && list.At(0).Type() == pcommon.ValueTypeStr {
			s.value(key, name, list.At(0).Str(), true)
		}
	}
}

// number takes an integer, in decimal. Under a trace key it is an ID only where IDs are decimal, or
// where it is too long for a counter: a row's number is no trace.
func (s *Scan) number(key Key, source, digits string) {
	switch key.Role {
	case RoleTrace:
		if key.Style != StyleDecimal && len(digits) < 15 {
			return
		}
		key.Style = StyleDecimal
	case RoleSpan:
		key.Style = StyleDecimal
	}
	s.value(key, source, digits, true)
}

// bytes takes an ID in binary.
func (s *Scan) bytes(key Key, source string, b pcommon.ByteSlice) {
	switch {
	case key.Role == RoleTrace && (b.Len() == 16 || b.Len() == 8):
		var c Context
		for i := range b.Len() {
			c.TraceID[16-b.Len()+i] = b.At(i)
		}
		if c.TraceID != [16]byte{} {
			s.offer(c, RuleHex128, key, source)
		}
	case key.Role == RoleSpan && b.Len() == 8 && s.spanRank == 0:
		for i := range 8 {
			s.span[i] = b.At(i)
		}
		s.spanRank = key.Rank + 1
	}
}

// Body looks through a record's body: a map, or a string with JSON, logfmt or free text in it.
func (f *Finder) Body(v pcommon.Value, s *Scan) {
	switch v.Type() {
	case pcommon.ValueTypeStr:
		f.Text(v.Str(), s)
	case pcommon.ValueTypeMap:
		f.Attributes(v.Map(), s)
		f.Messages(s)
	case pcommon.ValueTypeBytes:
		if b := v.Bytes(); b.Len() >= minText && b.Len() <= maxBytesBody {
			f.Text(string(b.AsRaw()), s)
		}
	}
}

// maxBytesBody bounds the binary bodies that are copied to be searched.
const maxBytesBody = 64 << 10

// Messages looks through the strings that may be whole log lines and that were met on the way, as
// long as there is no trace ID.
func (f *Finder) Messages(s *Scan) {
	for i := 0; i < s.ntexts && !s.best.Rule.Found(); i++ {
		text := s.texts[i]
		s.texts[i] = ""
		f.line(text, s, 1)
	}
	s.ntexts = 0
}

// Text looks through a line: JSON, also behind a prefix, logfmt, or text with keys or known patterns.
func (f *Finder) Text(line string, s *Scan) { f.line(line, s, 0) }
