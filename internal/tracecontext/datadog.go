package tracecontext

import (
	"math/bits"
	"strconv"
	"strings"
)

// parseDecimal reads the decimal IDs of Datadog's tracers: a uint64, which is the low half of the
// trace ID, or a number of 37 to 39 digits, which is the whole
// (https://docs.datadoghq.com/tracing/guide/span_and_trace_id_format/). Half of all uint64 IDs do not
// fit an int64.
func parseDecimal(s string) (c Context, ok bool) {
	if !isDigits(s) {
		return c, false
	}
	switch {
	case len(s) <= 20:
		v, err := strconv.ParseUint(s, 10, 64)
		if err != nil || v == 0 {
			return c, false
		}
		c.TraceID = trace128(0, v)
		return c, true
	case len(s) >= 37 && len(s) <= 39:
		var high, low uint64
		for i := range len(s) {
			overflow, shifted := bits.Mul64(high, 10)
			carry, product := bits.Mul64(low, 10)
			var c1, c2 uint64
			low, c1 = bits.Add64(product, uint64(s[i]-'0'), 0)
			high, c2 = bits.Add64(shifted, carry, c1)
			if overflow != 0 || c2 != 0 {
				return c, false
			}
		}
		c.TraceID = trace128(high, low)
		return c, high|low != 0
	}
	return c, false
}

// parseTags reads the high half of a trace ID out of x-datadog-tags: _dd.p.tid={16 hex}.
func parseTags(s string) (high uint64, ok bool) {
	const tag = "_dd.p.tid="
	i := strings.Index(s, tag)
	if i < 0 {
		return 0, false
	}
	s, _, _ = strings.Cut(s[i+len(tag):], ",")
	return parseHigh(strings.TrimSpace(s))
}

// parseHigh reads the value of _dd.p.tid, the high half of a trace ID.
func parseHigh(s string) (high uint64, ok bool) {
	if len(s) != 16 {
		return 0, false
	}
	return hex64(s)
}
