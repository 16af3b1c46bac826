package stacktext

import "strconv"

// rust writes what a panic prints with RUST_BACKTRACE=1
// (https://doc.rust-lang.org/std/backtrace/index.html).
func (w *writer) rust() {
	x := &w.chain[0]
	w.text("thread 'main' panicked at ")
	if len(x.Frames) > 0 {
		w.place(&x.Frames[0])
	} else {
		w.WriteString("<unknown>")
	}
	w.text(":\n", x.Message, "\nstack backtrace:\n")
	for i := range x.Frames {
		f := &x.Frames[i]
		n := strconv.Itoa(i)
		w.text("    "[:max(0, 4-len(n))], n, ": ")
		if f.Module != "" {
			w.text(f.Module, "::")
		}
		w.text(f.Function, "\n")
		if f.File != "" {
			w.WriteString("             at ")
			w.place(f)
			w.WriteByte('\n')
		}
	}
}
