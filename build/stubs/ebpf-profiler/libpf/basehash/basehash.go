// Package basehash stands in for the hash of a stack; see build/stubs/README.md.
package basehash

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
)

// Hash128 is a hash of 128 bits.
type Hash128 struct{ hi, lo uint64 }

// New128 makes one of two halves.
func New128(hi, lo uint64) Hash128 { return Hash128{hi, lo} }

// New128FromBytes reads 16 bytes, big-endian.
func New128FromBytes(b []byte) (Hash128, error) {
	if len(b) != 16 {
		return Hash128{}, errors.New("a hash has 16 bytes")
	}
	return Hash128{binary.BigEndian.Uint64(b), binary.BigEndian.Uint64(b[8:])}, nil
}

// Bytes are its 16 bytes, big-endian.
func (h Hash128) Bytes() []byte {
	return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(make([]byte, 0, 16), h.hi), h.lo)
}

// Base64 is its text for URLs.
func (h Hash128) Base64() string { return base64.RawURLEncoding.EncodeToString(h.Bytes()) }
