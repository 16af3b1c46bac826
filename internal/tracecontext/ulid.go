package tracecontext

// crockford maps Crockford's base32 alphabet (either case) to five bits, or to 0xff.
var crockford = func() (t [256]byte) {
	for i := range t {
		t[i] = 0xff
	}
	const alphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
	for i := range len(alphabet) {
		c := alphabet[i]
		t[c] = byte(i)
		if c >= 'A' {
			t[c|0x20] = byte(i)
		}
	}
	return t
}()

// parseULID reads the 128 bits of a ULID: 26 characters of base32, the first at most 7
// (https://github.com/ulid/spec).
func parseULID(s string) (c Context, ok bool) {
	if len(s) != 26 || s[0] > '7' {
		return c, false
	}
	var high, low uint64
	for i := range len(s) {
		v := crockford[s[i]]
		if v == 0xff {
			return c, false
		}
		high, low = high<<5|low>>59, low<<5|uint64(v)
	}
	c.TraceID = trace128(high, low)
	return c, high|low != 0
}
