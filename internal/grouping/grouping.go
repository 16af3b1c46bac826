// Package grouping decides which errors are the same bug.
//
// The answer is a pure function of the error and the configuration: no learned state, so that every
// replica gives the same error the same ID, today and after a restart.
package grouping

import "github.com/otel-culprit/culprit/internal/stacktrace"

// Algorithm is the version of the fingerprint; it is part of every hash, so that a later algorithm
// can be introduced beside it without re-opening every issue.
const Algorithm = "v1"

// Input is an error as a log record or a span tells it. All strings may be empty.
type Input struct {
	Service  string              // service.name
	Language stacktrace.Language // telemetry.sdk.language
	Type     string              // exception.type
	Message  string              // exception.message
	Stack    string              // exception.stacktrace, or the text of a body that holds a trace
	Body     string              // a log record's text, when there is no exception
	Template string              // the logger's own template (log.record.template, {OriginalFormat}, @mt ...)
	// Operation and Status describe a failed span without an exception: span name or route, and
	// HTTP/gRPC status or status message.
	Operation string
	Status    string
	// Attr looks up an attribute for user rules; nil = none.
	Attr func(key string) (string, bool)
}

// Basis names what a fingerprint was made of.
type Basis string

// The bases, in the order in which they are tried.
const (
	ByRule      Basis = "rule"      // a user's rule
	ByStack     Basis = "stack"     // exception types and frames
	ByMessage   Basis = "message"   // exception type and message template, or the log's template
	ByOperation Basis = "operation" // service, span name, status
)

// Part is one ingredient of a fingerprint, shown to the user.
type Part struct {
	Name  string `json:"name"`  // "type", "frame", "caller", "callee", "message", "operation", "status", "service", "rule"
	Value string `json:"value"` // cleaned value, exactly as hashed
}

// Result is the issue an error belongs to.
type Result struct {
	ID      string // 16 lower-case hex digits
	Title   string // `ValueError: invalid literal for int() with base 10: <str>`
	Culprit string // `charge in billing/pay.py`, or the operation
	Basis   Basis
	Parts   []Part
	// Trace is the parsed stack, merged with exception.type and exception.message; empty without one.
	Trace stacktrace.Trace
	// Root identifies the failure itself across the records that tell of it: a hash of type and
	// message template of each exception of the chain, outermost first. Two records of one trace that
	// share a value tell of the same failure.
	Root []uint64
}
