package stacktrace

import "strings"

// Clean returns the parts of a frame's name that stay the same from build to build: without the
// numbers of lambdas and closures, generated suffixes, type arguments, hashes and the classes that
// compilers make for asynchronous functions, whose own name comes back. Nothing is allocated when
// the names are clean already.
func (f *Frame) Clean(language Language) (module, function string) {
	d := dialectOf(language)
	if d == nil || d.clean == nil {
		return f.Module, f.Function
	}
	return d.clean(f.Module, f.Function)
}

// functionOnly is the clean of a dialect whose modules are clean as they are printed.
func functionOnly(clean func(function string) string) func(string, string) (string, string) {
	return func(module, function string) (string, string) { return module, clean(function) }
}

// dropNumbers takes the digits away that follow mark.
func dropNumbers(name, mark string) string {
	i := strings.Index(name, mark)
	if i < 0 {
		return name
	}
	i += len(mark)
	if i >= len(name) || !isDigit(name[i]) {
		return name
	}
	var b strings.Builder
	b.Grow(len(name))
	b.WriteString(name[:i])
	for rest := name[i:]; ; {
		for rest != "" && isDigit(rest[0]) {
			rest = rest[1:]
		}
		j := strings.Index(rest, mark)
		if j < 0 {
			b.WriteString(rest)
			return b.String()
		}
		b.WriteString(rest[:j+len(mark)])
		rest = rest[j+len(mark):]
	}
}

// dropSegments takes away every part of a name that is a number: "a$1$b$2" becomes "a$b".
func dropSegments(name string, sep byte) string {
	clean := true
	for i := 0; i+1 < len(name); i++ {
		if name[i] == sep && isDigit(name[i+1]) {
			clean = false
			break
		}
	}
	if clean {
		return name
	}
	var b strings.Builder
	b.Grow(len(name))
	for i := 0; i < len(name); {
		if name[i] == sep && i+1 < len(name) && isDigit(name[i+1]) {
			j := i + 1
			for j < len(name) && isDigit(name[j]) {
				j++
			}
			if j == len(name) || name[j] == sep {
				i = j
				continue
			}
		}
		b.WriteByte(name[i])
		i++
	}
	return b.String()
}
