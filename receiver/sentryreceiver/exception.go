package sentryreceiver

import (
	"strings"

	"go.opentelemetry.io/collector/pdata/pcommon"

	"github.com/otel-culprit/culprit/internal/sentryproto"
	"github.com/otel-culprit/culprit/internal/stacktrace"
	"github.com/otel-culprit/culprit/receiver/sentryreceiver/internal/stacktext"
)

// Bounds of what is put into exception.stacktrace. sentry.exceptions has all of it.
const (
	maxExceptions = 32
	maxFrames     = 250 // of one exception, as Sentry keeps them
)

// exceptions puts the outermost exception into exception.*, its stack written as the language prints
// it, so that it is the same error as the one that OpenTelemetry reports; and the chain as it came
// into sentry.exceptions. It returns `Type: message`; "" without an exception.
func (c *conversion) exceptions(d *eventDoc, o origin, attrs pcommon.Map) string {
	source := d.exception
	var list []sentryproto.Value // oldest cause first
	if source.Get("type").Kind() != sentryproto.Missing || source.Get("value").Kind() != sentryproto.Missing {
		list = append(list, source) // a single exception without a list: old SDKs
	} else {
		for x := range source.Values() {
			if x.Kind() == sentryproto.Object {
				list = append(list, x)
			}
		}
	}
	if len(list) == 0 {
		return ""
	}
	sdk := o.sdkName
	if sdk == "" {
		sdk = c.sdkName
	}
	lang := languageOf(o.platform, sdk)
	chain := readChain(list, lang)
	outer := &chain[0]
	typ := outer.Type
	if last := list[len(list)-1]; lang == stacktrace.Python && last.Get("module").Str() == "__main__" {
		typ = "__main__." + typ // as OpenTelemetry's SDK names it, other than the stack trace
	}
	putStr(attrs, "exception.type", typ)
	putStr(attrs, "exception.message", outer.Message)
	if len(outer.Frames) > 0 || len(chain) > 1 {
		putStr(attrs, "exception.stacktrace", stacktext.Render(lang, chain))
	}
	mechanism := list[len(list)-1].Get("mechanism")
	putText(attrs, "sentry.mechanism.type", mechanism.Get("type"))
	if handled, ok := mechanism.Get("handled").Bool(); ok {
		attrs.PutBool("sentry.mechanism.handled", handled)
	}
	all := attrs.PutEmptySlice("sentry.exceptions")
	all.EnsureCapacity(len(list))
	for _, x := range list {
		exceptionTo(all.AppendEmpty().SetEmptyMap(), x)
	}
	switch {
	case typ == "":
		return outer.Message
	case outer.Message == "":
		return typ
	}
	return typ + ": " + outer.Message
}

// readChain turns a list around: the result has the outermost exception first and of each the crash
// site first, as everywhere in this project.
func readChain(list []sentryproto.Value, lang stacktrace.Language) []stacktrace.Exception {
	n := min(len(list), maxExceptions)
	chain := make([]stacktrace.Exception, n)
	ids := make(map[int64]int, n) // exception_id -> index
	for i := range chain {
		v := list[len(list)-1-i]
		x := &chain[i]
		x.Parent = i - 1
		var mechanism sentryproto.Value
		module := ""
		for k, field := range v.Members() {
			switch k {
			case "type":
				x.Type = field.Text()
			case "value":
				if x.Message = field.Text(); x.Message == "" && !isEmpty(field) {
					x.Message = field.Raw()
				}
			case "module":
				module = field.Text()
			case "mechanism":
				mechanism = field
			case "stacktrace":
				x.Frames = readFrames(field)
			}
		}
		x.Type = typeName(lang, module, x.Type)
		if i > 0 {
			x.Relation = relation(mechanism)
		}
		if id, ok := mechanism.Get("parent_id").Int(); ok && i > 0 {
			if parent, ok := ids[id]; ok {
				x.Parent = parent
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

// relation reads how an exception came to be below its parent
// (https://develop.sentry.dev/sdk/foundations/transport/event-payloads/exception/).
func relation(mechanism sentryproto.Value) stacktrace.Relation {
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

// readFrames turns a stack trace around and keeps the frames next to the crash.
func readFrames(v sentryproto.Value) []stacktrace.Frame {
	list := v.Get("frames")
	n := list.Len()
	if n == 0 {
		return nil
	}
	skip := max(0, n-maxFrames) // the oldest callers
	frames := make([]stacktrace.Frame, 0, n-skip)
	i := 0
	for f := range list.Elements() {
		if i++; i > skip && f.Kind() == sentryproto.Object {
			frames = append(frames, readFrame(f))
		}
	}
	for i, j := 0, len(frames)-1; i < j; i, j = i+1, j-1 {
		frames[i], frames[j] = frames[j], frames[i]
	}
	return frames
}

func readFrame(v sentryproto.Value) (f stacktrace.Frame) {
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
			f.Line = number(field)
		case "colno":
			f.Column = number(field)
		case "in_app":
			f.InApp, _ = field.Bool()
		}
	}
	if f.File == "" {
		f.File = filename
	}
	return f
}

func number(v sentryproto.Value) int {
	n, ok := v.Int()
	if !ok || n < 0 || n > 1<<30 {
		return 0
	}
	return int(n)
}

// threadsTo keeps the stacks of threads. A stack that belongs to a message instead of an exception
// says where the message was written: its last own frame becomes code.*.
func (d *eventDoc) threadsTo(attrs pcommon.Map) {
	stack := d.stacktrace
	for t := range d.threads.Values() {
		if s := t.Get("stacktrace"); stack.Kind() == sentryproto.Missing && s.Kind() == sentryproto.Object {
			stack = s
		}
	}
	putValue(attrs, "sentry.stacktrace", d.stacktrace)
	threads := d.threads
	if inner := threads.Get("values"); inner.Kind() == sentryproto.Array {
		threads = inner
	}
	putValue(attrs, "sentry.threads", threads)
	if _, has := attrs.Get("exception.type"); has {
		return
	}
	frames := readFrames(stack)
	if len(frames) == 0 {
		return
	}
	at := &frames[0]
	for i := range frames {
		if frames[i].InApp {
			at = &frames[i]
			break
		}
	}
	function := at.Function
	if at.Module != "" && function != "" {
		function = at.Module + "." + function
	}
	putStr(attrs, "code.function.name", function)
	putStr(attrs, "code.file.path", at.File)
	if at.Line > 0 {
		attrs.PutInt("code.line.number", int64(at.Line))
	}
}
