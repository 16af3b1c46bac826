// Package stacktrace turns the stack traces that languages print into exception chains and frames.
//
// There is one parser per language, each in a file of its own. All of them produce the same
// shape, [Trace], whatever the order in which the language prints: exceptions outermost first,
// frames crash site first.
package stacktrace

// Relation says how an exception came to be printed below another one.
type Relation string

// The relations between an exception and its parent in [Trace.Exceptions].
const (
	Outermost  Relation = ""           // the exception that was reported
	Cause      Relation = "cause"      // Caused by, __cause__, InnerException, [cause], %w
	Context    Relation = "context"    // "During handling of the above exception ..."
	Suppressed Relation = "suppressed" // Java's Suppressed:
	Member     Relation = "member"     // of an exception group, AggregateError or errors.Join
)

// Frame is one call of a stack trace.
type Frame struct {
	// Function is as printed, without the module where the language sets it apart: "process_order",
	// "Cart.total", "(*Cart).Total", "block in total", `Shop\Cart->total`. JavaScript's functions without a
	// name, "Object.<anonymous>" among them, are "". Clean makes it stable across builds.
	Function string
	Module   string // Java class with package, Go package path, .NET type, Rust and Perl package; "" when not printed
	File     string // path as printed; "" when not printed
	Line     int    // 1-based; 0 = unknown
	Column   int    // 1-based; 0 = unknown
	InApp    bool   // the user's own code, not a library or the runtime
}

// Exception is one link of the chain.
type Exception struct {
	// Type is as printed, with its module: "ValueError", "shop.errors.Declined",
	// "java.lang.IllegalStateException", "panic" (Go, Rust), "die" (Perl); "" when the text names none, as
	// backtraces of Ruby and Rust, debug.Stack and pkg/errors of Go and getTraceAsString of PHP do not.
	Type     string
	Message  string   // without the type; may have several lines
	Module   string   // Python and .NET: the part of Type before the type's own name; "" elsewhere
	Relation Relation // to Parent
	Parent   int      // index into [Trace.Exceptions]; -1 for the outermost
	Frames   []Frame  // crash site first; nil when the language prints none for it
}

// Trace is what a parser found.
type Trace struct {
	Language   Language
	Exceptions []Exception // outermost first; a parent always stands before its children
	// Start and End delimit the trace in the parsed text, in bytes, half open. Text before it is the
	// log line that introduced it.
	Start, End int
	// Truncated tells that the bounds of [Limits] cut something off.
	Truncated bool
}
