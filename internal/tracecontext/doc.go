// Package tracecontext reads trace contexts in every form that tracers, log libraries and gateways
// write them, and turns each into OpenTelemetry's IDs: 16 bytes of trace ID, 8 bytes of span ID and
// one byte of flags (https://www.w3.org/TR/trace-context/).
//
// Convert reads one value whose key is known. A Finder looks through attributes, map bodies, JSON,
// logfmt and free text for such values. Nothing here guesses: a value that is no ID yields none, a
// short ID is padded on the left, and whatever was found says where.
package tracecontext

// The tables of docs/trace-id.md are made from the table of formats; a test fails when they are stale.
//go:generate sh -c "CULPRIT_WRITE_DOCS=1 go test -count=1 -run TestDocs . >/dev/null || true"
