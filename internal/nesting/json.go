package nesting

// A list in a list costs three brackets in OTLP's JSON, {"arrayValue":{"values":[, a map in a map four; around the outermost
// value are at most 16.
const maxBrackets = 16 + 4*MaxLevels

type jsonCheck struct {
	depth   int
	inText  bool
	escaped bool // the byte before was a backslash in a text
}

// JSON returns the check of a message in JSON.
func JSON() Check { return &jsonCheck{} }

func (c *jsonCheck) Next(piece []byte) error {
	depth := c.depth
	for i := 0; i < len(piece); i++ {
		if c.inText {
			if i = c.text(piece, i); i == len(piece) {
				break
			}
		}
		switch piece[i] {
		case '"':
			c.inText = true
		case '{', '[':
			if depth++; depth > maxBrackets {
				return ErrTooDeep
			}
		case '}', ']':
			depth = max(depth-1, 0) // too many: the decoder tells
		}
	}
	c.depth = depth
	return nil
}

// text returns where the byte after a text is, or the piece's end.
func (c *jsonCheck) text(piece []byte, i int) int {
	if c.escaped && i < len(piece) {
		c.escaped = false
		i++
	}
	for ; i < len(piece); i++ {
		switch piece[i] {
		case '\\':
			i++
			c.escaped = i == len(piece)
		case '"':
			c.inText = false
			return i + 1
		}
	}
	return len(piece)
}
