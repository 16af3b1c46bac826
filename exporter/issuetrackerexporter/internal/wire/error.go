package wire

import (
	"errors"
	"time"
)

// Kind says what is to be done about a request that was not carried out.
type Kind int

// The kinds of [Error].
const (
	Later        Kind = iota // no answer, or 408, 425, 5xx: try again
	Limited                  // too many requests: try again after Wait
	Unauthorized             // the credential is wrong or lacks a right: somebody must change the configuration
	Refused                  // for good
)

// Error is why a request was not carried out.
type Error struct {
	Kind   Kind
	Status int           // 0 = no answer
	Wait   time.Duration // how long the server wants to be left alone; 0 = it did not say
	Unsure bool          // the server may have done it all the same
	Local  bool          // the limit is of one ticket, not of the whole target
	Body   []byte        // of the answer, at most MaxAnswer bytes
	Err    error         // without secrets
}

func (e *Error) Error() string { return e.Err.Error() }

func (e *Error) Unwrap() error { return e.Err }

// As returns the [Error] in err. Any other error is one to try again later.
func As(err error) *Error {
	var e *Error
	if errors.As(err, &e) {
		return e
	}
	return &Error{Kind: Later, Err: err}
}

// Refuse makes the error of a request that a server refused for good.
func Refuse(err error) *Error { return &Error{Kind: Refused, Err: err} }

// Deny makes the error of a wrong credential.
func Deny(err error) *Error { return &Error{Kind: Unauthorized, Err: err} }

// Doubt makes the error of a request that was carried out, or may have been, without a usable answer.
func Doubt(err error) *Error { return &Error{Kind: Later, Unsure: true, Err: err} }
