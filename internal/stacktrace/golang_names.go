package stacktrace

import "strings"

func goLibrary(f *Frame, _ []Frame) bool {
	file := f.File
	if f.Module == "" && (f.Function == "panic" || strings.HasPrefix(file, "_cgo") || strings.Contains(file, "/src/runtime/") || strings.Contains(file, "/usr/local/go/src/")) {
		return true
	}
	if strings.IndexByte(file, '@') >= 0 && strings.Contains(file, "@v") || strings.Contains(file, "/vendor/") || strings.Contains(file, "/pkg/mod/") ||
		strings.IndexByte(file, '\\') >= 0 && strings.Contains(file, `\pkg\mod\`) {
		return true
	}
	top := f.Module
	if i := strings.IndexByte(top, '/'); i > 0 {
		top = top[:i]
	}
	switch top {
	case "main":
		return false
	case "archive", "arena", "bufio", "builtin", "bytes", "cmp", "compress", "container", "context", "crypto", "database", "debug", "embed", "encoding", "errors", "expvar",
		"flag", "fmt", "go", "hash", "html", "image", "index", "internal", "io", "iter", "log", "maps", "math", "mime", "net", "os", "path", "plugin", "reflect", "regexp",
		"runtime", "slices", "sort", "strconv", "strings", "structs", "sync", "syscall", "testing", "text", "time", "unicode", "unique", "unsafe", "vendor", "weak":
		// A user's module may be called alike; the standard library lives in src, or is printed without a root.
		return file == "" || file[0] != '/' && !strings.Contains(file, `:\`) && !strings.Contains(file, ":/") || strings.Contains(file, "/src/") || strings.Contains(file, `\src\`)
	}
	return false
}

// goClean gives the closures of a function one name, whether they were inlined or not:
// "init.func8.Sum.1" and "Sum.func1" are both "Sum.func".
func goClean(name string) string {
	name = strings.TrimSuffix(name, "-fm")
	if i := strings.IndexByte(name, '['); i >= 0 {
		if j := strings.LastIndexByte(name, ']'); j > i {
			name = name[:i] + name[j+1:]
		}
	}
	rest, closure := name, false
	for {
		i := strings.LastIndexByte(rest, '.')
		if i < 0 {
			break
		}
		last := rest[i+1:]
		if !goGenerated(last) && last != "" {
			break
		}
		if isDigit0(last) && rest[:i] == "init" {
			return "init" // init.0: the first of a file's init functions
		}
		rest = rest[:i]
		closure = true
	}
	if !closure {
		return name
	}
	i := strings.LastIndexByte(rest, '.')
	own := rest[i+1:]
	if i > 0 && rest[i-1] == ')' { // a method: "(*Store).Load"
		if j := strings.LastIndexByte(rest[:i], '('); j >= 0 {
			own = rest[j:]
		}
	}
	return own + ".func"
}

func isDigit0(s string) bool { return s != "" && isDigit(s[0]) }

// goGenerated tells the parts that the compiler numbers: "func1", "1", "gowrap2", "deferwrap1".
func goGenerated(part string) bool {
	for _, mark := range [...]string{"func", "gowrap", "deferwrap", ""} {
		if digits, ok := strings.CutPrefix(part, mark); ok && digits != "" && allOf(digits, "0123456789") {
			return true
		}
	}
	return false
}
