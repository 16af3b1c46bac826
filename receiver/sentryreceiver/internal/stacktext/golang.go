package stacktext

// golang writes what debug.Stack returns (https://pkg.go.dev/runtime/debug#Stack). It tells neither
// type nor message, and of wrapped errors nothing.
func (w *writer) golang() {
	x := &w.chain[0]
	if len(x.Frames) == 0 {
		return
	}
	w.WriteString("goroutine 1 [running]:\n")
	for i := range x.Frames {
		f := &x.Frames[i]
		if f.Module != "" {
			w.text(f.Module, ".")
		}
		function := f.Function
		if function == "" {
			function = "?"
		}
		w.text(function, "(...)\n\t")
		if f.File == "" {
			w.WriteString("?")
		}
		w.text(f.File, ":")
		w.number(f.Line)
		w.WriteByte('\n')
	}
}
