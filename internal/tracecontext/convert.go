package tracecontext

// Style says how the values of a key are read, where that differs from key to key.
type Style uint8

// The styles of keys.
const (
	StyleAny      Style = iota // all rules
	StyleDecimal               // digits are a decimal number: Datadog's and Google's fields
	StyleStrict                // only forms that nothing else has: the key also holds other things
	StyleAzure                 // hierarchical IDs may come without their leading bar
	StyleB3                    // the single header, nothing else
	StyleBaggage               // members of a baggage header
	StyleNewRelic              // base64 of JSON
	StyleHash                  // never an ID by itself (SkyWalking)
)

// Convert reads a value found under a key of the trace family. The rules are tried in a fixed order,
// because some values fit several:
//
//  1. none: empty, "-", "0", "null", zeros  2. traceparent  3. sentry-trace, then B3
//  4. X-Ray  5. Jaeger  6. Google  7. UUID  8. 32 hex digits; more are no ID
//  9. decimal: by key, or by a length of 17 to 20, or 37 to 39 digits
//  10. 1 to 31 hex digits, padded on the left  11. base64 of 16 bytes
//
// The rule tells the outcome; see Rule.Found. ULIDs, KSUIDs and hashes belong to DeriveTrace.
func Convert(style Style, value string) (c Context, rule Rule) {
	if len(value) == 32 && style <= StyleAzure {
		if id, ok := hexTrace(value); ok { // by far the most common form
			return Context{TraceID: id}, RuleHex128
		}
	}
	bar := len(value) > 0 && value[0] == '|'
	s := Trim(value)
	if isNone(s) {
		return c, RuleEmpty
	}
	if len(s) > maxValue {
		return c, RuleUnreadable
	}
	switch style {
	case StyleB3:
		return found(RuleB3, parseB3, s)
	case StyleBaggage:
		return found(RuleBaggage, parseBaggage, s)
	case StyleNewRelic:
		return found(RuleNewRelic, parseNewRelic, s)
	}
	// A value without separators can only be one of the last rules.
	if style == StyleHash || !separated(s) {
		return convertBare(style, s)
	}
	if c, ok := parseTraceparent(s); ok {
		return c, RuleTraceparent
	}
	if c, ok := parseSentry(s); ok {
		return c, RuleSentry
	}
	if c, ok := parseB3(s); ok {
		return c, RuleB3
	}
	if c, ok := parseXRay(s); ok {
		return c, RuleXRay
	}
	if c, ok := parseJaeger(s); ok {
		return c, RuleJaeger
	}
	if c, ok := parseGoogle(s); ok {
		return c, RuleGoogle
	}
	if bar || style == StyleAzure {
		if c, ok := parseAzure(s); ok {
			return c, RuleAzure
		}
	}
	if style != StyleStrict || bar {
		if c, ok := parseUUID(s); ok {
			return c, RuleUUID
		}
	}
	if style == StyleStrict {
		return c, RuleUnreadable
	}
	return found(RuleBase64, parseBase64, s)
}

// convertBare reads a value of letters and digits.
func convertBare(style Style, s string) (c Context, rule Rule) {
	if style == StyleHash {
		return c, RuleUnreadable
	}
	if len(s) == 32 {
		if id, ok := hexTrace(s); ok {
			c.TraceID = id
			return c, RuleHex128
		}
	}
	if style == StyleStrict {
		return c, RuleUnreadable
	}
	if isDigits(s) {
		n := len(s)
		if style == StyleDecimal && n <= 20 || longDecimal(s) || n >= 37 {
			return found(RuleDecimal, parseDecimal, s)
		}
	} else if style == StyleDecimal && len(s) != 16 {
		return c, RuleUnreadable // tracers with decimal IDs write 16 or 32 hex digits, or none
	}
	if len(s) < 32 {
		if id, ok := hexTrace(s); ok {
			c.TraceID = id
			return c, RuleHexShort
		}
	}
	return found(RuleBase64, parseBase64, s)
}

// longDecimal tells that digits are a decimal number by their length: too many for 64 bits in hex. A
// number has no leading zero.
func longDecimal(digits string) bool {
	return len(digits) >= 17 && len(digits) <= 20 && digits[0] != '0'
}

// separated tells that s has something else than letters and digits.
func separated(s string) bool {
	for i := range len(s) {
		if !alnum(s[i]) {
			return true
		}
	}
	return false
}

// maxValue is the greatest length of a value that is read, in bytes.
const maxValue = 1024

// found runs the last rule that can apply.
func found(rule Rule, parse func(string) (Context, bool), s string) (Context, Rule) {
	if c, ok := parse(s); ok {
		return c, rule
	}
	return Context{}, RuleUnreadable
}
