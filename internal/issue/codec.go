package issue

import (
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"sync"

	"github.com/klauspost/compress/s2"
)

// maxEventBytes bounds a stored event, in bytes before compression. What is more is trimmed; see [trimEvent].
const maxEventBytes = 64 << 10

// codecVersion is the first byte of every stored value, so that a later version can read it.
const codecVersion = 1

var errCodec = errors.New("stored by another version, or damaged")

// EncodeNotice returns the stored form of a notice, without its event: that is among the samples.
func EncodeNotice(n Notice) ([]byte, error) {
	n.Event = nil
	b, err := json.Marshal(n)
	if err != nil {
		return nil, fmt.Errorf("encode notice: %w", err)
	}
	return pack(b, formJSON), nil
}

// DecodeNotice reads the stored form of a notice.
func DecodeNotice(b []byte) (Notice, error) {
	var n Notice
	b, _, err := unpack(b)
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

// The second byte of a stored value: whether it is compressed, and in which form it is.
const (
	formJSON   byte = 0
	compressed byte = 1
	formBinary byte = 2
)

var packBuffers = sync.Pool{New: func() any { b := []byte{}; return &b }}

func pack(b []byte, form byte) []byte {
	if len(b) < packFrom {
		return append([]byte{codecVersion, form}, b...)
	}
	buffer := packBuffers.Get().(*[]byte)
	defer packBuffers.Put(buffer)
	if n := s2.MaxEncodedLen(len(b)); cap(*buffer) < n {
		*buffer = make([]byte, n)
	}
	enc := s2.Encode((*buffer)[:cap(*buffer)], b)
	return append([]byte{codecVersion, form | compressed}, enc...)
}

func unpack(b []byte) (_ []byte, form byte, _ error) {
	if len(b) < 2 || b[0] != codecVersion || b[1] > formBinary|compressed {
		return nil, 0, errCodec
	}
	form = b[1] &^ compressed
	if b[1]&compressed == 0 {
		return b[2:], form, nil
	}
	n, err := s2.DecodedLen(b[2:])
	if err != nil || n > 1<<24 {
		return nil, 0, errCodec
	}
	out, err := s2.Decode(nil, b[2:])
	if err != nil {
		return nil, 0, errCodec
	}
	return out, form, nil
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
