package tracecontext

import "strings"

// parseNewRelic reads New Relic's header: base64 of JSON whose d.tr is the trace ID and d.id the span
// (https://github.com/newrelic/newrelic-telemetry-sdk-specs). The payload is searched, not parsed.
func parseNewRelic(s string) (c Context, ok bool) {
	s = strings.TrimRight(s, "=")
	var buf [1024]byte
	n := len(s) * 6 / 8
	if n < 40 || n > len(buf) || !base64Bytes(buf[:n], s) {
		return c, false
	}
	payload := string(buf[:n])
	trace, ok := jsonMember(payload, `"tr":`)
	if !ok || len(trace) != 32 && len(trace) != 16 {
		return c, false
	}
	if c.TraceID, ok = hexTrace(trace); !ok {
		return Context{}, false
	}
	if span, ok := jsonMember(payload, `"id":`); ok && len(span) == 16 {
		c.SpanID, _ = hexSpan(span)
	}
	return c, true
}

// jsonMember returns the string value behind a quoted key and its colon.
func jsonMember(payload, key string) (value string, ok bool) {
	i := strings.Index(payload, key)
	if i < 0 {
		return "", false
	}
	rest := strings.TrimLeft(payload[i+len(key):], " ")
	if !strings.HasPrefix(rest, `"`) {
		return "", false
	}
	value, _, ok = strings.Cut(rest[1:], `"`)
	return value, ok
}

// parseLinking reads the text that New Relic's agents append to log lines:
// NR-LINKING|{entity}|{host}|{trace}|{span}|{name}|, given what follows the first bar.
func parseLinking(s string) (c Context, ok bool) {
	_, s, ok1 := strings.Cut(s, "|")
	_, s, ok2 := strings.Cut(s, "|")
	trace, s, ok3 := strings.Cut(s, "|")
	if !ok1 || !ok2 || !ok3 || len(trace) != 32 && len(trace) != 16 {
		return c, false
	}
	if c.TraceID, ok = hexTrace(trace); !ok {
		return c, false
	}
	span, _, _ := strings.Cut(s, "|")
	if len(span) == 16 {
		c.SpanID, _ = hexSpan(span)
	}
	return c, true
}
