package stacktext

// dotnet writes what Exception.ToString returns
// (https://learn.microsoft.com/dotnet/api/system.exception.tostring): messages from the outermost to
// the innermost, then the stacks the other way round.
func (w *writer) dotnet(depth int) {
	w.head(&w.chain[0])
	w.dotnetInner(0, depth)
	w.dotnetFrames(0)
}

func (w *writer) dotnetInner(index, depth int) {
	if depth > maxDepth {
		return
	}
	inner := w.children(index, isMember)
	if c := w.cause(index); c >= 0 {
		inner = append(inner, c)
	}
	for _, i := range inner {
		w.WriteString("\n ---> ")
		w.head(&w.chain[i])
		w.dotnetInner(i, depth+1)
		w.dotnetFrames(i)
		w.WriteString("\n   --- End of inner exception stack trace ---")
	}
}

func (w *writer) dotnetFrames(index int) {
	x := &w.chain[index]
	for i := range x.Frames {
		f := &x.Frames[i]
		w.WriteString("\n   at ")
		if f.Module != "" {
			w.text(f.Module, ".")
		}
		w.WriteString(f.Function)
		if n := len(f.Function); n == 0 || f.Function[n-1] != ')' {
			w.WriteString("()")
		}
		if f.File != "" {
			w.text(" in ", f.File, ":line ")
			w.number(f.Line)
		}
	}
}
