package lumberjack

import (
	"encoding/binary"
	"errors"
	"io"
)

// Versions of the protocol as they are written in a frame. They do not tell the types: Elastic's Ruby
// client (https://github.com/elastic/ruby-lumberjack) sends JSON in frames of version 1.
const (
	Version1 byte = '1'
	Version2 byte = '2'
)

const (
	typeWindow     byte = 'W'
	typeJSON       byte = 'J'
	typeData       byte = 'D'
	typeCompressed byte = 'C'
	typeAck        byte = 'A'
)

// What ends a connection besides errors of the network.
var (
	// ErrProtocol is wrapped by errors of framing and compression: the other side is no Lumberjack client.
	ErrProtocol = errors.New("no Lumberjack frame")
	// ErrMemory tells that the windows of all connections together need more memory than they may take.
	// The client sends the window again later.
	ErrMemory = errors.New("windows of all connections take too much memory")
	// ErrHandshake is wrapped by errors of TLS before the first window.
	ErrHandshake = errors.New("TLS handshake")
	// ErrStopping tells that the server is shut down.
	ErrStopping = errors.New("server is shut down")
)

// Header opens a window.
type Header struct {
	Version byte
	Events  uint32 // that the client promises
}

// Window is what a client sends before it waits for an acknowledgement, or a part of it.
type Window struct {
	Version byte
	// Events are the payloads, JSON as a rule; nobody has looked into them. Those of version 1 were made JSON objects of strings.
	Events [][]byte
	// TooLarge counts events above [Limits.EventBytes]. They were skipped, for the client would send them again for ever.
	TooLarge int
	// Sequence acknowledges it, and all that came before.
	Sequence uint32

	charged int64 // to the memory of all connections
}

// Limits bound what a client can make the server hold. All must be positive.
type Limits struct {
	EventBytes  int64 // of one event; larger ones are skipped
	WindowBytes int64 // of what is held of a window, about, not less than EventBytes; a larger one comes in parts
}

// WriteAck acknowledges all events up to a sequence number; 0 keeps a waiting client from giving up.
func WriteAck(w io.Writer, version byte, sequence uint32) error {
	frame := [6]byte{version, typeAck}
	binary.BigEndian.PutUint32(frame[2:], sequence)
	_, err := w.Write(frame[:])
	return err
}
