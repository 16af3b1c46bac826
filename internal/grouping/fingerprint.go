package grouping

import (
	"slices"
	"strings"

	"github.com/otel-culprit/culprit/internal/stacktrace"
)

// maxChain bounds the exceptions of a chain that count.
const maxChain = 8

// fingerprint sets Basis and Parts.
func (g *Grouper) fingerprint(in *Input, res *Result) {
	parts := make([]Part, 0, 8)
	switch {
	case len(res.Trace.Exceptions) > 0:
		res.Basis = ByStack
		parts = stackParts(parts, res)
	case in.Type != "" || in.Message != "" || in.Template != "" || in.Body != "" || in.Stack != "":
		res.Basis = ByMessage
		parts = messageParts(parts, in)
	default:
		res.Basis = ByOperation
		parts = append(parts, Part{"operation", Operation(in.Operation)})
		if in.Status != "" {
			parts = append(parts, Part{"status", Status(in.Status)})
		}
	}
	// Operations are only told apart by their service: every service has a "GET /".
	if in.Service != "" && (g.byService || res.Basis == ByOperation) {
		parts = append(parts, Part{"service", in.Service})
	}
	res.Parts = parts
}

func messageParts(parts []Part, in *Input) []Part {
	if in.Type != "" {
		parts = append(parts, Part{"type", typeName(in.Language, in.Type)})
	}
	if m := messageTemplate(in); m != "" {
		return append(parts, Part{"message", m})
	}
	if in.Operation != "" {
		parts = append(parts, Part{"operation", Operation(in.Operation)})
	}
	return parts
}

// messageTemplate prefers the logger's own template to a guess. It still goes through Template:
// some loggers put the finished message there.
func messageTemplate(in *Input) string {
	if in.Template != "" && in.Type == "" {
		return Template(in.Template)
	}
	return Template(firstOf(in.Message, in.Body, in.Stack))
}

func firstOf(texts ...string) string {
	for _, t := range texts {
		if t != "" {
			return t
		}
	}
	return ""
}

// stackParts lists, for each exception of the chain, its type, the frame at fault and what its
// message says in words of the vocabulary: the frame alone cannot tell apart two errors of one
// function.
func stackParts(parts []Part, res *Result) []Part {
	t := &res.Trace
	top := outermost(t)
	main := culpritOf(t, top)
	var members []string
	count := 0
	res.Root = make([]uint64, len(t.Exceptions))
	for i := range t.Exceptions {
		e := &t.Exceptions[i]
		msg := load(e.Message)
		res.Root[i] = rootHash(lastName(e.Type), msg)
		if i == top {
			res.Title = join(typeName(t.Language, e.Type), msg.render(modeReadable))
		}
		switch {
		case i < top || count >= maxChain || e.Relation == stacktrace.Suppressed:
			// Carriers, and accidents on the way, are no reason.
		case e.Relation == stacktrace.Member:
			// Which of a group's tasks fail differs from run to run: only the kinds count.
			if typ := typeName(t.Language, e.Type); !slices.Contains(members, typ) && len(members) < maxChain {
				members = append(members, typ)
			}
		case i == top || onPath(t, i):
			count++
			parts = exceptionParts(parts, t, i, top, main, msg)
		}
		msg.release()
	}
	slices.Sort(members)
	for _, m := range members {
		parts = append(parts, Part{"type", m})
	}
	return parts
}

// exceptionParts lists what counts of exception i. main is the frame at fault of the one at top.
func exceptionParts(parts []Part, t *stacktrace.Trace, i, top int, main *stacktrace.Frame, msg *engine) []Part {
	e := &t.Exceptions[i]
	f := main
	if i != top {
		if f = firstInApp(e); f != nil && main != nil && same(t.Language, f, main) {
			f = nil
		}
	}
	m := modeSkeleton
	if main == nil {
		m = modeTemplate // without frames the message is all there is
	}
	typ, text := typeName(t.Language, e.Type), string(msg.render(m))
	if i > top && f == nil && repeats(parts, typ, text) {
		return parts // a level of wrapping that says nothing new
	}
	if typ != "" {
		parts = append(parts, Part{"type", typ})
	}
	if f != nil {
		parts = append(parts, Part{"frame", frameKey(t.Language, f)})
		if c := caller(t, e, f); c != nil {
			parts = append(parts, Part{"caller", frameKey(t.Language, c)})
		}
	}
	if text != "" {
		return append(parts, Part{"message", text})
	}
	if typ == "" && f != nil {
		// Frames alone: what the frame at fault called tells one failure from another.
		if c := callee(e, f); c != nil {
			parts = append(parts, Part{"callee", frameKey(t.Language, c)})
		}
	}
	return parts
}

// repeats tells that an exception only repeats the last one that was listed.
func repeats(parts []Part, typ, msg string) bool {
	lastType, lastMessage := "", ""
	for _, p := range parts {
		switch p.Name {
		case "type":
			lastType, lastMessage = p.Value, ""
		case "message":
			lastMessage = p.Value
		}
	}
	return typ == lastType && msg == lastMessage
}

// onPath tells that an exception is a cause of the outermost one, not of a suppressed one or of a
// member of a group.
func onPath(t *stacktrace.Trace, i int) bool {
	for steps := 0; i > 0 && i < len(t.Exceptions) && steps < 64; steps++ {
		e := &t.Exceptions[i]
		if e.Relation == stacktrace.Suppressed || e.Relation == stacktrace.Member {
			return false
		}
		if e.Parent >= i {
			return true
		}
		i = e.Parent
	}
	return true
}

// carriers only carry another exception from one thread, or through one call by reflection, to
// another: whether they are there depends on the caller, not on the bug.
var carriers = []string{
	"ExecutionException", "CompletionException", "InvocationTargetException", "UndeclaredThrowableException",
	"UncheckedExecutionException", "ExecutionError", "PrivilegedActionException", "NestedServletException",
	"TargetInvocationException", "AggregateException", "withStack", "withMessage", "_RemoteTraceback", "RemoteTraceback",
}

func carrier(typ string) bool {
	if i := strings.LastIndexAny(typ, ".$\\:"); i >= 0 {
		typ = typ[i+1:]
	}
	return slices.Contains(carriers, typ)
}

// outermost returns the index of the first exception that is not just a carrier of its only cause.
func outermost(t *stacktrace.Trace) int {
	i := 0
	for i+1 < len(t.Exceptions) && carrier(t.Exceptions[i].Type) {
		next, n := -1, 0
		for j := i + 1; j < len(t.Exceptions); j++ {
			if e := &t.Exceptions[j]; e.Parent == i && e.Relation != stacktrace.Suppressed {
				if n++; next < 0 {
					next = j
				}
			}
		}
		if n != 1 {
			break
		}
		i = next
	}
	return i
}

// culprit returns the exception that names the issue and the frame at fault; nil without frames.
func culprit(t *stacktrace.Trace) (*stacktrace.Exception, *stacktrace.Frame) {
	if len(t.Exceptions) == 0 {
		return nil, nil
	}
	i := outermost(t)
	return &t.Exceptions[i], culpritOf(t, i)
}

// culpritOf returns the frame at fault of the exceptions from the one at top.
func culpritOf(t *stacktrace.Trace, top int) *stacktrace.Frame {
	part := *t
	part.Exceptions = t.Exceptions[top:]
	e, f := part.Culprit()
	if e < 0 || f < 0 {
		if top > 0 {
			return culpritOf(t, 0)
		}
		return nil
	}
	return &part.Exceptions[e].Frames[f]
}

func firstInApp(e *stacktrace.Exception) *stacktrace.Frame {
	for i := range e.Frames {
		if e.Frames[i].InApp {
			return &e.Frames[i]
		}
	}
	return nil
}

func same(language stacktrace.Language, a, b *stacktrace.Frame) bool {
	return a.Module == b.Module && baseName(a.File) == baseName(b.File) && cleanFunction(language, a) == cleanFunction(language, b)
}

// caller returns the frame that called f when f has no name of its own: the next in-app frame of
// the same file that has one.
func caller(t *stacktrace.Trace, e *stacktrace.Exception, f *stacktrace.Frame) *stacktrace.Frame {
	if !anonymous(cleanFunction(t.Language, f)) {
		return nil
	}
	for i := range e.Frames {
		if &e.Frames[i] != f {
			continue
		}
		for j := i + 1; j < len(e.Frames); j++ {
			c := &e.Frames[j]
			if !c.InApp {
				continue
			}
			if c.File != f.File || c.Module != f.Module {
				return nil
			}
			if !anonymous(cleanFunction(t.Language, c)) {
				return c
			}
		}
	}
	return nil
}

// callee returns the frame that f called; nil when f is the crash site.
func callee(e *stacktrace.Exception, f *stacktrace.Frame) *stacktrace.Frame {
	for i := range e.Frames {
		if &e.Frames[i] == f && i > 0 {
			return &e.Frames[i-1]
		}
	}
	return nil
}

// anonymous tells names that languages give to functions without one.
func anonymous(name string) bool {
	if name == "" {
		return true
	}
	if i := strings.LastIndexAny(name, ".:>\\"); i >= 0 && i+1 < len(name) && name[len(name)-1] != '>' {
		name = name[i+1:]
	}
	switch name {
	case "<lambda>", "<anonymous>", "anonymous", "{closure}", "__ANON__", "<listcomp>", "<genexpr>", "<dictcomp>", "<setcomp>":
		return true
	}
	return strings.HasSuffix(name, "<anonymous>")
}
