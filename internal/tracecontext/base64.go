package tracecontext

// base64Values maps both alphabets, standard and URL-safe (RFC 4648), to six bits, or to 0xff.
var base64Values = func() (t [256]byte) {
	for i := range t {
		t[i] = 0xff
	}
	const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
	for i := range len(alphabet) {
		t[alphabet[i]] = byte(i)
	}
	t['-'], t['_'] = 62, 63
	return t
}()

// parseBase64 reads base64 of exactly 16 bytes: 22 characters, with or without `==`. Encoders that
// take OTLP/JSON for plain protobuf JSON write IDs so. Unused bits must be zero, which few words
// of 22 letters fulfil.
func parseBase64(s string) (c Context, ok bool) {
	if len(s) == 24 && s[22:] == "==" {
		s = s[:22]
	}
	if len(s) != 22 || !base64Bytes(c.TraceID[:], s) || c.TraceID == ([16]byte{}) {
		return Context{}, false
	}
	return c, true
}

// base64Span reads base64 of exactly 8 bytes: 11 characters and `=`.
func base64Span(s string) (id [8]byte, ok bool) {
	if len(s) != 12 || s[11] != '=' || !base64Bytes(id[:], s[:11]) {
		return [8]byte{}, false
	}
	return id, id != [8]byte{}
}

// base64Bytes decodes s, without padding, into the whole of dst.
func base64Bytes(dst []byte, s string) bool {
	var acc uint32
	var n, j int
	for i := range len(s) {
		v := base64Values[s[i]]
		if v == 0xff {
			return false
		}
		acc, n = acc<<6|uint32(v), n+6
		if n >= 8 {
			n -= 8
			if j == len(dst) {
				return false
			}
			dst[j] = byte(acc >> n)
			j++
			acc &= 1<<n - 1
		}
	}
	return j == len(dst) && acc == 0
}
