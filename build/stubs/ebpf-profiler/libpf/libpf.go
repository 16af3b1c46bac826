// Package libpf stands in for the types by which the elasticsearch exporter encodes profiles; see build/stubs/README.md.
package libpf

import (
	"encoding/base64"
	"encoding/binary"
	"errors"
)

var errNotBuiltIn = errors.New("this collector is built without profiles for Elasticsearch: take the exporter out of the profiles pipeline, or build without the stand-in (build/stubs)")

// FileID identifies an executable: 128 bits.
type FileID struct{ hi, lo uint64 }

// NewFileID makes one of two halves.
func NewFileID(hi, lo uint64) FileID { return FileID{hi, lo} }

// FileIDFromBytes fails: every profile passes here, so none is written half.
func FileIDFromBytes([]byte) (FileID, error) { return FileID{}, errNotBuiltIn }

// FileIDFromString fails.
func FileIDFromString(string) (FileID, error) { return FileID{}, errNotBuiltIn }

// IsZero tells whether it is unknown.
func (f FileID) IsZero() bool { return f == FileID{} }

// Bytes are its 16 bytes, big-endian.
func (f FileID) Bytes() []byte {
	return binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint64(make([]byte, 0, 16), f.hi), f.lo)
}

// Base64 is its text for URLs.
func (f FileID) Base64() string { return base64.RawURLEncoding.EncodeToString(f.Bytes()) }

// AddressOrLineno is an address in an executable, or a line of a source file.
type AddressOrLineno uint64

// FrameType is the language of a frame.
type FrameType uint8

// FrameTypeFromString knows no type.
func FrameTypeFromString(string) FrameType { return 0 }

// IsError tells whether a frame stands for a failure to unwind.
func (FrameType) IsError() bool { return false }
