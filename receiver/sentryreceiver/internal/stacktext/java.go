package stacktext

// java writes what Throwable.printStackTrace prints
// (https://docs.oracle.com/en/java/javase/21/docs/api/java.base/java/lang/Throwable.html#printStackTrace()).
func (w *writer) java(index int, indent string, depth int) {
	if depth > maxDepth {
		return
	}
	x := &w.chain[index]
	w.head(x)
	w.WriteByte('\n')
	for i := range x.Frames {
		f := &x.Frames[i]
		w.text(indent, "\tat ")
		if f.Module != "" {
			w.text(f.Module, ".")
		}
		w.text(f.Function, "(")
		switch {
		case f.File == "":
			w.WriteString("Unknown Source")
		default:
			w.WriteString(f.File)
			if f.Line > 0 {
				w.WriteByte(':')
				w.number(f.Line)
			}
		}
		w.WriteString(")\n")
	}
	for _, s := range append(w.children(index, isSuppressed), w.children(index, isMember)...) {
		w.text(indent, "\tSuppressed: ")
		w.java(s, indent+"\t", depth+1)
	}
	if c := w.cause(index); c >= 0 {
		w.text(indent, "Caused by: ")
		w.java(c, indent, depth+1)
	}
}
