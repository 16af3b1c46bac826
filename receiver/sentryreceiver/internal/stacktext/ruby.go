package stacktext

// ruby writes what Exception#full_message(highlight: false, order: :top) returns
// (https://docs.ruby-lang.org/en/3.4/Exception.html#method-i-full_message), one exception after the
// other, the causes last.
func (w *writer) ruby() {
	for index, depth := 0, 0; index >= 0 && depth < maxDepth; index, depth = w.cause(index), depth+1 {
		x := &w.chain[index]
		if len(x.Frames) == 0 {
			w.text("-e:0:in `<main>': ", x.Message, " (", x.Type, ")\n")
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
				w.text(": ", x.Message, " (", x.Type, ")")
			}
			w.WriteByte('\n')
		}
	}
}
