package sentryproto

import (
	"slices"
	"strings"

	"github.com/otel-culprit/culprit/internal/stacktrace"
)

// maxChain bounds the exceptions of one event; SDKs send 50 at most.
const maxChain = 50

// ChainReader reads exceptions. It can be used again, which makes what it returned before invalid.
type ChainReader struct {
	list   []Value
	chain  []stacktrace.Exception
	ids    []exceptionID // of the exceptions of chain
	frames []stacktrace.Frame
}

// exceptionID is how the mechanisms of a chain refer to an exception.
type exceptionID struct {
	id    int64
	known bool
}

// Forget lets go of the texts, and of more memory than a chain usually takes.
func (r *ChainReader) Forget() {
	clear(r.list)
	clear(r.chain)
	clear(r.frames)
	r.list, r.chain, r.frames = r.list[:0], r.chain[:0], r.frames[:0]
	if cap(r.list) > 1024 || cap(r.frames) > 1024 {
		*r = ChainReader{}
	}
}

// Exceptions is [ChainReader.Exceptions] in memory of its own.
func Exceptions(v Value) []Value { return new(ChainReader).Exceptions(v) }

// Chain is [ChainReader.Chain] in memory of its own.
func Chain(list []Value, lang stacktrace.Language) []stacktrace.Exception {
	return new(ChainReader).Chain(list, lang)
}

// Exceptions returns the list that an event's `exception` holds, whether it is written as `[…]`, as
// `{"values": […]}` or, by old SDKs, as a single exception: oldest cause first.
func (r *ChainReader) Exceptions(v Value) []Value {
	r.list = r.list[:0]
	if v.Get("type").Kind() != Missing || v.Get("value").Kind() != Missing {
		r.list = append(r.list, v)
		return r.list
	}
	for x := range v.list().Elements() {
		if x.Kind() == Object {
			r.list = append(r.list, x)
		}
	}
	return r.list
}

// Chain turns a list of exceptions around: the result has the outermost exception first and of each
// the crash site first, as everywhere in this project
// (https://develop.sentry.dev/sdk/foundations/transport/event-payloads/exception/).
func (r *ChainReader) Chain(list []Value, lang stacktrace.Language) []stacktrace.Exception {
	n := min(len(list), maxChain)
	r.chain, r.ids, r.frames = r.chain[:0], r.ids[:0], r.frames[:0]
	for i := range n {
		x := stacktrace.Exception{Parent: i - 1}
		from := len(r.frames)
		var mechanism Value
		for k, field := range list[len(list)-1-i].Members() {
			switch k {
			case "type":
				x.Type = field.Text()
			case "value":
				if x.Message = field.Text(); x.Message == "" && (field.Kind() == Object || field.Kind() == Array) {
					x.Message = field.Raw()
				}
			case "module":
				x.Module = field.Text()
			case "mechanism":
				mechanism = field
			case "stacktrace":
				r.frames = r.frames[:from] // the last of equal keys counts
				x.Frames = r.readFrames(field)
			}
		}
		x.Type = typeName(lang, x.Module, x.Type)
		if i > 0 {
			x.Relation = relation(mechanism)
			if id, ok := mechanism.Get("parent_id").Int(); ok {
				if parent := r.index(id); parent >= 0 {
					x.Parent = parent
				}
			}
		}
		if n > 1 {
			id, known := mechanism.Get("exception_id").Int()
			r.ids = append(r.ids, exceptionID{id, known})
		}
		r.chain = append(r.chain, x)
	}
	return r.chain
}

// index finds the first exception with an ID; -1 when there is none.
func (r *ChainReader) index(id int64) int {
	for i := range r.ids {
		if r.ids[i].known && r.ids[i].id == id {
			return i
		}
	}
	return -1
}

// typeName is the name of a type as the language prints it. Python's and Java's SDKs send the module
// apart; the language prints it before the name, Python without `builtins` and `__main__`.
func typeName(lang stacktrace.Language, module, name string) string {
	switch {
	case module == "" || name == "", lang == stacktrace.Python && (module == "builtins" || module == "__main__"):
		return name
	case lang != stacktrace.Python && lang != stacktrace.Java || strings.HasPrefix(name, module+"."):
		return name
	}
	return module + "." + name
}

// relation reads how an exception came to be below its parent.
func relation(mechanism Value) stacktrace.Relation {
	source := mechanism.Get("source").Str()
	switch {
	case source == "__context__":
		return stacktrace.Context
	case strings.HasPrefix(source, "suppressed"), mechanism.Get("type").Str() == "suppressed":
		return stacktrace.Suppressed
	case strings.HasSuffix(source, "]"): // errors[0], exceptions[1], innerExceptions[0]
		return stacktrace.Member
	}
	return stacktrace.Cause
}

// Frames reads a stack trace, turns it around and keeps the frames next to the crash.
func Frames(v Value) []stacktrace.Frame { return new(ChainReader).readFrames(v) }

// readFrames is Frames in the memory of the reader, behind the frames that it has.
func (r *ChainReader) readFrames(v Value) []stacktrace.Frame {
	list := v.Get("frames")
	n := list.Len()
	if n == 0 {
		return nil
	}
	from, kept := len(r.frames), min(n, maxFrames)
	r.frames = slices.Grow(r.frames, kept)[:from+kept]
	frames := r.frames[from:]
	for f := range list.Elements() {
		if n--; n < maxFrames && f.Kind() == Object {
			kept--
			frames[kept] = stacktrace.Frame{}
			readFrame(f, &frames[kept])
		}
	}
	return frames[kept:]
}

func readFrame(v Value, f *stacktrace.Frame) {
	filename := ""
	for k, field := range v.Members() {
		switch k {
		case "function":
			f.Function = field.Text()
		case "raw_function":
			if f.Function == "" {
				f.Function = field.Text()
			}
		case "module":
			f.Module = field.Text()
		case "filename":
			filename = field.Text()
		case "abs_path":
			f.File = field.Text()
		case "lineno":
			f.Line = position(field)
		case "colno":
			f.Column = position(field)
		case "in_app":
			f.InApp, _ = field.Bool()
		}
	}
	if f.File == "" {
		f.File = filename
	}
}

func position(v Value) int {
	n, ok := v.Int()
	if !ok || n < 0 || n > 1<<30 {
		return 0
	}
	return int(n)
}
