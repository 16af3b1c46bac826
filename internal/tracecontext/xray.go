package tracecontext

import "strings"

// parseXRay reads AWS X-Ray's header (Root=1-{8 hex}-{24 hex};Parent={16 hex};Sampled={0|1}, in any
// order), a bare root, and Java's {root}@{span}
// (https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader).
// `Self`, which a load balancer adds, is not the trace.
func parseXRay(s string) (c Context, ok bool) {
	if !strings.Contains(s, "=") {
		root, span, _ := strings.Cut(s, "@")
		if c.TraceID, ok = xrayRoot(root); ok && span != "" {
			c.SpanID, _ = hexSpan(span)
		}
		return c, ok
	}
	for part := range strings.SplitSeq(s, ";") {
		name, value, _ := strings.Cut(strings.TrimSpace(part), "=")
		switch {
		case strings.EqualFold(name, "Root"):
			if c.TraceID, ok = xrayRoot(value); !ok {
				return Context{}, false
			}
		case strings.EqualFold(name, "Parent") && len(value) == 16:
			c.SpanID, _ = hexSpan(value)
		case strings.EqualFold(name, "Sampled") && (value == "0" || value == "1"):
			c.Flags, c.HasFlags = value[0]-'0', true
		}
	}
	if c.TraceID == ([16]byte{}) {
		return Context{}, false
	}
	return c, true
}

// xrayRoot reads 1-{8 hex}-{24 hex}: the epoch second and 96 random bits, together the trace ID.
func xrayRoot(s string) (id [16]byte, ok bool) {
	if len(s) != 35 || s[0] != '1' || s[1] != '-' || s[10] != '-' {
		return id, false
	}
	epoch, ok1 := hex64(s[2:10])
	middle, ok2 := hex64(s[11:19])
	low, ok3 := hex64(s[19:])
	if !ok1 || !ok2 || !ok3 || epoch|middle|low == 0 {
		return id, false
	}
	return trace128(epoch<<32|middle, low), true
}
