package tracecontext

import "strings"

// parseB3 reads B3's single header: {trace}-{span}[-{0|1|d}[-{parent}]]
// (https://github.com/openzipkin/b3-propagation#single-header). A trace ID of 64 bits is padded.
func parseB3(s string) (c Context, ok bool) {
	trace, rest, found := strings.Cut(s, "-")
	if !found || len(trace) < 16 || len(trace) > 32 || len(rest) < 16 {
		return c, false
	}
	span, rest := rest[:16], rest[16:]
	if rest != "" {
		if len(rest) < 2 || rest[0] != '-' {
			return c, false
		}
		switch rest[1] {
		case '0':
		case '1', 'd':
			c.Flags = 1
		default:
			return c, false
		}
		c.HasFlags = true
		if parent := rest[2:]; parent != "" && (len(parent) != 17 || parent[0] != '-' || !isHex(parent[1:])) {
			return Context{}, false
		}
	}
	if c.TraceID, ok = hexTrace(trace); !ok {
		return Context{}, false
	}
	if c.SpanID, ok = hexSpan(span); !ok {
		return Context{}, false
	}
	return c, true
}
