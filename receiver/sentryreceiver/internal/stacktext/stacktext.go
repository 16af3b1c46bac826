// Package stacktext writes exceptions as the language's own runtime prints them.
//
// A Sentry SDK sends parsed frames, OpenTelemetry's SDKs send the printed stack trace. Written back
// into text, the same bug is the same issue whichever SDK reported it. Therefore a chain is written
// where OpenTelemetry's SDK of the language writes one (Python, Java, Ruby, PHP, .NET); where it
// does not (JavaScript, Go), only the outermost exception is.
package stacktext

import (
	"bytes"
	"strconv"

	"github.com/otel-culprit/culprit/internal/stacktrace"
)

// Writer writes exceptions. It can be used again; what it returned stays valid.
type Writer struct{ w writer }

// maxBuffer is what a Writer that waits for its next use may hold, in bytes.
const maxBuffer = 64 << 10

// Render writes a chain, outermost exception first and of each the crash site first. The result is
// "" for an empty chain.
func (w *Writer) Render(lang stacktrace.Language, chain []stacktrace.Exception) string {
	if len(chain) == 0 {
		return ""
	}
	w.w.chain = chain
	w.w.render(lang)
	text := w.w.String()
	w.w.chain = nil
	if w.w.Reset(); w.w.Cap() > maxBuffer {
		w.w = writer{}
	}
	return text
}

func (w *writer) render(lang stacktrace.Language) {
	switch lang {
	case stacktrace.Python:
		w.python(0, 0)
	case stacktrace.Java:
		w.java(0, "", 0)
	case stacktrace.Go:
		w.golang()
	case stacktrace.DotNet:
		w.dotnet(0)
	case stacktrace.Ruby:
		w.ruby()
	case stacktrace.PHP:
		w.php()
	case stacktrace.Rust:
		w.rust()
	case stacktrace.Perl:
		w.perl()
	case stacktrace.Erlang:
		w.elixir()
	default:
		w.node()
	}
}

type writer struct {
	bytes.Buffer
	chain []stacktrace.Exception
}

// text writes several strings.
func (w *writer) text(parts ...string) {
	for _, p := range parts {
		w.WriteString(p)
	}
}

func (w *writer) number(n int) {
	var buf [20]byte
	w.Write(strconv.AppendInt(buf[:0], int64(n), 10))
}

// head writes `Type: message`.
func (w *writer) head(x *stacktrace.Exception) {
	switch {
	case x.Type == "":
		w.WriteString(x.Message)
	case x.Message == "":
		w.WriteString(x.Type)
	default:
		w.text(x.Type, ": ", x.Message)
	}
}

// children yields the indexes of the exceptions below one of the chain.
func (w *writer) children(parent int, want func(stacktrace.Relation) bool) []int {
	var out []int
	for i := parent + 1; i < len(w.chain); i++ {
		if w.chain[i].Parent == parent && want(w.chain[i].Relation) {
			out = append(out, i)
		}
	}
	return out
}

// cause returns the exception that one of the chain came from; -1 when there is none.
func (w *writer) cause(of int) int {
	for i := of + 1; i < len(w.chain); i++ {
		if r := w.chain[i].Relation; w.chain[i].Parent == of && (r == stacktrace.Cause || r == stacktrace.Context) {
			return i
		}
	}
	return -1
}

// place writes file:line:column as far as it is known.
func (w *writer) place(f *stacktrace.Frame) {
	if f.File == "" {
		w.WriteString("<anonymous>")
	} else {
		w.WriteString(f.File)
	}
	if f.Line > 0 {
		w.WriteByte(':')
		w.number(f.Line)
		if f.Column > 0 {
			w.WriteByte(':')
			w.number(f.Column)
		}
	}
}

func isMember(r stacktrace.Relation) bool     { return r == stacktrace.Member }
func isSuppressed(r stacktrace.Relation) bool { return r == stacktrace.Suppressed }

// maxDepth bounds the nesting of what is written: a tree of exceptions comes from outside.
const maxDepth = 16
