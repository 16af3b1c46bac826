package stacktext

import (
	"strings"

	"github.com/otel-culprit/culprit/internal/stacktrace"
)

// php writes what Throwable::__toString returns (https://www.php.net/manual/en/throwable.tostring.php):
// the innermost exception first. A line holds the place of a call and the name of what is called
// there, so each name stands one line below the place where its frame is.
func (w *writer) php() {
	var order []int
	for index := 0; index >= 0 && len(order) < maxDepth; index = w.cause(index) {
		order = append(order, index)
	}
	for n := len(order) - 1; n >= 0; n-- {
		x := &w.chain[order[n]]
		if n < len(order)-1 {
			w.WriteString("\n\nNext ")
		}
		w.head(x)
		if len(x.Frames) > 0 {
			w.text(" in ", x.Frames[0].File, ":")
			w.number(x.Frames[0].Line)
		}
		w.WriteString("\nStack trace:\n")
		line := 0
		for i := range x.Frames {
			if i+1 >= len(x.Frames) && phpFunction(&x.Frames[i]) == "" {
				break
			}
			w.WriteByte('#')
			w.number(line)
			w.WriteByte(' ')
			line++
			if i+1 < len(x.Frames) && x.Frames[i+1].File != "" {
				w.text(x.Frames[i+1].File, "(")
				w.number(x.Frames[i+1].Line)
				w.WriteString("): ")
			} else {
				w.WriteString("[internal function]: ")
			}
			w.text(phpFunction(&x.Frames[i]), "()\n")
		}
		w.WriteByte('#')
		w.number(line)
		w.WriteString(" {main}")
	}
}

// phpFunction writes Class::method, Sentry's form, as PHP does: Class->method.
func phpFunction(f *stacktrace.Frame) string {
	name := f.Function
	if name == "{main}" { // the script itself is the last line
		return ""
	}
	if f.Module != "" && !strings.Contains(name, "::") {
		name = f.Module + "::" + name
	}
	return strings.Replace(name, "::", "->", 1)
}
