package tracecontext

// Shape says whether a trace ID of 16 bytes can be what its maker meant.
type Shape uint8

// The shapes of trace IDs.
const (
	ShapeValid Shape = iota
	ShapeZero        // no ID
	ShapeShort       // an ID of 64 bits in the wrong half: a3ce929d0e0e47360000000000000000
	ShapeText        // 16 hexadecimal characters taken for 16 bytes: 61336365393239643065306534373336
)

var shapeNames = [...]string{"valid", "zero", "short", "text"}

// String returns the shape's name.
func (s Shape) String() string { return shapeNames[s] }

// ShapeOf judges a trace ID. By chance a random ID looks short or like text once in 2^64. An ID whose
// filled half is a small pattern (as in tests) is valid.
func ShapeOf(id [16]byte) Shape {
	high, low := halves(id)
	switch {
	case high|low == 0:
		return ShapeZero
	case low == 0:
		filled, large := 0, false
		for _, b := range id[:8] {
			if b != 0 {
				filled++
			}
			large = large || b >= 0x20
		}
		if filled >= 6 && large {
			return ShapeShort
		}
	case id[0] >= '0' && id[0] <= 'f':
		for _, b := range id {
			if nibbles[b] == 0xff {
				return ShapeValid
			}
		}
		return ShapeText
	}
	return ShapeValid
}

// Repair returns what the maker of a short or a text ID meant: the 64 bits, padded on the left.
func Repair(id [16]byte) (fixed [16]byte, ok bool) {
	switch ShapeOf(id) {
	case ShapeShort:
		copy(fixed[8:], id[:8])
		return fixed, true
	case ShapeText:
		return hexTrace(string(id[:]))
	}
	return id, false
}
