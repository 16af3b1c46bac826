package tracecontext

import "strconv"

// ConvertSpan reads a span ID: decimal under a key of Datadog's or Google's decimal fields, 1 to 16
// hex digits padded on the left, a decimal of 17 to 20 digits, or base64 of 8 bytes. It is false for
// anything else and for all the ways to write "none".
func ConvertSpan(style Style, s string) (id [8]byte, ok bool) {
	if len(s) == 16 && style != StyleDecimal {
		if id, ok = hexSpan(s); ok { // by far the most common form
			return id, true
		}
	}
	s = Trim(s)
	if isNone(s) {
		return id, false
	}
	if isDigits(s) && (style == StyleDecimal || longDecimal(s)) {
		v, err := strconv.ParseUint(s, 10, 64)
		if err != nil || v == 0 {
			return id, false
		}
		return span64(v), true
	}
	if id, ok = hexSpan(s); ok {
		return id, true
	}
	if id, ok = base64Span(s); ok {
		return id, true
	}
	// Application Insights names a span |{root}.{span}.
	if style == StyleAzure && len(s) > 17 && s[len(s)-1] == '.' && s[len(s)-18] == '.' {
		return hexSpan(s[len(s)-17 : len(s)-1])
	}
	return [8]byte{}, false
}

// convertFlags reads trace flags: two hex digits of W3C, one digit, or a word of B3, Python or Google.
func convertFlags(s string) (flags byte, ok bool) {
	switch Trim(s) {
	case "1", "true", "True", "TRUE", "d":
		return 1, true
	case "0", "false", "False", "FALSE":
		return 0, true
	}
	if s = Trim(s); len(s) == 2 {
		v, ok := hex64(s)
		return byte(v), ok
	}
	return 0, false
}
