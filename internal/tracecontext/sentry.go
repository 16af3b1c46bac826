package tracecontext

import "strings"

// parseSentry reads the header sentry-trace: {32 hex}-{16 hex}[-{0|1}]
// (https://develop.sentry.dev/sdk/telemetry/traces/#header-sentry-trace).
func parseSentry(s string) (c Context, ok bool) {
	if (len(s) != 49 && len(s) != 51) || s[32] != '-' {
		return c, false
	}
	if len(s) == 51 {
		if s[49] != '-' || s[50] != '0' && s[50] != '1' {
			return c, false
		}
		c.Flags, c.HasFlags = s[50]-'0', true
	}
	if c.TraceID, ok = hexTrace(s[:32]); !ok {
		return Context{}, false
	}
	if c.SpanID, ok = hexSpan(s[33:49]); !ok {
		return Context{}, false
	}
	return c, true
}

// parseBaggage reads the trace ID that Sentry's SDKs put into the baggage header.
func parseBaggage(s string) (c Context, ok bool) {
	const member = "sentry-trace_id="
	i := strings.Index(s, member)
	if i < 0 {
		return c, false
	}
	s = s[i+len(member):]
	if len(s) < 32 || len(s) > 32 && nibbles[s[32]] != 0xff {
		return c, false
	}
	c.TraceID, ok = hexTrace(s[:32])
	return c, ok
}
