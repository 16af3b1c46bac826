package stacktrace

import "strings"

func jsLibrary(f *Frame, _ []Frame) bool {
	file := f.File
	if file == "" {
		return true // built in, or native
	}
	if strings.Contains(file, "node_modules") || strings.HasPrefix(file, "node:") || strings.HasPrefix(file, "internal/") || strings.HasPrefix(file, "native ") {
		return true
	}
	if strings.HasPrefix(file, "/") {
		return strings.Contains(file, "/.yarn/") || strings.Contains(file, "/bower_components/") || strings.HasPrefix(file, "/var/runtime/")
	}
	if strings.IndexByte(file, '/') < 0 && strings.IndexByte(file, '\\') < 0 {
		// Node before version 12 printed its own modules by name alone: "module.js", "_http_server.js".
		switch strings.TrimSuffix(file, ".js") {
		case "module", "events", "net", "timers", "fs", "vm", "child_process", "domain", "stream", "http", "https", "tls", "dns", "zlib", "assert", "util", "bootstrap_node", "buffer", "cluster", "crypto", "dgram", "path", "readline", "repl", "url", "querystring":
			return true
		}
		return strings.HasPrefix(file, "_") || strings.HasPrefix(file, "bun:") || strings.HasPrefix(file, "deno:") || strings.HasPrefix(file, "ext:")
	}
	for _, scheme := range [...]string{"chrome-extension://", "moz-extension://", "safari-extension://", "safari-web-extension://", "ext:", "deno:", "native:", "bun:", "wasm://", "https://deno.land/", "https://jsr.io/", "chrome://", "resource://", "https://cdn.jsdelivr.net/", "https://unpkg.com/", "https://cdnjs.cloudflare.com/", "https://ajax.googleapis.com/", "https://code.jquery.com/", "https://www.googletagmanager.com/"} {
		if strings.HasPrefix(file, scheme) {
			return true
		}
	}
	return strings.Contains(file, "webpack/bootstrap") || strings.Contains(file, "webpack/runtime") || strings.Contains(file, "/.yarn/") || strings.Contains(file, "/~/")
}

// jsReceiver tells the receivers of V8 that tell how a function was called, not what it is.
func jsReceiver(name string) bool {
	switch name {
	case "Object", "Function", "Timeout", "Immediate", "process", "Array", "Promise", "exports", "global", "globalThis", "Window", "window", "self", "this", "_this", "undefined", "null", "Module", "Class", "AsyncResource", "Set", "Map":
		return true
	}
	return false
}

func jsClean(name string) string {
	name = strings.TrimPrefix(name, "async ")
	if i := strings.Index(name, " [as "); i > 0 {
		name = name[:i]
	}
	name = strings.TrimPrefix(name, "new ")
	name = strings.TrimPrefix(name, "module.exports.")
	for {
		i := strings.IndexByte(name, '.')
		if i <= 0 || i+1 >= len(name) || !jsReceiver(name[:i]) {
			break
		}
		name = name[i+1:]
	}
	for { // closures of Firefox: "load/</<"
		switch {
		case strings.HasSuffix(name, "/<"):
			name = name[:len(name)-2]
			continue
		case strings.HasSuffix(name, "<") && len(name) > 1:
			name = name[:len(name)-1]
			continue
		}
		break
	}
	if strings.HasPrefix(name, "_callee") { // regenerator numbers them
		return "_callee"
	}
	if name == "<anonymous>" || name == "anonymous" || strings.HasSuffix(name, ".<anonymous>") {
		return ""
	}
	return name
}
