package stacktrace

import "strings"

// Detect tells the language of the stack trace in text; Unknown when there is none. It looks at one
// line after another and answers with the first that only one language prints.
func Detect(text string) Language {
	for rest := text; rest != ""; {
		line := rest
		if i := strings.IndexByte(rest, '\n'); i >= 0 {
			line, rest = rest[:i], rest[i+1:]
		} else {
			rest = ""
		}
		body := trim(line)
		if body == "" {
			continue
		}
		if l := detectLine(body, rest); l != Unknown {
			return l
		}
	}
	return Unknown
}

// detectLine judges one line; rest is the text below it.
func detectLine(body, rest string) Language {
	switch c := body[0]; {
	case c == 'a' && strings.HasPrefix(body, "at "):
		return detectAt(body)
	case c == 'F' && strings.HasPrefix(body, `File "`):
		if _, ok := pyFrame(body); ok {
			return Python
		}
	case c == 'g' && strings.HasPrefix(body, "goroutine ") && strings.HasSuffix(body, "]:"):
		return Go
	case c == '#':
		if _, ok := dartFrame(body); ok {
			return Dart
		}
		if n, call, _, ok := phpFrame(body); ok && (n > 0 || call != "") {
			return PHP
		}
	case c == '|' || c == '+':
		if text := trim(strings.Trim(body, "|+- ")); strings.HasPrefix(text, `File "`) {
			if _, ok := pyFrame(text); ok {
				return Python
			}
		}
		if file := trim(body[1:]); file != "" {
			if _, _, ok := goFile(file); ok {
				return Go
			}
		}
	case isDigit(c):
		if name, ok := rustFrame(body); ok {
			next := rest
			if i := strings.IndexByte(rest, '\n'); i >= 0 {
				next = rest[:i]
			}
			if strings.HasPrefix(trim(next), "at ") || strings.Contains(name, "::") {
				return Rust
			}
		}
		if rubyNumbered(body) {
			return Ruby
		}
		if _, ok := swiftFrame(body); ok && strings.Contains(body, " 0x") && (strings.Contains(body, " in ") || strings.Contains(body, " + ")) {
			return Swift
		}
	case c == 't' && strings.HasPrefix(body, "thread '") && strings.Contains(body, "panicked at "):
		return Rust
	case c == 'b' || c >= 0x80 || c == 'e' || c == 'w':
		if _, ok := dotnetFrame(body); ok && strings.Contains(body, ".") {
			return DotNet
		}
	}
	return detectElse(body, rest)
}

// detectAt tells the three languages whose frames begin with "at" apart.
func detectAt(body string) Language {
	if f, ok := javaFrame(body); ok {
		if strings.HasSuffix(f.File, ".php") {
			return PHP
		}
		return Java
	}
	if strings.HasSuffix(body, ":") || strings.Contains(body, ":line ") {
		if _, ok := dotnetFrame(body); ok {
			return DotNet
		}
	}
	if _, ok := v8Frame(body); ok {
		if strings.Contains(body, " [0x") || strings.Contains(body, ") in ") {
			return DotNet
		}
		return NodeJS
	}
	if f, ok := dotnetFrame(body); ok && f.Module != "" {
		return DotNet
	}
	return Unknown
}

// detectElse knows lines that do not tell by how they begin. How they end decides what is searched.
func detectElse(body, rest string) Language {
	switch last := body[len(body)-1]; {
	case last == ':':
		if body == luaHeader && luaFollows(rest) {
			return Lua
		}
		if strings.HasSuffix(body, pyHeader) {
			if i := strings.IndexByte(rest, '\n'); i > 0 && rubyNumbered(trim(rest[:i])) {
				return Ruby
			}
			return Python
		}
		if strings.Contains(body, "panicked at ") {
			return Rust
		}
	case last == '\'' || last == ')':
		if strings.Contains(body, ":in ") {
			if f, _, ok := rubyFrame(strings.TrimPrefix(body, "from ")); ok && f.Function != "" {
				return Ruby
			}
		}
		if last == ')' {
			if _, _, ok := goFile(body); ok {
				return Go
			}
			return detectErlang(body)
		}
	case isHex(last) || last == '.':
		if strings.Contains(body, " called at ") {
			if call, _, _, ok := perlPlace(body); ok && strings.HasSuffix(call, " called") {
				return Perl
			}
		}
		if strings.IndexByte(body, ':') < 0 {
			break
		}
		if _, _, ok := goFile(body); ok {
			return Go
		}
		if !isDigit(last) {
			break
		}
		if strings.Contains(body, "panicked at ") {
			return Rust
		}
		if f, ok := geckoFrame(body); ok && (f.File != "" || strings.Contains(rest, "@")) {
			return NodeJS
		}
		return detectErlang(body)
	case last == ']' || last == '}' || last == ',':
		if strings.HasSuffix(body, "@[native code]") {
			return NodeJS
		}
		if strings.Contains(body, "[{file,\"") {
			return Erlang
		}
	}
	if strings.HasPrefix(body, "package:") || strings.HasPrefix(body, "dart:") {
		if _, ok := dartTerse(body); ok {
			return Dart
		}
	}
	return Unknown
}

func detectErlang(body string) Language {
	if strings.IndexByte(body, '/') < 0 {
		return Unknown
	}
	if strings.HasPrefix(body, "in function ") || strings.HasPrefix(body, "in call from ") {
		return Erlang
	}
	if _, ok := elixirFrame(body); ok {
		return Erlang
	}
	return Unknown
}

// Looks tells cheaply and without allocation whether text holds a stack trace. It may say yes to a
// text whose trace cannot be read ([Parse] decides), but hardly no to one that has one.
//
// A trace has more than one line, so most log bodies are refused by a search for a line end. Plain
// lines are judged as [Detect] does; where a log driver changed them, their words have to do.
func Looks(text string) bool {
	if strings.IndexByte(text, '\n') < 0 || strings.IndexByte(text, '\n') == len(text)-1 {
		return strings.Contains(text, `\n`) && looksMarked(text)
	}
	return Detect(text) != Unknown || (strings.IndexByte(text, 0x1b) >= 0 || prefixShape(text) != "") && looksMarked(text)
}

// looksMarked searches for what frames hold wherever they stand.
func looksMarked(text string) bool {
	for _, mark := range [...]string{
		"at ",         // Java, V8, .NET, Rust ("at src/main.rs"), Perl ("called at")
		"File ",       // Python
		":in ",        // Ruby
		".go:", ".s:", // Go
		"goroutine ", // Go
		"#",          // PHP, Dart
		"@", "://",   // Firefox, Safari
		".ex", ".erl", // Elixir, Erlang
		".dart",        // Dart
		"::",           // Rust without places
		" 0x",          // Swift
		".rb:",         // Ruby without functions
		"in call from", // Erlang
		luaHeader,
		"bei ", "à ", "в ", "\u5728 ", "場所 ", "위치: ", // .NET in other languages
	} {
		if strings.Contains(text, mark) {
			return true
		}
	}
	return false
}
