package lumberjack

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"io"
)

// maxPairs bounds the fields of one event of version 1.
const maxPairs = 1024

// data reads an event of version 1, key-value pairs, and makes it JSON.
func (b *builder) data(in io.Reader) error {
	var head [8]byte
	if _, err := io.ReadFull(in, head[:]); err != nil {
		return unexpected(err)
	}
	// How long it will be nobody knows: there is room for the longest that is kept.
	most := b.reader.limits.EventBytes
	if err := b.room(most); err != nil {
		return err
	}
	if err := b.event(binary.BigEndian.Uint32(head[:])); err != nil {
		return err
	}
	pairs := binary.BigEndian.Uint32(head[4:])
	if pairs > maxPairs {
		return fmt.Errorf("%w: an event with %d fields", ErrProtocol, pairs)
	}
	fields := make(map[string]string, min(pairs, 32))
	left := most
	for range pairs {
		key, err := b.text(in, &left)
		if err != nil {
			return err
		}
		value, err := b.text(in, &left)
		if err != nil {
			return err
		}
		fields[key] = value
	}
	if left < 0 {
		b.TooLarge++
		return nil
	}
	text, err := json.Marshal(fields)
	if err != nil {
		return err
	}
	b.Events = append(b.Events, text)
	return b.charge(int64(len(text)))
}

// text reads a length and so many bytes, or skips them when the event is too large already.
func (b *builder) text(in io.Reader, left *int64) (string, error) {
	n, err := readUint32(in)
	if err != nil {
		return "", err
	}
	if err := believe(int64(n)); err != nil {
		return "", err
	}
	if *left -= int64(n); *left < 0 {
		_, err := io.CopyN(io.Discard, in, int64(n))
		return "", unexpected(err)
	}
	raw, err := b.payload(in, int(n))
	return string(raw), err
}
