package issue

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/klauspost/compress/s2"
)

// maxEventBytes bounds a stored event, in bytes of JSON. What is more is trimmed; see [trimEvent].
const maxEventBytes = 64 << 10

// codecVersion is the first byte of every stored value, so that a later version can read it.
const codecVersion = 1

var errCodec = errors.New("stored by another version, or damaged")

// EncodeEvent returns the stored form of an event, trimmed to 64 KiB.
func EncodeEvent(e *Event) ([]byte, error) {
	b, err := json.Marshal(e)
	if err != nil {
		return nil, fmt.Errorf("encode event %s: %w", e.ID, err)
	}
	if len(b) > maxEventBytes {
		if b, err = json.Marshal(trimEvent(e)); err != nil {
			return nil, fmt.Errorf("encode event %s: %w", e.ID, err)
		}
	}
	return pack(b), nil
}

// DecodeEvent reads the stored form of an event.
func DecodeEvent(b []byte) (*Event, error) {
	b, err := unpack(b)
	if err != nil {
		return nil, err
	}
	e := &Event{}
	if err := json.Unmarshal(b, e); err != nil {
		return nil, fmt.Errorf("decode event: %w", err)
	}
	return e, nil
}

// EncodeNotice returns the stored form of a notice, without its event: that is among the samples.
func EncodeNotice(n Notice) ([]byte, error) {
	n.Event = nil
	b, err := json.Marshal(n)
	if err != nil {
		return nil, fmt.Errorf("encode notice: %w", err)
	}
	return pack(b), nil
}

// DecodeNotice reads the stored form of a notice.
func DecodeNotice(b []byte) (Notice, error) {
	var n Notice
	b, err := unpack(b)
	if err != nil {
		return n, err
	}
	if err := json.Unmarshal(b, &n); err != nil {
		return n, fmt.Errorf("decode notice: %w", err)
	}
	return n, nil
}

// packFrom is the size from which a value is compressed.
const packFrom = 1 << 10

func pack(b []byte) []byte {
	if len(b) < packFrom {
		return append([]byte{codecVersion, 0}, b...)
	}
	out := make([]byte, 2+s2.MaxEncodedLen(len(b)))
	out[0], out[1] = codecVersion, 1
	enc := s2.Encode(out[2:], b)
	return append(make([]byte, 0, 2+len(enc)), out[:2+len(enc)]...)
}

func unpack(b []byte) ([]byte, error) {
	if len(b) < 2 || b[0] != codecVersion || b[1] > 1 {
		return nil, errCodec
	}
	if b[1] == 0 {
		return b[2:], nil
	}
	n, err := s2.DecodedLen(b[2:])
	if err != nil || n > 1<<24 {
		return nil, errCodec
	}
	out, err := s2.Decode(nil, b[2:])
	if err != nil {
		return nil, errCodec
	}
	return out, nil
}

func packHours(h []uint32) []byte {
	if len(h) == 0 {
		return nil
	}
	b := make([]byte, 0, len(h)+8)
	for i := 0; i < len(h); {
		if h[i] != 0 {
			b = binary.AppendUvarint(b, uint64(h[i])<<1)
			i++
			continue
		}
		run := 1
		for i+run < len(h) && h[i+run] == 0 {
			run++
		}
		b = binary.AppendUvarint(b, uint64(run)<<1|1) // a run of empty hours
		i += run
	}
	return b
}

func unpackHours(b []byte) []uint32 {
	var h []uint32
	for len(b) > 0 {
		v, n := binary.Uvarint(b)
		if n <= 0 {
			break
		}
		b = b[n:]
		if v&1 == 0 {
			h = append(h, uint32(min(v>>1, 1<<32-1)))
		} else {
			h = append(h, make([]uint32, min(v>>1, hoursKept))...)
		}
		if len(h) > hoursKept {
			return h[len(h)-hoursKept:]
		}
	}
	return h
}
