package stacktrace

import "strings"

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

// dotnetClean gives back the method that a compiler-made class or method stands for:
// Svc.<FetchAsync>d__3.MoveNext, Svc.<>c.<Fetch>b__4_11 and Svc+<Fetch>c__async0.MoveNext are Svc, Fetch.
func dotnetClean(module, function string) (string, string) {
	if strings.HasPrefix(function, "lambda_method") {
		return "", "lambda_method"
	}
	for {
		i := strings.LastIndexAny(module, ".+/")
		if i < 0 {
			break
		}
		last := module[i+1:]
		if !strings.HasPrefix(last, "<") {
			break
		}
		if own := angled(last); own != "" && function == "MoveNext" {
			function = own
		}
		module = module[:i]
	}
	if i := strings.IndexByte(module, '`'); i > 0 {
		j := i + 1
		for j < len(module) && isDigit(module[j]) {
			j++
		}
		if j == len(module) || module[j] == '[' {
			module = module[:i]
		}
	}
	if i := strings.IndexByte(module, '['); i > 0 {
		module = module[:i]
	}
	if strings.HasPrefix(function, "<") {
		own := angled(function)
		if i := strings.Index(function, "g__"); i > 0 { // a local function has a name of its own
			local := function[i+len("g__"):]
			if j := strings.IndexByte(local, '|'); j > 0 {
				local = local[:j]
			}
			return module, own + "." + local
		}
		if own != "" {
			if tail := function[strings.IndexByte(function, '>')+1:]; tail == "" || tail == "$" {
				return module, own // <Main>$ of top-level statements
			}
			return module, own + ".lambda"
		}
		return module, "lambda"
	}
	if i := strings.IndexAny(function, "[`"); i > 0 {
		function = function[:i]
	}
	return module, function
}

// angled returns the name in "<FetchAsync>d__3".
func angled(name string) string {
	if i := strings.IndexByte(name, '>'); i > 1 {
		return strings.TrimLeft(name[1:i], "<")
	}
	return ""
}
