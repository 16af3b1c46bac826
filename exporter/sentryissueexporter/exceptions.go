package sentryissueexporter

import (
	"path"
	"strconv"
	"strings"

	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/sentryproto"
	"github.com/otel-culprit/culprit/internal/stacktrace"
)

// exceptions turns a chain around: ours has the outermost exception first and the crash site first,
// Sentry's has the oldest cause first and the oldest caller first. The index in our chain is the
// exception_id: 0 is the outermost in both.
func exceptions(e *issue.Event) *sentryproto.List[sentryproto.Exception] {
	chain := parsed(e)
	n := len(chain)
	if n == 0 {
		return nil
	}
	out := make([]sentryproto.Exception, n)
	children := make([]int, n) // numbered children of each exception: errors[0], errors[1] ...
	lang := language(e)
	for i := range chain {
		x := &chain[i]
		m := &sentryproto.Mechanism{Type: "otel", ExceptionID: i}
		if i == 0 {
			m.Handled = e.Handled
		} else {
			parent := x.Parent
			if parent < 0 || parent >= i {
				parent = i - 1
			}
			m.Type, m.ParentID = "chained", &parent
			m.Source = source(lang, x.Relation, children[parent])
			if x.Relation == stacktrace.Member || x.Relation == stacktrace.Suppressed {
				children[parent]++
			}
			if x.Relation == stacktrace.Member {
				out[n-1-parent].Mechanism.Group = true
			}
		}
		out[n-1-i] = sentryproto.Exception{
			Type: x.Type, Value: x.Message, Module: x.Module, Mechanism: m, Stacktrace: frames(x.Frames),
		}
	}
	if last := &out[n-1]; last.Stacktrace == nil {
		if f, ok := codeFrame(e); ok {
			last.Stacktrace = &sentryproto.Stacktrace{Frames: []sentryproto.Frame{f}}
		}
	}
	return &sentryproto.List[sentryproto.Exception]{Values: out}
}

// parsed returns the event's chain. A record that was stamped but did not come through the connector
// issues has its stack as text only.
func parsed(e *issue.Event) []stacktrace.Exception {
	if e.Stack == "" || len(e.Exceptions) > 1 || len(e.Exceptions) == 1 && e.Exceptions[0].Frames != nil {
		return e.Exceptions
	}
	trace, ok := stacktrace.Parse(e.Stack, language(e))
	if !ok || len(trace.Exceptions) == 0 {
		return e.Exceptions
	}
	if len(e.Exceptions) == 1 { // the attributes know type and message better
		outer := &trace.Exceptions[0]
		if t := e.Exceptions[0].Type; t != "" {
			outer.Type = t
		}
		if m := e.Exceptions[0].Message; m != "" {
			outer.Message = m
		}
	}
	return trace.Exceptions
}

// source names the relation of an exception to its parent as the SDKs of the language do.
func source(lang stacktrace.Language, r stacktrace.Relation, index int) string {
	switch r {
	case stacktrace.Member:
		if lang == stacktrace.Python {
			return "exceptions[" + strconv.Itoa(index) + "]"
		}
		return "errors[" + strconv.Itoa(index) + "]"
	case stacktrace.Suppressed:
		return "suppressed[" + strconv.Itoa(index) + "]"
	case stacktrace.Context:
		return "__context__"
	}
	switch lang {
	case stacktrace.Python:
		return "__cause__"
	case stacktrace.Go:
		return "unwrap"
	case stacktrace.DotNet:
		return "InnerException"
	}
	return "cause"
}

func frames(in []stacktrace.Frame) *sentryproto.Stacktrace {
	if len(in) == 0 {
		return nil
	}
	out := make([]sentryproto.Frame, len(in))
	for i := range in {
		f := &in[i]
		out[len(in)-1-i] = frame(f.Function, f.Module, f.File, f.Line, f.Column, f.InApp)
	}
	return &sentryproto.Stacktrace{Frames: out}
}

func frame(function, module, file string, line, column int, inApp bool) sentryproto.Frame {
	f := sentryproto.Frame{
		Function: function, Module: module, Filename: file,
		Line: max(line, 0), Column: max(column, 0), InApp: inApp,
	}
	if path.IsAbs(file) || strings.Contains(file, "://") || len(file) > 2 && file[1] == ':' {
		f.AbsPath = file
	}
	return f
}

// codeFrame is the frame of a record that tells where it was written, but has no stack.
func codeFrame(e *issue.Event) (sentryproto.Frame, bool) {
	get := func(keys ...string) string {
		if v := first(e.Extra, keys...); v != "" {
			return v
		}
		return first(e.Tags, keys...)
	}
	function, file := get("code.function.name", "code.function"), get("code.file.path", "code.filepath")
	if function == "" && file == "" {
		return sentryproto.Frame{}, false
	}
	line, err := strconv.Atoi(get("code.line.number", "code.lineno"))
	if err != nil {
		line = 0
	}
	column, err := strconv.Atoi(get("code.column.number", "code.column"))
	if err != nil {
		column = 0
	}
	return frame(function, get("code.namespace"), file, line, column, true), true
}

// isCode tells that an attribute goes into a frame, see codeFrame.
func isCode(key string) bool {
	switch key {
	case "code.function.name", "code.function", "code.file.path", "code.filepath", "code.line.number",
		"code.lineno", "code.column.number", "code.column", "code.namespace":
		return true
	}
	return false
}
