package tracecontext

import (
	"encoding/binary"
	"math/bits"
)

// parseKSUID reads the 16 bytes of payload of a KSUID: 27 characters of base62 are 20 bytes, of which
// the first four are the time (https://github.com/segmentio/ksuid).
func parseKSUID(s string) (c Context, ok bool) {
	if len(s) != 27 {
		return c, false
	}
	var n [3]uint64 // big-endian, 192 bits, of which 160 may be used
	letters := false
	for i := range len(s) {
		var v uint64
		switch ch := s[i]; {
		case ch >= '0' && ch <= '9':
			v = uint64(ch - '0')
		case ch >= 'A' && ch <= 'Z':
			v, letters = uint64(ch-'A'+10), true
		case ch >= 'a' && ch <= 'z':
			v, letters = uint64(ch-'a'+36), true
		default:
			return c, false
		}
		carry := v
		for j := 2; j >= 0; j-- {
			hi, lo := bits.Mul64(n[j], 62)
			sum, over := bits.Add64(lo, carry, 0)
			n[j], carry = sum, hi+over
		}
	}
	if !letters || n[0]>>32 != 0 {
		return c, false // a number, or more than 160 bits
	}
	binary.BigEndian.PutUint64(c.TraceID[:8], n[1])
	binary.BigEndian.PutUint64(c.TraceID[8:], n[2])
	return c, c.TraceID != [16]byte{}
}
