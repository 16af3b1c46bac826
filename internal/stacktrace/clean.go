package stacktrace

import "strings"

// Clean returns the parts of a frame's name that stay the same from build to build: without the
// numbers of lambdas and closures, generated suffixes, type arguments, hashes and the classes that
// compilers make for asynchronous functions, whose own name comes back. Nothing is allocated when
// the names are clean already.
func (f *Frame) Clean(language Language) (module, function string) {
	switch language {
	case DotNet:
		return dotnetClean(f.Module, f.Function)
	case Java:
		module, function = javaCleanModule(f.Module), javaClean(f.Function)
		if function == "invokeSuspend" { // the body of a Kotlin coroutine: "Gateway$charge$2"
			if i := strings.LastIndexByte(module, '$'); i > 0 {
				return module[:i], module[i+1:]
			}
		}
		return module, function
	}
	return f.Module, CleanFunction(language, f.Function)
}

// CleanFunction is [Frame.Clean] for a function's name alone.
func CleanFunction(language Language, name string) string {
	switch language {
	case Java:
		return javaClean(name)
	case NodeJS, WebJS:
		return jsClean(name)
	case Go:
		return goClean(name)
	case DotNet:
		_, name = dotnetClean("", name)
		return name
	case Ruby:
		return rubyClean(name)
	case PHP:
		return phpClean(name)
	case Rust:
		return rustClean(name)
	case Perl:
		return perlClean(name)
	case Erlang:
		return dropNumbers(name, "fun-")
	case Dart:
		return dropNumbers(name, "@")
	case Swift:
		return dropNumbers(strings.TrimPrefix(strings.TrimPrefix(name, "specialized "), "@objc "), "closure #")
	}
	return name
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

// javaClean takes "$" with a number, and what Kotlin and Scala append, off "lambda$static$18",
// "access$000", "main$lambda$0", "apply$mcV$sp", "f-IoAF18A".
func javaClean(name string) string {
	if strings.IndexByte(name, '$') < 0 && strings.IndexByte(name, '-') < 0 && strings.IndexByte(name, '_') < 0 {
		return name
	}
	name = strings.TrimSuffix(name, "$adapted")
	name = strings.TrimSuffix(name, "$default")
	if i := strings.Index(name, "$mc"); i > 0 && strings.HasSuffix(name, "$sp") {
		name = name[:i]
	}
	if i := strings.LastIndexByte(name, '-'); i > 0 && (len(name)-i == 8 || name[i:] == "-impl") {
		name = name[:i]
	}
	if i := strings.Index(name, "fn__"); i >= 0 {
		name = name[:i+len("fn")]
	}
	return dropSegments(name, '$')
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

// javaCleanModule takes the names of generated classes back to the class they were made from.
func javaCleanModule(class string) string {
	if strings.IndexByte(class, '$') < 0 && !strings.Contains(class, "Accessor") {
		return class
	}
	for _, mark := range [...]string{"$$Lambda", "$$EnhancerBy", "$$FastClassBy", "$$SpringCGLIB", "$HibernateProxy", "$MockitoMock", "$ByteBuddy", "_$$_", "$$anon", "$Proxy", "GeneratedMethodAccessor", "GeneratedConstructorAccessor"} {
		if i := strings.Index(class, mark); i > 0 {
			end := i
			if mark[0] != '$' && mark[0] != '_' || mark == "$Proxy" {
				end += len(mark)
			}
			return strings.TrimSuffix(class[:end], "$")
		}
	}
	if i := strings.Index(class, "$fn__"); i > 0 {
		class = class[:i+len("$fn")]
	}
	return dropSegments(class, '$')
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

// rubyClean takes the levels off "block (2 levels) in total" and the numbers off compiled templates.
func rubyClean(name string) string {
	if strings.HasPrefix(name, "block (") {
		if i := strings.Index(name, ") in "); i > 0 {
			name = "block" + name[i+1:]
		}
	}
	name = strings.TrimPrefix(strings.TrimPrefix(name, "rescue in "), "ensure in ")
	if i := strings.Index(name, "__"); i >= 0 { // _app_views_orders_show_html_erb___1234567_8910
		end := len(name)
		for end > i && (isDigit(name[end-1]) || name[end-1] == '_') {
			end--
		}
		if end > 0 && strings.ContainsAny(name[end:], "0123456789") {
			name = name[:end]
		}
	}
	return name
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

// perlClean takes the place off anonymous subs and the number off evals.
func perlClean(name string) string {
	if i := strings.Index(name, "__ANON__["); i >= 0 {
		return name[:i+len("__ANON__")]
	}
	if strings.HasPrefix(name, "(eval ") {
		return "(eval)"
	}
	if strings.HasPrefix(name, "eval ") {
		return "eval"
	}
	return name
}
