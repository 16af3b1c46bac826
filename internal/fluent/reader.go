package fluent

import (
	"bufio"
	"compress/gzip"
	"errors"
	"fmt"
	"io"

	"github.com/klauspost/compress/zstd"
	"go.opentelemetry.io/collector/pdata/plog"
)

// TagKey is the attribute that holds a record's tag.
const TagKey = "fluent.tag"

// Limits of what a client sends.
type Limits struct {
	// Record bounds what one record takes, in bytes; the rest of a larger one is left out.
	Record int64
	// Message bounds what a compressed message may become, in bytes.
	Message int64
}

const (
	maxName = 1 << 10  // bytes of a tag or of the name of a chunk
	window  = 16 << 20 // of zstd: what its levels up to 19 need
	// A part is handed over when it has so many bytes or records.
	partBytes   = 1 << 20
	partRecords = 10_000
)

var (
	// ErrProtocol tells of bytes that are no message.
	ErrProtocol = errors.New("malformed message")
	// ErrTooLarge tells of a message that grew above [Limits].Message.
	ErrTooLarge = errors.New("compressed message is too large")
)

// Reader reads the messages of a connection.
type Reader struct {
	limits Limits
	memory *Memory
	part   func(plog.Logs) error

	conn    source
	packed  *bufio.Reader
	gzip    *gzip.Reader
	zstd    *zstd.Decoder
	logs    plog.Logs
	records plog.LogRecordSlice
	taken   int64 // of memory, by what is in logs
	waits   bool  // what is in logs is also of messages before this one
}

// NewReader returns a reader. part takes the records as they come, some of a message at a time, and owns them; with its error reading ends.
func NewReader(conn io.Reader, limits Limits, memory *Memory, part func(plog.Logs) error) *Reader {
	r := &Reader{limits: limits, memory: memory, part: part, conn: source{bufio.NewReaderSize(conn, 16<<10)}}
	r.begin()
	return r
}

// Wait waits for the first byte of a message; io.EOF tells that the client has ended the connection.
func (r *Reader) Wait() error {
	_, err := r.conn.Peek(1)
	return err
}

// Close gives back what a message that was not read to its end has taken.
func (r *Reader) Close() {
	r.memory.give(r.taken)
	r.taken = 0
	if r.zstd != nil {
		r.zstd.Close()
	}
}

// ReadMessage reads one and hands its records over. chunk is what the client wants to read as acknowledgement, empty when it wants none.
// Records without one are handed over with those of the messages that have come meanwhile: loggers send one record each.
func (r *Reader) ReadMessage() (chunk string, err error) {
	chunk, err = r.message()
	switch {
	case err != nil && r.waits:
		return "", errors.Join(err, r.flush())
	case err != nil:
		return "", err
	case chunk == "" && r.conn.Buffered() > 0:
		r.waits = r.records.Len() > 0
		return "", nil
	}
	return chunk, r.flush()
}

func (r *Reader) message() (chunk string, err error) {
	t, err := r.conn.next()
	if err != nil {
		return "", err
	}
	if t.kind != kindList || t.length < 2 || t.length > 4 {
		return "", fmt.Errorf("%w: it is a list of two to four", ErrProtocol)
	}
	left := t.length - 2
	tag, err := r.conn.name("tag")
	if err != nil {
		return "", err
	}
	if t, err = r.conn.next(); err != nil {
		return "", unexpected(err)
	}
	switch {
	case t.kind == kindList && left < 2:
		err = r.entries(r.conn, tag, t.length)
	case t.kind == kindText && left < 2:
		err = r.pack(t.length, tag)
	case left > 0: // time, record
		left--
		err = r.add(r.conn, tag, func(to *recorder) error { return to.rest(t) })
	default:
		err = fmt.Errorf("%w: neither entries nor a time follow the tag", ErrProtocol)
	}
	if err != nil {
		return "", unexpected(err)
	}
	if left > 0 {
		if chunk, err = r.options(); err != nil {
			return "", err
		}
	}
	return chunk, nil
}

// options reads those behind the entries.
func (r *Reader) options() (chunk string, err error) {
	t, err := r.conn.next()
	if err != nil {
		return "", unexpected(err)
	}
	if t.kind != kindMap {
		return "", r.conn.skip(t)
	}
	for range t.length {
		key, err := r.conn.name("an option's name")
		if err != nil {
			return "", err
		}
		if key == "chunk" {
			chunk, err = r.conn.name("chunk")
		} else if t, err = r.conn.next(); err == nil {
			err = r.conn.skip(t)
		}
		if err != nil {
			return "", unexpected(err)
		}
	}
	return chunk, nil
}

// entries reads n of them.
func (r *Reader) entries(from source, tag string, n uint32) error {
	for range n {
		if err := r.add(from, tag, (*recorder).entry); err != nil {
			return unexpected(err)
		}
	}
	return nil
}

// pack reads entries out of a text of n bytes. That they are compressed stands behind them; what they begin with tells it as
// surely, for no entry begins so.
func (r *Reader) pack(n uint32, tag string) error {
	inner := &io.LimitedReader{R: r.conn, N: int64(n)}
	head, err := r.conn.Peek(int(min(n, 4)))
	if err != nil {
		return unexpected(err)
	}
	var from io.Reader = inner
	switch {
	case len(head) >= 2 && head[0] == 0x1f && head[1] == 0x8b:
		if r.gzip == nil {
			r.gzip = new(gzip.Reader)
		}
		if err := r.gzip.Reset(inner); err != nil {
			return fmt.Errorf("%w: %w", ErrProtocol, err)
		}
		from = &bounded{r.gzip, r.limits.Message}
	case len(head) == 4 && head[0] == 0x28 && head[1] == 0xb5 && head[2] == 0x2f && head[3] == 0xfd:
		if r.zstd == nil {
			if r.zstd, err = zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true), zstd.WithDecoderMaxWindow(window)); err != nil {
				return err
			}
		}
		if err := r.zstd.Reset(inner); err != nil {
			return fmt.Errorf("%w: %w", ErrProtocol, err)
		}
		from = &bounded{r.zstd, r.limits.Message}
	}
	if r.packed == nil {
		r.packed = bufio.NewReaderSize(nil, 16<<10)
	}
	r.packed.Reset(from)
	for {
		err := r.add(source{r.packed}, tag, (*recorder).entry)
		if err == io.EOF { //nolint:errorlint // the very same: there is no further entry
			break
		}
		if err != nil {
			return err
		}
	}
	_, err = io.Copy(io.Discard, inner) // behind the end of what was compressed
	return err
}

// bounded ends with an error after so many bytes.
type bounded struct {
	io.Reader
	left int64
}

func (b *bounded) Read(p []byte) (int, error) {
	n, err := b.Reader.Read(p)
	if b.left -= int64(n); b.left < 0 {
		return 0, ErrTooLarge
	}
	return n, err
}

// add reads one record, and hands over what is there when it is enough.
func (r *Reader) add(from source, tag string, read func(*recorder) error) error {
	to := recorder{source: from, memory: r.memory, record: plog.NewLogRecord(), left: r.limits.Record}
	err := read(&to)
	r.taken += to.taken
	if err != nil {
		return err
	}
	to.record.Attributes().PutStr(TagKey, tag)
	to.record.MoveTo(r.records.AppendEmpty())
	if r.taken >= partBytes || r.records.Len() >= partRecords {
		return r.flush()
	}
	return nil
}

func (r *Reader) begin() {
	r.logs = plog.NewLogs()
	r.records = r.logs.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords()
}

// flush hands over what was read.
func (r *Reader) flush() error {
	if r.records.Len() == 0 {
		return nil
	}
	logs := r.logs
	r.begin()
	r.waits = false
	err := r.part(logs)
	r.memory.give(r.taken)
	r.taken = 0
	return err
}
