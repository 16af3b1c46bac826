package tracecontext

import "strings"

// parseUUID reads 8-4-4-4-12 hex digits, also as urn:uuid: (RFC 9562, section 4). The bytes are taken
// in the order of the text; the mixed order of .NET's Guid.ToByteArray would make another ID of it.
func parseUUID(s string) (c Context, ok bool) {
	if len(s) == 45 && strings.EqualFold(s[:9], "urn:uuid:") {
		s = s[9:]
	}
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return c, false
	}
	a, ok1 := hex64(s[:8])
	b, ok2 := hex64(s[9:13])
	d, ok3 := hex64(s[14:18])
	e, ok4 := hex64(s[19:23])
	f, ok5 := hex64(s[24:])
	if !ok1 || !ok2 || !ok3 || !ok4 || !ok5 || a|b|d|e|f == 0 {
		return c, false
	}
	c.TraceID = trace128(a<<32|b<<16|d, e<<48|f)
	return c, true
}
