package fluent

import (
	"bufio"
	"encoding/binary"
	"fmt"
	"io"
	"math"
)

// kind of a value of MessagePack.
type kind uint8

const (
	kindNil kind = iota
	kindBool
	kindInt
	kindUint // above the largest int64
	kindFloat
	kindText // str and bin: clients write either
	kindList
	kindMap
	kindExt
)

// token is the head of a value: a scalar whole, of others how long they are.
type token struct {
	kind   kind
	length uint32 // bytes of text and ext, elements of lists, pairs of maps
	number uint64 // a number's bits, an ext's type
}

// source reads values one after another.
type source struct{ *bufio.Reader }

// number reads the n bytes of a number.
func (s source) number(n int) (uint64, error) {
	var b [8]byte
	if _, err := io.ReadFull(s, b[8-n:]); err != nil {
		return 0, unexpected(err)
	}
	return binary.BigEndian.Uint64(b[:]), nil
}

// unexpected is an end in the middle of a value.
func unexpected(err error) error {
	if err == io.EOF { //nolint:errorlint // as io.ReadFull itself
		return io.ErrUnexpectedEOF
	}
	return err
}

// next reads the head of the next value; io.EOF tells that there is none.
func (s source) next() (token, error) {
	b, err := s.ReadByte()
	if err != nil {
		return token{}, err
	}
	switch {
	case b < 0x80:
		return token{kind: kindInt, number: uint64(b)}, nil
	case b < 0x90:
		return token{kind: kindMap, length: uint32(b & 0x0f)}, nil
	case b < 0xa0:
		return token{kind: kindList, length: uint32(b & 0x0f)}, nil
	case b < 0xc0:
		return token{kind: kindText, length: uint32(b & 0x1f)}, nil
	case b >= 0xe0:
		return token{kind: kindInt, number: uint64(int64(int8(b)))}, nil
	}
	f := formats[b-0xc0]
	if f.broken {
		return token{}, fmt.Errorf("%w: byte 0x%x begins no value", ErrProtocol, b)
	}
	t := token{kind: f.kind, length: f.length}
	n, err := s.number(f.size)
	if err != nil {
		return token{}, err
	}
	switch {
	case f.kind == kindExt:
		if f.size > 0 {
			t.length = uint32(n)
		}
		t.number, err = s.number(1)
	case f.kind == kindBool:
		t.number = uint64(b & 1)
	case f.kind == kindInt && b >= 0xd0: // signed: the sign is that of the size
		shift := 64 - 8*f.size
		t.number = uint64(int64(n<<shift) >> shift)
	case f.kind == kindInt && n > math.MaxInt64:
		t.kind, t.number = kindUint, n
	case f.kind == kindFloat && f.size == 4:
		t.number = math.Float64bits(float64(math.Float32frombits(uint32(n))))
	case f.kind == kindText, f.kind == kindList, f.kind == kindMap:
		t.length = uint32(n)
	default:
		t.number = n
	}
	return t, err
}

// formats are those of 0xc0 to 0xdf: size is how many bytes of a number follow.
var formats = [32]struct {
	kind   kind
	size   int
	length uint32
	broken bool
}{
	0x00: {kind: kindNil}, 0x01: {broken: true}, 0x02: {kind: kindBool}, 0x03: {kind: kindBool},
	0x04: {kind: kindText, size: 1}, 0x05: {kind: kindText, size: 2}, 0x06: {kind: kindText, size: 4},
	0x07: {kind: kindExt, size: 1}, 0x08: {kind: kindExt, size: 2}, 0x09: {kind: kindExt, size: 4},
	0x0a: {kind: kindFloat, size: 4}, 0x0b: {kind: kindFloat, size: 8},
	0x0c: {kind: kindInt, size: 1}, 0x0d: {kind: kindInt, size: 2}, 0x0e: {kind: kindInt, size: 4}, 0x0f: {kind: kindInt, size: 8},
	0x10: {kind: kindInt, size: 1}, 0x11: {kind: kindInt, size: 2}, 0x12: {kind: kindInt, size: 4}, 0x13: {kind: kindInt, size: 8},
	0x14: {kind: kindExt, length: 1}, 0x15: {kind: kindExt, length: 2}, 0x16: {kind: kindExt, length: 4}, 0x17: {kind: kindExt, length: 8},
	0x18: {kind: kindExt, length: 16},
	0x19: {kind: kindText, size: 1}, 0x1a: {kind: kindText, size: 2}, 0x1b: {kind: kindText, size: 4},
	0x1c: {kind: kindList, size: 2}, 0x1d: {kind: kindList, size: 4}, 0x1e: {kind: kindMap, size: 2}, 0x1f: {kind: kindMap, size: 4},
}

// name reads a short text.
func (s source) name(what string) (string, error) {
	t, err := s.next()
	if err != nil {
		return "", unexpected(err)
	}
	if t.kind != kindText || t.length > maxName {
		return "", fmt.Errorf("%w: %s is a text of at most %d bytes", ErrProtocol, what, maxName)
	}
	text := make([]byte, t.length)
	_, err = io.ReadFull(s, text)
	return string(text), unexpected(err)
}

// skip passes over what follows the head of a value, however deep it goes.
func (s source) skip(t token) error {
	for open := uint64(1); ; {
		var err error
		switch t.kind {
		case kindText, kindExt:
			_, err = s.Discard(int(t.length))
		case kindList:
			open += uint64(t.length)
		case kindMap:
			open += 2 * uint64(t.length)
		default:
		}
		if err != nil {
			return unexpected(err)
		}
		if open--; open == 0 {
			return nil
		}
		if t, err = s.next(); err != nil {
			return unexpected(err)
		}
	}
}
