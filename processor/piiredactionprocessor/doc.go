//go:generate go tool -modfile=../../tools/go.mod mdatagen metadata.yaml

// Package piiredactionprocessor takes personal data and secrets out of traces, logs and metrics,
// wherever in a record they stand.
package piiredactionprocessor
