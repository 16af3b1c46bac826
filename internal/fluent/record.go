package fluent

import (
	"bytes"
	"fmt"
	"io"
	"math"
	"strconv"
	"time"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// Bounds of a record. What is beyond is left out and counted as dropped.
const (
	maxMembers = 512 // of one map: it looks every key up when one is added
	maxNesting = 64  // lists and maps in each other
	// A value of one byte takes this much memory, and an empty record that much.
	valueBytes  = 64
	recordBytes = 256
	// A text is read and accounted for in such pieces: a length that is only promised takes nothing.
	pieceBytes = 64 << 10
)

// recorder makes log records out of entries.
type recorder struct {
	source
	memory  *Memory
	record  plog.LogRecord
	left    int64 // bytes that the record may still grow
	taken   int64 // of memory
	dropped uint32
}

// take accounts for n bytes.
func (r *recorder) take(n int64) error {
	if err := r.memory.take(n); err != nil {
		return err
	}
	r.left -= n
	r.taken += n
	return nil
}

// entry reads [time, record]. It returns io.EOF where there is none.
func (r *recorder) entry() error {
	t, err := r.next()
	if err != nil {
		return err
	}
	if t.kind != kindList || t.length != 2 {
		return fmt.Errorf("%w: an entry is a list of time and record", ErrProtocol)
	}
	if t, err = r.next(); err != nil {
		return unexpected(err)
	}
	return unexpected(r.rest(t))
}

// rest reads the time whose head was read, and the record behind it.
func (r *recorder) rest(t token) error {
	if err := r.take(recordBytes); err != nil {
		return err
	}
	if err := r.time(t); err != nil {
		return err
	}
	t, err := r.next()
	if err != nil {
		return err
	}
	if t.kind != kindMap {
		return fmt.Errorf("%w: a record is a map", ErrProtocol)
	}
	attributes := r.record.Attributes()
	for range t.length {
		key, err := r.key()
		if err != nil {
			return err
		}
		if t, err = r.next(); err != nil {
			return err
		}
		body := key == "message" || key == "log" // of Fluentd, of Fluent Bit
		switch {
		case !r.room(t, 1) || !body && attributes.Len() >= maxMembers:
			err = r.drop(t)
		case body:
			err = r.value(t, r.record.Body(), 1)
		default:
			err = r.value(t, attributes.PutEmpty(key), 1)
		}
		if err != nil {
			return err
		}
	}
	r.record.SetDroppedAttributesCount(r.dropped)
	return nil
}

// time sets the record's: seconds, or an ext of type 0 with seconds and nanoseconds. Fluent Bit writes a list of the time and of
// what else it knows of the record.
func (r *recorder) time(t token) error {
	if t.kind == kindList && t.length == 2 {
		inner, err := r.next()
		if err != nil {
			return err
		}
		if inner.kind == kindList {
			return fmt.Errorf("%w: a time is no list of lists", ErrProtocol)
		}
		if err := r.time(inner); err != nil {
			return err
		}
		if inner, err = r.next(); err != nil {
			return err
		}
		return r.skip(inner)
	}
	var at time.Time
	switch {
	case t.kind == kindInt:
		at = time.Unix(int64(t.number), 0)
	case t.kind == kindFloat:
		seconds, part := math.Modf(math.Float64frombits(t.number))
		at = time.Unix(int64(seconds), int64(part*1e9))
	case t.kind == kindExt && t.number == 0 && t.length == 8:
		n, err := r.number(8)
		if err != nil {
			return err
		}
		at = time.Unix(int64(n>>32), int64(n&math.MaxUint32))
	default:
		return fmt.Errorf("%w: a time is a number or an EventTime", ErrProtocol)
	}
	r.record.SetTimestamp(pcommon.NewTimestampFromTime(at))
	return nil
}

// key reads the name of a member.
func (r *recorder) key() (string, error) {
	t, err := r.next()
	if err != nil {
		return "", err
	}
	if t.kind != kindText {
		return "", fmt.Errorf("%w: a key is a text", ErrProtocol)
	}
	if int64(t.length) > r.left {
		r.left = 0 // nor is there room for its value
		return "", r.skip(t)
	}
	return r.text(t.length)
}

// text reads one that there is room for.
func (r *recorder) text(n uint32) (string, error) {
	if int(n) <= r.Buffered() {
		if err := r.take(int64(n)); err != nil {
			return "", err
		}
		b, _ := r.Peek(int(n))
		text := string(b)
		_, err := r.Discard(int(n))
		return text, err
	}
	var b bytes.Buffer
	for left := int64(n); left > 0; {
		piece := min(left, pieceBytes)
		if err := r.take(piece); err != nil {
			return "", err
		}
		if _, err := io.CopyN(&b, r, piece); err != nil {
			return "", err
		}
		left -= piece
	}
	return b.String(), nil
}

// room tells whether a value fits. An ext is none that anybody writes, except as time.
func (r *recorder) room(t token, depth int) bool {
	size := int64(valueBytes)
	if t.kind == kindText {
		size += int64(t.length)
	}
	return size <= r.left && depth <= maxNesting && t.kind != kindExt
}

func (r *recorder) drop(t token) error {
	r.dropped++
	return r.skip(t)
}

// value reads what follows the head of a value that there is room for.
func (r *recorder) value(t token, to pcommon.Value, depth int) error {
	if err := r.take(valueBytes); err != nil {
		return err
	}
	switch t.kind {
	case kindBool:
		to.SetBool(t.number == 1)
	case kindInt:
		to.SetInt(int64(t.number))
	case kindUint:
		to.SetStr(strconv.FormatUint(t.number, 10))
	case kindFloat:
		to.SetDouble(math.Float64frombits(t.number))
	case kindText:
		text, err := r.text(t.length)
		if err != nil {
			return err
		}
		to.SetStr(text)
	case kindList:
		return r.list(t.length, to.SetEmptySlice(), depth+1)
	case kindMap:
		return r.members(t.length, to.SetEmptyMap(), depth+1)
	default: // nil is empty
	}
	return nil
}

func (r *recorder) list(n uint32, to pcommon.Slice, depth int) error {
	for range n {
		t, err := r.next()
		if err != nil {
			return err
		}
		if r.room(t, depth) {
			err = r.value(t, to.AppendEmpty(), depth)
		} else {
			err = r.drop(t)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

func (r *recorder) members(n uint32, to pcommon.Map, depth int) error {
	for range n {
		key, err := r.key()
		if err != nil {
			return err
		}
		t, err := r.next()
		if err != nil {
			return err
		}
		if r.room(t, depth) && to.Len() < maxMembers {
			err = r.value(t, to.PutEmpty(key), depth)
		} else {
			err = r.drop(t)
		}
		if err != nil {
			return err
		}
	}
	return nil
}
