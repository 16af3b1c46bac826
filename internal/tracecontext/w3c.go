package tracecontext

// parseTraceparent reads W3C's header: {version}-{trace}-{span}-{flags}. A later version may have
// more fields behind the flags; version ff and zero IDs are invalid
// (https://www.w3.org/TR/trace-context/#traceparent-header-field-values). Upper case is accepted,
// because log libraries write it.
func parseTraceparent(s string) (c Context, ok bool) {
	const length = 2 + 1 + 32 + 1 + 16 + 1 + 2
	if len(s) < length || s[2] != '-' || s[35] != '-' || s[52] != '-' {
		return c, false
	}
	version, ok := hex64(s[:2])
	if !ok || version == 0xff {
		return c, false
	}
	if len(s) > length && (version == 0 || s[length] != '-') {
		return c, false
	}
	if c.TraceID, ok = hexTrace(s[3:35]); !ok {
		return Context{}, false
	}
	if c.SpanID, ok = hexSpan(s[36:52]); !ok {
		return Context{}, false
	}
	flags, ok := hex64(s[53:55])
	if !ok {
		return Context{}, false
	}
	c.Flags, c.HasFlags = byte(flags), true
	return c, true
}
