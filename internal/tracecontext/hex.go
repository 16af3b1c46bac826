package tracecontext

// nibbles maps a byte to the value of the hex digit it is, or to 0xff.
var nibbles = func() (t [256]byte) {
	for i := range t {
		t[i] = 0xff
	}
	for c := byte('0'); c <= '9'; c++ {
		t[c] = c - '0'
	}
	for c := byte('a'); c <= 'f'; c++ {
		t[c], t[c-'a'+'A'] = c-'a'+10, c-'a'+10
	}
	return t
}()

// isHex tells that s is not empty and has nothing but hex digits, of either case.
func isHex(s string) bool {
	for i := range len(s) {
		if nibbles[s[i]] == 0xff {
			return false
		}
	}
	return s != ""
}

// isDigits tells that s is not empty and has nothing but decimal digits.
func isDigits(s string) bool {
	for i := range len(s) {
		if s[i]-'0' > 9 {
			return false
		}
	}
	return s != ""
}

// hex64 reads 1 to 16 hex digits.
func hex64(s string) (v uint64, ok bool) {
	if s == "" || len(s) > 16 {
		return 0, false
	}
	for i := range len(s) {
		n := nibbles[s[i]]
		if n == 0xff {
			return 0, false
		}
		v = v<<4 | uint64(n)
	}
	return v, true
}

// hexTrace reads 1 to 32 hex digits as a trace ID, padded with zeros on the left. Shorter IDs are
// padded so by W3C, B3 and Jaeger alike. It is false for all zeros.
func hexTrace(s string) (id [16]byte, ok bool) {
	var high, low uint64
	if len(s) > 16 {
		if high, ok = hex64(s[:len(s)-16]); !ok {
			return id, false
		}
		s = s[len(s)-16:]
	}
	if low, ok = hex64(s); !ok || high|low == 0 {
		return id, false
	}
	return trace128(high, low), true
}

// hexSpan reads 1 to 16 hex digits as a span ID; false for all zeros.
func hexSpan(s string) (id [8]byte, ok bool) {
	v, ok := hex64(s)
	if !ok || v == 0 {
		return id, false
	}
	return span64(v), true
}
