// Package nesting bounds how deep the values of an OTLP message lie in each other, before it is decoded. Decoders of OTLP call
// themselves for each level and know no limit: 16 MiB of lists in lists, some KB when compressed, overflow the stack, which ends
// the process, and nothing in it can prevent that.
//
// The checks read a message as it comes, in pieces of any size, and keep nothing of it.
package nesting

import (
	"errors"
	"fmt"
	"io"
)

// MaxLevels is how many lists and maps of attributes or bodies may lie in each other. SDKs send a handful; OTLP names no limit.
// JSON parsers of other systems stop between 100 (protobuf's own, https://protobuf.dev/programming-guides/proto-limits/) and 1,000.
const MaxLevels = 128

var (
	// ErrTooDeep tells of a message whose values lie in each other deeper than MaxLevels.
	ErrTooDeep = fmt.Errorf("lists and maps lie in each other deeper than %d levels", MaxLevels)
	// ErrMalformed tells of bytes that are no OTLP message in protobuf's encoding.
	ErrMalformed = errors.New("malformed protobuf")
)

// Check reads a message piece by piece.
type Check interface {
	// Next takes the next bytes of the message. After an error it is not called again.
	Next(piece []byte) error
}

// Reader passes on what it reads, until the check refuses it. The rest is read and thrown away, so that a client that is still
// sending sees the answer and not a broken connection, after which it would send again; body must bound how much that is.
func Reader(body io.ReadCloser, check Check) io.ReadCloser {
	return &reader{ReadCloser: body, check: check}
}

type reader struct {
	io.ReadCloser
	check Check
	err   error
}

func (r *reader) Read(p []byte) (int, error) {
	if r.err != nil {
		return 0, r.err
	}
	n, err := r.ReadCloser.Read(p)
	if refused := r.check.Next(p[:n]); refused != nil {
		r.err = refused
		_, _ = io.Copy(io.Discard, r.ReadCloser)
		return 0, refused
	}
	return n, err
}
