package stacktext

// elixir writes what Exception.format prints
// (https://hexdocs.pm/elixir/Exception.html#format/3).
func (w *writer) elixir() {
	x := &w.chain[0]
	w.text("** (", x.Type, ") ", x.Message, "\n")
	for i := range x.Frames {
		f := &x.Frames[i]
		w.WriteString("    ")
		if f.File != "" {
			w.text(f.File, ":")
			w.number(f.Line)
			w.WriteString(": ")
		}
		w.text(f.Function, "\n")
	}
}
