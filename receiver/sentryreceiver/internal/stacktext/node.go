package stacktext

// node writes V8's form (https://v8.dev/docs/stack-trace-api), which is also that of a language
// without a form of its own. V8's error.stack has no causes.
func (w *writer) node() {
	x := &w.chain[0]
	w.head(x)
	for i := range x.Frames {
		f := &x.Frames[i]
		w.WriteString("\n    at ")
		switch f.Function {
		case "", "?", "<anonymous>":
			w.place(f)
		default:
			w.text(f.Function, " (")
			w.place(f)
			w.WriteByte(')')
		}
	}
}
