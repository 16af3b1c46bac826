// Package traceidprocessor is the processor trace_id: every record leaves it with a valid trace ID, or
// with a mark that says why it has none.
package traceidprocessor

//go:generate go tool -modfile=../../tools/go.mod mdatagen metadata.yaml
