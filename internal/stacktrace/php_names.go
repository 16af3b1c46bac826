package stacktrace

import "strings"

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

// phpClean takes paths and lines out of the names of anonymous classes and closures.
func phpClean(name string) string {
	if strings.Contains(name, `\`) {
		name = strings.ReplaceAll(name, `\\`, `\`)
	}
	name = strings.TrimPrefix(name, `Proxies\__CG__\`)
	if i := strings.Index(name, "{closure:"); i >= 0 {
		if j := strings.IndexByte(name[i:], '}'); j > 0 {
			inner := name[i : i+j]
			if k := strings.LastIndexByte(inner, ':'); k > 0 {
				if _, ok := wholeNumber(inner[k+1:]); ok {
					inner = inner[:k]
				}
			}
			if strings.ContainsAny(inner, "/") { // a closure outside of functions is named after its file
				return name[:i] + "{closure}" + name[i+j+1:]
			}
			return name[:i] + inner + name[i+j:]
		}
	}
	if i := strings.Index(name, "@anonymous"); i >= 0 {
		end := i + len("@anonymous")
		if j := strings.LastIndex(name, "->"); j > end {
			return name[:end] + name[j:]
		}
		if j := strings.LastIndex(name, "::"); j > end {
			return name[:end] + name[j:]
		}
	}
	return name
}
