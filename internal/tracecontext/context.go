package tracecontext

import "encoding/binary"

// Context is what one value, or one record, says about its place in a trace.
type Context struct {
	TraceID  [16]byte // zero = none
	SpanID   [8]byte  // zero = none
	Flags    byte     // W3C trace flags: 01 sampled, 02 random
	HasFlags bool     // Flags were told
}

// Rule names the rule by which a value was read. The rules have an order (see Convert).
type Rule uint8

// The rules, in the order in which they are tried.
const (
	RuleUnreadable  Rule = iota // no rule fits
	RuleEmpty                   // a way to write "none": empty, "-", "0", "null", all zeros
	RuleTraceparent             // 00-{32 hex}-{16 hex}-{2 hex}
	RuleSentry                  // {32 hex}-{16 hex}[-{0|1}]
	RuleB3                      // {16|32 hex}-{16 hex}[-{0|1|d}[-{16 hex}]]
	RuleXRay                    // [Root=]1-{8 hex}-{24 hex}
	RuleJaeger                  // {trace}:{span}:{parent}:{flags}
	RuleGoogle                  // [projects/{p}/traces/]{32 hex}[/{decimal}[;o={0|1}]]
	RuleAzure                   // |{uuid or 32 hex}.{node}_
	RuleUUID                    // 8-4-4-4-12, in text order
	RuleHex128                  // 32 hex digits
	RuleDecimal                 // decimal uint64 or uint128
	RuleHexShort                // 1 to 31 hex digits, padded on the left
	RuleBase64                  // base64 of 16 bytes
	RuleNewRelic                // base64 of New Relic's JSON payload
	RuleBaggage                 // sentry-trace_id in baggage
	RuleULID                    // ULID (request IDs only)
	RuleKSUID                   // KSUID (request IDs only)
	RuleHash                    // SHA-256 of anything else (only when asked for)
)

var ruleNames = [...]string{
	"unreadable", "empty", "traceparent", "sentry", "b3", "xray", "jaeger", "google", "azure", "uuid",
	"hex128", "decimal", "hex_short", "base64", "newrelic", "baggage", "ulid", "ksuid", "hash",
}

// String returns the rule's name in lower snake case.
func (r Rule) String() string { return ruleNames[r] }

// Found tells that the rule yields an ID.
func (r Rule) Found() bool { return r > RuleEmpty }

// halves returns the two 64-bit halves of a trace ID.
func halves(id [16]byte) (high, low uint64) {
	return binary.BigEndian.Uint64(id[:8]), binary.BigEndian.Uint64(id[8:])
}

// trace128 joins two 64-bit halves.
func trace128(high, low uint64) (id [16]byte) {
	binary.BigEndian.PutUint64(id[:8], high)
	binary.BigEndian.PutUint64(id[8:], low)
	return id
}

// span64 returns the span ID with the given value.
func span64(v uint64) (id [8]byte) {
	binary.BigEndian.PutUint64(id[:], v)
	return id
}

// SameTrace tells that two IDs may belong to one trace: they are equal, or one is the 64-bit form of
// the other. Tracers that truncate an ID keep its low half (https://www.w3.org/TR/trace-context/,
// section on shorter identifiers).
func SameTrace(a, b [16]byte) bool {
	if a == b {
		return true
	}
	ah, al := halves(a)
	bh, bl := halves(b)
	return al == bl && (ah == 0 || bh == 0)
}
