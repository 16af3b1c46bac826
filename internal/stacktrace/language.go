package stacktrace

// Language names a language or runtime with the values of the semantic convention
// telemetry.sdk.language (https://opentelemetry.io/docs/specs/semconv/resource/#telemetry-sdk),
// extended by the languages that have no SDK of their own there.
type Language string

// The languages that have a parser. The zero value means "recognise it from the text".
const (
	Unknown     Language = ""
	Python      Language = "python"
	Java        Language = "java" // also Kotlin, Scala, Groovy, Clojure
	NodeJS      Language = "nodejs"
	WebJS       Language = "webjs"
	Go          Language = "go"
	DotNet      Language = "dotnet"
	Ruby        Language = "ruby"
	PHP         Language = "php"
	Rust        Language = "rust"
	Perl        Language = "perl"
	Erlang      Language = "erlang" // also Elixir
	Dart        Language = "dart"
	Swift       Language = "swift"
	Lua         Language = "lua"
	CPlusPlus   Language = "cpp"
	OtherOrNone Language = "other"
)

// dialect is what the package knows of a language. Each stands in the file of its language; detect.go has the line by
// which a text is told to be of it.
type dialect struct {
	// parse finds the language's trace anywhere in the scanner's text and reports whether it found at least one frame, or a
	// head that cannot be anything else.
	parse func(s *scanner) bool
	// library tells a frame of a library or the runtime: what the language ships and what its package manager installs, by
	// where it puts them. callers are the frames below f.
	library func(f *Frame, callers []Frame) bool
	// clean is [Frame.Clean]; nil = names are clean as they are printed.
	clean func(module, function string) (string, string)
}

// dialectOf returns nil for a language without a parser.
func dialectOf(language Language) *dialect {
	switch language { // no map: it is asked for each frame
	case Python:
		return &python
	case Java:
		return &java
	case NodeJS, WebJS:
		return &javascript
	case Go:
		return &golang
	case DotNet:
		return &dotnet
	case Ruby:
		return &ruby
	case PHP:
		return &php
	case Rust:
		return &rust
	case Perl:
		return &perl
	case Erlang:
		return &erlang
	case Dart:
		return &dart
	case Swift:
		return &swift
	case Lua:
		return &lua
	}
	return nil
}
