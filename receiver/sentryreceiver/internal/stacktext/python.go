package stacktext

import (
	"strconv"
	"strings"

	"github.com/otel-culprit/culprit/internal/stacktrace"
)

// python writes what traceback.format_exception returns
// (https://docs.python.org/3/library/traceback.html): the root cause first, groups in a margin.
func (w *writer) python(index, depth int) {
	w.pythonChain(index, "", depth)
}

func (w *writer) pythonChain(index int, margin string, depth int) {
	if depth > maxDepth {
		return
	}
	if cause := w.cause(index); cause >= 0 {
		w.pythonChain(cause, margin, depth+1)
		sentence := "The above exception was the direct cause of the following exception:"
		if w.chain[cause].Relation == stacktrace.Context {
			sentence = "During handling of the above exception, another exception occurred:"
		}
		w.text(margin, "\n", margin, sentence, "\n", margin, "\n")
	}
	members := w.children(index, isMember)
	if len(members) == 0 {
		w.pythonBlock(index, margin, "Traceback (most recent call last):")
		return
	}
	inner := margin
	if margin == "" {
		inner = "  | "
		w.text("  + Exception Group Traceback (most recent call last):\n")
		w.pythonBlock(index, inner, "")
	} else {
		w.pythonBlock(index, margin, "Exception Group Traceback (most recent call last):")
	}
	indent := strings.TrimRight(inner, "| ")
	indent += "  " // the column of the members' margin stands two to the right
	for i, m := range members {
		lead := indent + "  +"
		if i == 0 {
			lead = indent + "+-+"
		}
		w.text(lead, "---------------- ", strconv.Itoa(i+1), " ----------------\n")
		w.pythonChain(m, indent+"  | ", depth+1)
	}
	w.text(indent, "  +------------------------------------\n")
}

func (w *writer) pythonBlock(index int, margin, header string) {
	x := &w.chain[index]
	if header != "" && (len(x.Frames) > 0 || margin == "") {
		w.text(margin, header, "\n")
	}
	for i := len(x.Frames) - 1; i >= 0; i-- {
		f := &x.Frames[i]
		file, function := f.File, f.Function
		if file == "" {
			file = "<unknown>"
		}
		if function == "" {
			function = "<unknown>"
		}
		w.text(margin, `  File "`, file, `", line `)
		w.number(f.Line)
		w.text(", in ", function, "\n")
	}
	if margin == "" {
		w.head(x)
		w.WriteByte('\n')
		return
	}
	head := x.Type
	if x.Message != "" {
		head += ": " + x.Message
	}
	for line := range strings.SplitSeq(head, "\n") {
		w.text(margin, line, "\n")
	}
}
