package stacktrace

import "strings"

// library tells a frame of a library or the runtime: what the language ships and what its package
// manager installs, by where it puts them.
func library(language Language, frames []Frame, i int) bool {
	f := &frames[i]
	switch language {
	case Python:
		return pythonLibrary(f)
	case Java:
		return javaLibrary(f)
	case NodeJS, WebJS:
		return jsLibrary(f)
	case Go:
		return goLibrary(f)
	case DotNet:
		return dotnetLibrary(f)
	case Ruby:
		return rubyLibrary(f, frames[i+1:])
	case PHP:
		return phpLibrary(f, frames[i+1:])
	case Rust:
		return rustLibrary(f)
	case Perl:
		return perlLibrary(f)
	case Erlang:
		return erlangLibrary(f)
	case Dart:
		return dartLibrary(f)
	case Swift:
		return swiftLibrary(f)
	}
	return false
}

func pythonLibrary(f *Frame) bool {
	file := f.File
	if file == "" || file[0] == '<' {
		// Code without a file: frozen modules and generated methods, but also "<stdin>" and "<string>".
		return file == "" || file != "<stdin>" && file != "<string>" && !strings.HasPrefix(file, "<ipython") || file == "<string>" && f.Function != "<module>"
	}
	if strings.Contains(file, "-packages") || strings.HasSuffix(file, ".pyx") {
		return true // site-packages, dist-packages; compiled by Cython
	}
	if i := strings.Index(file, "ython"); i > 0 {
		// /usr/lib/python3.11/, /usr/lib64/python3.9/, lib-python of PyPy, C:\Python311\Lib\
		rest := file[i+len("ython"):]
		if file[i-1] == 'p' && strings.Contains(file[:i], "/lib") && (rest != "" && isDigit(rest[0]) || strings.HasSuffix(file[:i], "-p")) {
			return true
		}
		if strings.Contains(rest, `\Lib\`) || strings.Contains(rest, `\lib\`) || strings.HasPrefix(file, "/opt/python/") {
			return true
		}
	}
	if strings.IndexByte(file, '\\') >= 0 && strings.Contains(file, "conda") {
		return strings.Contains(file, `\lib\`) || strings.Contains(file, `\Lib\`)
	}
	return strings.HasPrefix(file, "/var/runtime/") || strings.HasPrefix(file, "/var/lang/")
}

func jsLibrary(f *Frame) bool {
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

func goLibrary(f *Frame) bool {
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

func dotnetLibrary(f *Frame) bool {
	top := f.Module
	if i := strings.IndexByte(top, '.'); i > 0 {
		top = top[:i]
	}
	switch top {
	case "System", "Microsoft", "Mono", "Internal", "Interop", "MS", "Windows", "Newtonsoft", "Npgsql", "MySql", "MySqlConnector", "Pomelo", "Oracle", "Dapper", "MediatR", "Autofac",
		"Castle", "Grpc", "Polly", "Serilog", "NLog", "log4net", "Xunit", "xunit", "NUnit", "Moq", "AutoMapper", "FluentValidation", "Hangfire", "MassTransit", "Quartz", "RestSharp",
		"StackExchange", "Azure", "Amazon", "Google", "IdentityServer4", "Duende", "Swashbuckle", "OpenTelemetry", "Sentry", "RabbitMQ", "Confluent", "MongoDB", "Elasticsearch", "Nest",
		"Elastic", "Refit", "Orleans", "Akka", "Ninject", "StructureMap", "SimpleInjector", "DryIoc", "Lamar", "UnityEngine", "UnityEditor", "FSharp", "NServiceBus", "Rebus", "Marten",
		"Wolverine", "HotChocolate", "GraphQL", "Nancy", "ServiceStack", "Humanizer", "CsvHelper", "FirebaseAdmin", "Stripe", "Nito", "Scrutor", "Yarp", "Steeltoe", "Dynamitey", "Java", "Android":
		return true
	case "", "<Module>":
		return f.Module != "" || strings.HasPrefix(f.Function, "lambda_method") || f.File == ""
	}
	return strings.HasPrefix(f.File, "/_/src/") || strings.HasPrefix(f.Function, "lambda_method") || strings.Contains(f.File, "/dotnet/runtime/") || strings.Contains(f.File, "/aspnetcore/src/")
}

func rubyLibrary(f *Frame, callers []Frame) bool {
	file := f.File
	if strings.Contains(file, "/gems/") || strings.Contains(file, "/lib/ruby/") || strings.HasPrefix(file, "<internal:") || strings.Contains(file, "/rubygems/") || strings.Contains(file, "/vendor/bundle/") || strings.Contains(file, "/lib/jruby") || rubyGem(file) {
		return true
	}
	if i := strings.LastIndexByte(file, '/'); i >= 0 && i >= 4 && file[i-4:i] == "/bin" && strings.IndexByte(file[i:], '.') < 0 {
		return strings.HasPrefix(file, "/usr/") || strings.Contains(file, "bundle") || strings.Contains(file, "/.rbenv/") || strings.Contains(file, "/.rvm/")
	}
	// A function written in C stands at its caller's line. Blocks are never such, and a recursion in
	// one line shows the same name again.
	if len(callers) == 0 || callers[0].Line != f.Line || callers[0].File != file || callers[0].Function == f.Function || f.Line == 0 {
		return false
	}
	switch {
	case strings.HasPrefix(f.Function, "block ") || strings.HasPrefix(f.Function, "rescue ") || strings.HasPrefix(f.Function, "ensure "), strings.HasPrefix(f.Function, "<"):
		return false
	}
	return true
}

func phpLibrary(f *Frame, callers []Frame) bool {
	if phpFramework(f) {
		return true
	}
	if f.File == "" {
		// Called by the engine itself, or the throw line is not printed.
		return f.Function != "{main}" && phpBuiltin(f.Function)
	}
	if strings.Contains(f.File, "/vendor/") || strings.Contains(f.File, `\vendor\`) || strings.HasPrefix(f.File, "phar://") || strings.HasPrefix(f.File, "/usr/share/php") || strings.Contains(f.File, "/wp-includes/") || strings.Contains(f.File, "/wp-admin/") {
		return true
	}
	// A built-in function stands at its caller's line.
	if len(callers) > 0 && callers[0].Line == f.Line && callers[0].File == f.File && callers[0].Function != f.Function {
		return phpBuiltin(f.Function)
	}
	return false
}

// phpFramework tells the great frameworks by their namespaces, for traces that do not print paths.
func phpFramework(f *Frame) bool {
	name, sep := f.Function, byte('\\')
	if f.Module != "" {
		name, sep = f.Module, '.'
	}
	if i := strings.IndexByte(name, sep); i > 0 {
		name = name[:i]
	} else if f.Module == "" {
		return false
	}
	switch name {
	case "Illuminate", "Symfony", "GuzzleHttp", "Doctrine", "Laravel", "Psr", "Monolog", "Slim", "Twig", "Laminas", "Zend", "Mezzio", "Cake", "yii", "CodeIgniter", "PHPUnit", "Composer", "League", "Ramsey",
		"Predis", "Aws", "Carbon", "Amp", "React", "Nyholm", "OpenTelemetry", "Sentry", "Livewire", "Filament", "Spatie", "Phalcon", "Hyperf", "Swoole", "Nette", "Stripe", "Google", "Http":
		// "Http" is the top of php-http only where Laravel's App\Http is not meant.
		return name != "Http" || strings.HasPrefix(f.Function, `Http\Client`)
	}
	return false
}

// phpBuiltin tells a function or method that PHP itself has.
func phpBuiltin(call string) bool {
	if strings.HasSuffix(call, "{closure}") || strings.Contains(call, "{closure:") || strings.IndexByte(call, '\\') >= 0 {
		return false
	}
	if i := strings.Index(call, "->"); i > 0 {
		return phpBuiltinClass(call[:i])
	}
	if i := strings.Index(call, "::"); i > 0 {
		return phpBuiltinClass(call[:i])
	}
	switch call {
	case "include", "include_once", "require", "require_once", "eval", "main", "handle", "run":
		return false
	}
	for _, p := range [...]string{"array_", "json_", "preg_", "str_", "mb_", "curl_", "file_", "date_", "iterator_", "mysqli_", "pg_", "simplexml_", "base64_", "openssl_", "sodium_", "password_", "hash", "spl_", "stream_", "socket_", "call_user_func", "func_", "iconv", "gz", "random_", "var_", "ctype_", "image", "ftp_", "ldap_", "oci_", "odbc_", "sqlsrv_", "bc", "gmp_", "http_", "move_uploaded", "unserialize", "serialize", "fopen", "fread", "fwrite", "fclose", "fsockopen", "intdiv", "usort", "uasort", "uksort", "sort", "ksort", "trigger_error", "strlen", "strpos", "substr", "explode", "implode", "sprintf", "vsprintf", "printf", "number_format", "count", "max", "min", "range", "in_array", "trim", "round", "strtotime", "mktime", "hex2bin", "dom_import", "ini_", "mkdir", "rmdir", "unlink", "rename", "copy", "is_", "define", "constant", "assert", "exec", "shell_exec", "proc_open", "mail", "header", "session_", "setcookie", "ob_", "get_class", "class_", "method_exists", "forward_static_call", "chr", "ord", "str", "ucfirst", "ucwords", "parse_", "filter_", "mcrypt_", "inet_", "ip2long", "getenv", "putenv", "pack", "unpack", "opendir", "readdir", "scandir", "glob", "touch", "chmod", "readfile", "sleep", "usleep"} {
		if strings.HasPrefix(call, p) {
			return true
		}
	}
	return false
}

func phpBuiltinClass(name string) bool {
	switch name {
	case "PDO", "PDOStatement", "DateTime", "DateTimeImmutable", "DateInterval", "DatePeriod", "DateTimeZone", "Closure", "Fiber", "Generator", "mysqli", "mysqli_stmt", "Redis", "RedisCluster",
		"Memcached", "SoapClient", "SoapServer", "SimpleXMLElement", "DOMDocument", "DOMXPath", "XMLReader", "XMLWriter", "ArrayObject", "ArrayIterator", "SplFileObject", "SplObjectStorage",
		"SplQueue", "SplStack", "SplFixedArray", "SplHeap", "SplPriorityQueue", "ZipArchive", "Exception", "Error", "NumberFormatter", "IntlDateFormatter", "Collator", "CURLFile", "WeakMap", "Phar", "SQLite3", "Random":
		return true
	}
	return strings.HasPrefix(name, "Reflection") || strings.HasSuffix(name, "Iterator") && strings.HasPrefix(name, "Recursive")
}

func rustLibrary(f *Frame) bool {
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

func perlLibrary(f *Frame) bool {
	if f.Module == "Carp" || strings.HasPrefix(f.Module, "Carp::") || f.Module == "Try::Tiny" || strings.HasPrefix(f.Module, "Moose::") || strings.HasPrefix(f.Module, "Class::MOP") {
		return true
	}
	i := strings.Index(f.File, "perl")
	if i < 0 {
		return false
	}
	if strings.HasPrefix(f.File, "/usr/") {
		return strings.HasPrefix(f.File, "/usr/share/perl") || strings.HasPrefix(f.File, "/usr/lib/") || strings.HasPrefix(f.File, "/usr/local/share/perl") || strings.HasPrefix(f.File, "/usr/local/lib/perl")
	}
	for _, dir := range [...]string{"/perl5/", "/site_perl/", "/vendor_perl/", "/perl-base/", "/perl/5.", "/core_perl/", `\perl\lib\`, `\perl\site\`, `\perl\vendor\`} {
		if strings.Contains(f.File, dir) {
			return true
		}
	}
	return false
}
