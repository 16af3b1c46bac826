package sentryproto

import (
	"strings"

	"github.com/otel-culprit/culprit/internal/stacktrace"
)

// maxChain bounds the exceptions of one event; SDKs send 50 at most.
const maxChain = 50

// Exceptions returns the list that an event's `exception` holds, whether it is written as `[…]`, as
// `{"values": […]}` or, by old SDKs, as a single exception: oldest cause first.
func Exceptions(v Value) []Value {
	if v.Get("type").Kind() != Missing || v.Get("value").Kind() != Missing {
		return []Value{v}
	}
	var list []Value
	for x := range v.Values() {
		if x.Kind() == Object {
			list = append(list, x)
		}
	}
	return list
}

// Chain turns a list of exceptions around: the result has the outermost exception first and of each
// the crash site first, as everywhere in this project
// (https://develop.sentry.dev/sdk/foundations/transport/event-payloads/exception/).
func Chain(list []Value, lang stacktrace.Language) []stacktrace.Exception {
	n := min(len(list), maxChain)
	chain := make([]stacktrace.Exception, n)
	var ids map[int64]int // exception_id -> index
	if n > 1 {
		ids = make(map[int64]int, n)
	}
	for i := range chain {
		x := &chain[i]
		x.Parent = i - 1
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
				x.Frames = Frames(field)
			}
		}
		x.Type = typeName(lang, x.Module, x.Type)
		if n == 1 {
			break
		}
		if i > 0 {
			x.Relation = relation(mechanism)
			if id, ok := mechanism.Get("parent_id").Int(); ok {
				if parent, ok := ids[id]; ok {
					x.Parent = parent
				}
			}
		}
		if id, ok := mechanism.Get("exception_id").Int(); ok {
			if _, twice := ids[id]; !twice {
				ids[id] = i
			}
		}
	}
	return chain
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
func Frames(v Value) []stacktrace.Frame {
	list := v.Get("frames")
	n := list.Len()
	if n == 0 {
		return nil
	}
	kept := min(n, maxFrames)
	frames := make([]stacktrace.Frame, kept)
	for f := range list.Elements() {
		if n--; n < maxFrames && f.Kind() == Object {
			kept--
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
