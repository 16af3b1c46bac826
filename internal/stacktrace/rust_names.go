package stacktrace

import "strings"

func rustLibrary(f *Frame, _ []Frame) bool {
	file := f.File
	if file != "" {
		if strings.HasPrefix(file, "./src/") || strings.HasPrefix(file, "src/") {
			return rustRuntime(f)
		}
		if strings.Contains(file, "/rustc/") || strings.Contains(file, "cargo/registry") || strings.Contains(file, "cargo/git") || strings.Contains(file, "/rustlib/") || strings.Contains(file, "/toolchains/") || strings.Contains(file, `\registry\src\`) || strings.Contains(file, `rustc\`) || strings.Contains(file, "/vendor/") {
			return true
		}
		if strings.HasSuffix(file, ".rs") {
			return rustRuntime(f)
		}
		return true // the C library below main
	}
	if rustRuntime(f) {
		return true
	}
	name := f.Function
	if f.Module == "" && (!strings.Contains(name, "::") || name[0] == '_') {
		return true // main, _start, clone3
	}
	return false
}

// rustRuntime tells the standard library and the great runtimes by their crates.
func rustRuntime(f *Frame) bool {
	path := f.Module
	if path == "" {
		path = f.Function
		for path != "" && strings.IndexByte("<&_(*", path[0]) >= 0 {
			path = path[1:]
		}
		path = strings.TrimPrefix(strings.TrimPrefix(path, "mut "), "dyn ")
	}
	crate := path
	if i := strings.Index(path, "::"); i > 0 {
		crate = path[:i]
	}
	switch crate {
	case "std", "core", "alloc", "__rustc", "rustc", "backtrace", "test", "proc_macro", "tokio", "hyper", "hyper_util", "axum", "axum_core", "tower", "tower_http", "tower_service", "actix", "actix_web",
		"actix_http", "actix_rt", "actix_server", "actix_service", "futures", "futures_util", "futures_core", "async_std", "rayon", "rayon_core", "anyhow", "eyre", "color_eyre", "serde", "serde_json",
		"tracing", "tracing_core", "log", "rocket", "warp", "tonic", "h2", "reqwest", "sqlx", "sqlx_core", "diesel", "panic_unwind", "rustc_std_workspace_core", "crossbeam", "parking_lot", "sentry", "sentry_core", "sentry_panic":
		return true
	case "rust_begin_unwind", "rust_panic", "__rust_begin_short_backtrace", "__rust_end_short_backtrace", "__rust_try", "__rust_maybe_catch_panic", "main", "_start":
		return f.Module == "" && f.File == ""
	}
	return false
}

// rustClean takes hashes and type arguments away and gives all closures of a function one name.
func rustClean(name string) string {
	_, tail := rustName(name)
	if len(tail) < len(name) && offset(name, tail) >= 0 {
		name = name[:offset(name, tail)+len(tail)]
	}
	name = strings.TrimSuffix(name, "{{vtable.shim}}")
	if strings.HasPrefix(name, "<") || !strings.ContainsAny(name, "<{") {
		return name
	}
	if i := strings.IndexByte(name, '{'); i > 0 && strings.HasPrefix(name[i:], "{{closure}}") && strings.IndexByte(name, '<') < 0 {
		return name[:i+len("{{closure}}")]
	}
	var b strings.Builder
	b.Grow(len(name))
	for i := 0; i < len(name); {
		switch {
		case name[i] == '<':
			j := i + closing(name[i:], 0)
			if j <= i {
				return name
			}
			// "f::<T>" loses its separator too.
			if s := b.String(); strings.HasSuffix(s, "::") {
				b.Reset()
				b.WriteString(s[:len(s)-2])
			}
			i = j + 1
		case name[i] == '{':
			if strings.HasPrefix(name[i:], "{{closure}}") || strings.HasPrefix(name[i:], "{closure") || strings.HasPrefix(name[i:], "{async") {
				b.WriteString("{{closure}}")
				return b.String()
			}
			b.WriteByte('{')
			i++
		default:
			b.WriteByte(name[i])
			i++
		}
	}
	return b.String()
}
