package record

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otel-culprit/culprit/internal/stacktrace"
)

// maxDepth bounds how deep a body is looked into.
const maxDepth = 4

// fields is what one pass over a record's attributes or body found. Its strings belong to the
// record. The first finding of a field stays.
type fields struct {
	s [numFields]string
	// list holds the stack of loggers that write it as a list, one line or frame an element; turned
	// into text only when the record is an error.
	list    pcommon.Value
	hasList bool
	listRaw string // the same in a JSON line

	raw uint32 // fields of a JSON line that are still escaped; a bit each

	escaped, handled tristate
	level            plog.SeverityNumber // of a numeric level
}

type tristate uint8

const (
	unknown tristate = iota
	yes
	no
)

func (f *fields) set(what field, value string) {
	if value != "" && f.s[what] == "" {
		f.s[what] = value
	}
}

// thrown sets what a logger wrote in place of an exception: its stack trace, or `Type: message`.
func (f *fields) thrown(value string) {
	if isStack(value) {
		f.set(fStack, value)
		return
	}
	switch value {
	case "", "null", "None", "NoneType: None", "true", "True": // Python's exc_info without an exception
		return
	}
	if typ, message, ok := strings.Cut(value, ": "); ok && isTypeName(typ) {
		f.set(fType, typ)
		f.set(fMessage, message)
		return
	}
	f.set(fMessage, value)
}

// isTypeName tells whether s can be the name of an exception's type: one word, with dots, colons or
// backslashes in it.
func isTypeName(s string) bool {
	for i := range len(s) {
		c := s[i]
		if c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' || c == '.' || c == '_' || c == ':' || c == '$' || c == '\\' {
			continue
		}
		return false
	}
	return s != ""
}

// isStack tells whether a text holds a stack trace, without allocating.
func isStack(text string) bool {
	return len(text) >= minStack && stacktrace.Looks(text) && stacktrace.Detect(text) != stacktrace.Unknown
}

// minStack is the length in bytes below which no text is taken for a stack trace.
const minStack = 24

func (f *fields) attributes(m pcommon.Map) {
	for key, value := range m.All() {
		if what := fieldOf(key); what != fNone && what != fText {
			f.value(what, value, 1)
		}
	}
}

// body looks into a log record's map body, where the line itself is one of the keys.
func (f *fields) body(m pcommon.Map, depth int) {
	for key, value := range m.All() {
		what := fieldOf(key)
		switch {
		case value.Type() == pcommon.ValueTypeMap && depth < maxDepth && what != fObject && what != fThrown && container(key):
			f.body(value.Map(), depth+1)
		case what != fNone:
			f.value(what, value, depth)
		}
	}
}

func (f *fields) value(what field, value pcommon.Value, depth int) {
	switch value.Type() {
	case pcommon.ValueTypeStr:
		f.str(what, value.Str())
	case pcommon.ValueTypeBool:
		f.boolean(what, value.Bool())
	case pcommon.ValueTypeInt:
		f.integer(what, value.Int())
	case pcommon.ValueTypeMap:
		f.mapped(what, value.Map(), depth)
	case pcommon.ValueTypeSlice:
		f.slice(what, value, depth)
	default:
	}
}

func (f *fields) mapped(what field, m pcommon.Map, depth int) {
	switch what {
	case fObject, fThrown:
		if depth < maxDepth {
			f.members(m, depth+1, what == fObject)
		}
	case fLevel: // loguru: {"name": "ERROR", "no": 40}
		if name, ok := m.Get("name"); ok {
			f.set(fLevel, name.AsString())
		}
	default:
	}
}

func (f *fields) slice(what field, value pcommon.Value, depth int) {
	list := value.Slice()
	switch {
	case list.Len() == 0:
	case what == fStack || what == fMaybeStack:
		if !f.hasList && f.s[fStack] == "" {
			f.list, f.hasList = value, true
		}
	case (what == fObject || what == fThrown) && list.At(0).Type() == pcommon.ValueTypeMap && depth < maxDepth:
		f.members(list.At(0).Map(), depth+1, what == fObject) // [{"type": ..., "message": ...}]
	}
}

// members looks into a map that stands for an error. Below a weak key ("error") type and message are
// weak too.
func (f *fields) members(m pcommon.Map, depth int, weak bool) {
	for key, value := range m.All() {
		if what := weaken(memberOf(key), weak); what != fNone && what != fObject && what != fThrown {
			f.value(what, value, depth)
		}
	}
}

func weaken(what field, weak bool) field {
	switch {
	case !weak:
	case what == fType:
		return fErrorType
	case what == fMessage:
		return fErrorMessage
	}
	return what
}

func (f *fields) str(what field, value string) {
	switch what {
	case fThrown:
		f.thrown(value)
	case fMaybeStack:
		if isStack(value) {
			f.set(fStack, value)
		}
	case fObject:
		if isStack(value) {
			f.set(fStack, value)
			return
		}
		f.set(fObject, value)
	case fEscaped, fHandled:
		f.boolean(what, strings.EqualFold(value, "true"))
	case fLevelNumber:
	default:
		f.set(what, value)
	}
}

func (f *fields) boolean(what field, value bool) {
	state := no
	if value {
		state = yes
	}
	switch what {
	case fEscaped:
		f.escaped = state
	case fHandled:
		f.handled = state
	default:
	}
}

func (f *fields) integer(what field, value int64) {
	switch what {
	case fLevel:
		f.level = pinoLevel(value)
	case fLevelNumber:
		f.level = pythonLevel(value)
	default:
	}
}

// exception tells whether the fields are evidence of an exception at any level.
func (f *fields) exception() bool {
	return f.s[fType] != "" || f.s[fMessage] != "" || f.s[fStack] != "" || f.hasList || f.listRaw != ""
}

// weakException tells whether they are where the level says nothing against it.
func (f *fields) weakException() bool {
	return f.s[fErrorType] != "" && f.s[fErrorMessage] != ""
}

// exceptionType returns the type that the record names; "" when it names none.
func (f *fields) exceptionType() string {
	if f.s[fType] != "" {
		return f.s[fType]
	}
	return f.s[fErrorType]
}

// exceptionMessage returns the message that the record names; "" when it names none.
func (f *fields) exceptionMessage() string {
	if f.s[fMessage] != "" {
		return f.s[fMessage]
	}
	return f.s[fErrorMessage]
}

// stack returns the stack trace as text.
func (f *fields) stack() string {
	switch {
	case f.s[fStack] != "":
		return f.s[fStack]
	case f.hasList:
		return joinFrames(f.list.Slice().AsRaw())
	case f.listRaw != "":
		return joinFrames(decodeList(f.listRaw))
	default:
		return ""
	}
}
