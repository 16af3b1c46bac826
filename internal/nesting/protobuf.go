package nesting

import "math"

const (
	wireVarint = 0
	wire64     = 1
	wireLength = 2
	wire32     = 5

	maxField = 1<<29 - 1 // https://protobuf.dev/programming-guides/proto3/#assigning
	// levelBytes is the least that a level costs: tag and length of the list, tag and length of its element. The innermost needs
	// no element.
	levelBytes   = 4
	elementBytes = 2
)

// what of a message is still to come.
type what byte

const (
	tag what = iota
	length
	varint // of a number, which is skipped
)

// open is a message that has begun and not ended.
type open struct {
	kind  kind
	end   uint64 // position in the whole
	level uint16 // lists and maps around it, itself included
}

type protobufCheck struct {
	open []open // the outermost has no end
	at   uint64 // position in the whole
	skip uint64 // bytes that nothing can lie in

	next   what
	number uint64 // the varint as far as it was read
	shift  uint
	field  uint64
}

// Protobuf returns the check of a message in protobuf's encoding. Its bounds are those of the schema: what can hold no values is
// skipped, and so is what is too short to hold too many levels, which is nearly everything.
func Protobuf(m Message) Check {
	return &protobufCheck{open: append(make([]open, 0, 16), open{kind: kind(m), end: math.MaxUint64})}
}

func (c *protobufCheck) Next(piece []byte) error {
	for i := 0; i < len(piece); {
		if c.skip > 0 {
			n := min(c.skip, uint64(len(piece)-i))
			c.skip, c.at, i = c.skip-n, c.at+n, i+int(n)
			continue
		}
		for c.next == tag && c.shift == 0 && c.at == c.open[len(c.open)-1].end {
			c.open = c.open[:len(c.open)-1]
		}
		b := piece[i]
		i++
		c.at++
		if c.shift > 63 {
			return ErrMalformed
		}
		c.number |= uint64(b&0x7f) << c.shift
		if b >= 0x80 {
			c.shift += 7
			continue
		}
		number := c.number
		c.number, c.shift = 0, 0
		if c.at > c.open[len(c.open)-1].end {
			return ErrMalformed
		}
		if err := c.read(number); err != nil {
			return err
		}
	}
	return nil
}

// read takes a whole varint.
func (c *protobufCheck) read(number uint64) error {
	inner := &c.open[len(c.open)-1]
	switch c.next {
	case tag:
		c.field = number >> 3
		if c.field == 0 || c.field > maxField {
			return ErrMalformed
		}
		switch number & 7 {
		case wireVarint:
			c.next = varint
		case wireLength:
			c.next = length
		case wire64:
			return c.pass(inner, 8)
		case wire32:
			return c.pass(inner, 4)
		default: // groups: no version of OTLP has any
			return ErrMalformed
		}
	case varint:
		c.next = tag
	case length:
		c.next = tag
		child := inner.kind.child(c.field)
		level := inner.level
		if child == list || child == mapping {
			level++
		}
		if level > MaxLevels {
			return ErrTooDeep
		}
		if child == nothing || number < levelBytes*uint64(MaxLevels+1-level)-elementBytes {
			return c.pass(inner, number)
		}
		if number > inner.end-c.at {
			return ErrMalformed
		}
		c.open = append(c.open, open{child, c.at + number, level})
	}
	return nil
}

// pass skips bytes, which must lie in the innermost message.
func (c *protobufCheck) pass(inner *open, n uint64) error {
	if n > inner.end-c.at {
		return ErrMalformed
	}
	c.skip = n
	return nil
}
