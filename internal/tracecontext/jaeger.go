package tracecontext

import "strings"

// parseJaeger reads uber-trace-id: {trace}:{span}:{parent}:{flags}, where leading zeros may be missing
// and the colons may be URL-encoded
// (https://www.jaegertracing.io/docs/1.76/client-libraries/#propagation-format). Bit 0 of the flags is
// "sampled"; Jaeger's other bits have no counterpart. The parent is ignored.
func parseJaeger(s string) (c Context, ok bool) {
	trace, rest, ok1 := cutColon(s)
	span, rest, ok2 := cutColon(rest)
	parent, flags, ok3 := cutColon(rest)
	if !ok1 || !ok2 || !ok3 || len(trace) > 32 || len(parent) > 16 || len(flags) > 2 {
		return c, false
	}
	if c.TraceID, ok = hexTrace(trace); !ok {
		return Context{}, false
	}
	v, ok := hex64(span)
	if !ok || !isHex(parent) {
		return Context{}, false
	}
	c.SpanID = span64(v)
	bits, ok := hex64(flags)
	if !ok {
		return Context{}, false
	}
	c.Flags, c.HasFlags = byte(bits&1), true
	return c, true
}

// cutColon cuts at the first colon, plain or URL-encoded.
func cutColon(s string) (before, after string, found bool) {
	i := strings.IndexAny(s, ":%")
	if i < 0 {
		return s, "", false
	}
	if s[i] == ':' {
		return s[:i], s[i+1:], true
	}
	if len(s) < i+3 || s[i+1] != '3' || s[i+2]|0x20 != 'a' {
		return s, "", false
	}
	return s[:i], s[i+3:], true
}
