package tracecontext

import (
	"crypto/sha256"
	"strings"
)

// Derive says what may be made of an ID that names no trace.
type Derive uint8

// The ways to make a trace ID of a request ID. Each is a pure function, so every node makes the same.
const (
	DeriveOff  Derive = iota // nothing
	DeriveUUID               // UUIDs, 32 hex digits, ULIDs and KSUIDs: their own 128 bits
	DeriveHash               // those, and SHA-256 of anything else
)

// hashSpace keeps hashes of IDs apart from hashes of the same text made for other ends.
const hashSpace = "otelcol-culprit/trace_id|"

// DeriveTrace makes a trace ID of a request ID, or of a trace ID in a form that has no 128 bits.
func DeriveTrace(mode Derive, value string) (id [16]byte, rule Rule) {
	value = Trim(value)
	if mode == DeriveOff || isNone(value) {
		return id, RuleEmpty
	}
	value = strings.ToValidUTF8(value, "")
	if c, ok := parseUUID(value); ok {
		return c.TraceID, RuleUUID
	}
	if len(value) == 32 {
		if id, ok := hexTrace(value); ok {
			return id, RuleHex128
		}
	}
	if c, ok := parseULID(value); ok {
		return c.TraceID, RuleULID
	}
	if c, ok := parseKSUID(value); ok {
		return c.TraceID, RuleKSUID
	}
	if mode != DeriveHash {
		return id, RuleUnreadable
	}
	var buf [256]byte
	sum := sha256.Sum256(append(append(buf[:0], hashSpace...), value...))
	copy(id[:], sum[:])
	return id, RuleHash
}
