package stacktext

// perl writes what Carp::confess prints (https://perldoc.perl.org/Carp): as in PHP, the place on a
// line is that of the call, not of the called function.
func (w *writer) perl() {
	x := &w.chain[0]
	w.WriteString(x.Message)
	for i := range x.Frames {
		f := &x.Frames[i]
		if i > 0 {
			called := &x.Frames[i-1]
			w.WriteByte('\t')
			if called.Module != "" {
				w.text(called.Module, "::")
			}
			w.WriteString(called.Function)
			if called.Function != "eval {...}" {
				w.WriteString("()")
			}
			w.WriteString(" called")
		}
		w.text(" at ", f.File, " line ")
		w.number(f.Line)
		if i == 0 {
			w.WriteByte('.')
		}
		w.WriteByte('\n')
	}
}
