package grouping

import (
	"strings"

	"github.com/otel-culprit/culprit/internal/stacktrace"
)

func cleanFunction(language stacktrace.Language, f *stacktrace.Frame) string {
	_, name := cleanFrame(language, f)
	return name
}

// cleanFrame returns module and function without what compilers number or generate. Sentry's SDK for
// PHP does not tell a static call from another, so neither does a fingerprint.
func cleanFrame(language stacktrace.Language, f *stacktrace.Frame) (module, function string) {
	module, function = f.Clean(language)
	if language == stacktrace.PHP {
		function = strings.Replace(function, "->", "::", 1)
	}
	return module, function
}

// frameKey is what a fingerprint keeps of a frame: function and module, or the file's own name
// where no module is printed; no path, no line.
func frameKey(language stacktrace.Language, f *stacktrace.Frame) string {
	where, name := cleanFrame(language, f)
	if where == "" {
		where = fileKey(f.File)
	}
	switch {
	case where == "":
		return name
	case name == "":
		return where
	}
	return name + " in " + where
}

// baseName returns the last part of a path.
func baseName(path string) string {
	if i := strings.LastIndexAny(path, `/\`); i >= 0 {
		return path[i+1:]
	}
	return path
}

// fileKey is the name of a file without its path, which tells where the program was installed or
// built. File names that a framework prescribes occur once in each package, so they keep the
// directory they are in.
func fileKey(path string) string {
	base := cleanFile(baseName(path))
	stem := base
	if i := strings.IndexByte(stem, '.'); i > 0 {
		stem = stem[:i]
	}
	switch stem {
	case "index", "__init__", "mod", "views", "view", "models", "model", "serializers", "forms", "urls", "tasks", "handler", "handlers",
		"controller", "service", "services", "utils", "util", "helpers", "helper", "routes", "route", "resolvers", "resolver", "page", "layout",
		"schema", "types", "client", "repository", "middleware":
		if dir := parentDir(path); dir != "" {
			return dir + "/" + base
		}
	}
	return base
}

// parentDir returns the directory a file is in when that is likely to be part of the source tree.
func parentDir(path string) string {
	i := strings.LastIndexAny(path, `/\`)
	if i <= 0 {
		return ""
	}
	dir := baseName(path[:i])
	for k := 0; k < len(dir); k++ {
		if c := classes[dir[k]]; c&cDigit != 0 {
			return "" // a release
		}
	}
	switch dir {
	case "", ".", "..", "current", "release", "releases", "latest", "app", "build", "dist", "out", "target", "src", "lib", "code", "workspace",
		"www", "html", "public", "bin", "server", "service", "srv", "opt", "usr", "root", "home", "tmp", "var", "live", "prod", "staging":
		return ""
	}
	return dir
}

// cleanFile takes the hash of a bundler out of a file's name: "app.3f2a1b9c.js" -> "app.js".
func cleanFile(base string) string {
	for from := 0; ; {
		i := strings.IndexAny(base[from:], ".-_")
		if i < 0 {
			return base
		}
		i += from
		end := i + 1
		digits := 0
		for end < len(base) && classes[base[end]]&cAlnum != 0 {
			if classes[base[end]]&cDigit != 0 {
				digits++
			}
			end++
		}
		if end-i-1 >= 6 && digits > 0 && allHex(base[i+1:end]) && end < len(base) && base[end] == '.' {
			return base[:i] + base[end:]
		}
		from = i + 1
	}
}

// typeName is the name of an exception's type as it counts. Of a Python class the module does not:
// tracebacks and spans print it, log handlers leave it out.
func typeName(language stacktrace.Language, t string) string {
	if language == stacktrace.Python {
		t = lastName(t)
	}
	return cleanType(t)
}

// lastName is the name of a type without its module or package.
func lastName(t string) string { return t[strings.LastIndexByte(t, '.')+1:] }

// cleanType takes numbers and addresses of generated and anonymous classes out of a type's name:
// "com.acme.App$1" -> "com.acme.App", "#<Class:0x00007f>::Gone" -> "#<Class>::Gone". A class inside of another has a "$" in stack
// traces and a dot in exception.type, which is its canonical name: "App$Gone" -> "App.Gone".
func cleanType(t string) string {
	i := strings.IndexAny(t, "$@:")
	if i < 0 {
		return t
	}
	var b []byte
	for k := 0; k < len(t); {
		c := t[k]
		if c == '$' && k+1 < len(t) && classes[t[k+1]]&cDigit != 0 || c == '@' || c == ':' && strings.HasPrefix(t[k+1:], "0x") {
			k++
			for k < len(t) && (classes[t[k]]&cDigit != 0 || c != '$' && classes[t[k]]&cAlnum != 0) {
				k++
			}
			continue
		}
		if c == '$' && k > 0 && k+1 < len(t) {
			c = '.'
		}
		b = append(b, c)
		k++
	}
	return string(b)
}

// frameText says where an error is, as people write it: "charge in billing/pay.py". The path keeps
// its last directory, a module is shown where no file is printed.
func frameText(language stacktrace.Language, f *stacktrace.Frame) string {
	name, where := cleanFunction(language, f), ""
	switch {
	case f.File != "":
		where = cleanFile(baseName(f.File))
		if dir := parentDir(f.File); dir != "" {
			where = dir + "/" + where
		}
	default:
		where = f.Module
	}
	switch {
	case where == "":
		return name
	case name == "":
		return where
	}
	return name + " in " + where
}
