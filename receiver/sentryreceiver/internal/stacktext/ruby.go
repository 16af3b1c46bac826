package stacktext

import (
	"strings"

	"github.com/otel-culprit/culprit/internal/stacktrace"
)

// ruby writes what Exception#full_message(highlight: false, order: :top) returns
// (https://docs.ruby-lang.org/en/3.4/Exception.html#method-i-full_message), one exception after the
// other, the causes last.
func (w *writer) ruby() {
	for index, depth := 0, 0; index >= 0 && depth < maxDepth; index, depth = w.cause(index), depth+1 {
		x := &w.chain[index]
		if len(x.Frames) == 0 {
			w.WriteString("-e:0:in `<main>'")
			w.rubyHead(x)
			w.WriteByte('\n')
			continue
		}
		for i := range x.Frames {
			if i > 0 {
				w.WriteString("\tfrom ")
			}
			f := &x.Frames[i]
			file, function := f.File, f.Function
			if file == "" {
				file = "(unknown)"
			}
			if function == "" {
				function = "<main>"
			}
			w.text(file, ":")
			w.number(f.Line)
			w.text(":in `", function, "'")
			if i == 0 {
				w.rubyHead(x)
			}
			w.WriteByte('\n')
		}
	}
}

// rubyHead writes the message with the type behind its first line.
func (w *writer) rubyHead(x *stacktrace.Exception) {
	line, rest, more := strings.Cut(x.Message, "\n")
	w.text(": ", line, " (", x.Type, ")")
	if more {
		w.text("\n", rest)
	}
}
