package lumberjack

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"sync"

	"github.com/klauspost/compress/flate"
	"github.com/klauspost/compress/zlib"
)

const (
	readBuffer    = 4 << 10
	block         = 64 << 10 // payloads are read, paid for and allocated in blocks, never by the length that a client claims
	firstBlock    = 4 << 10
	eventOverhead = 64 // bytes that are charged for an event beside its payload
)

// Reader takes a connection's windows apart. It is not safe for concurrent use.
type Reader struct {
	in     *bufio.Reader
	limits Limits
	memory *Memory
	part   func(*Window) error
	next   *Header // came before its predecessor was complete
}

// NewReader returns a reader of a connection. A window that is larger than its limit is given to part piece by piece, but for its
// end; part releases them.
func NewReader(in io.Reader, limits Limits, memory *Memory, part func(*Window) error) *Reader {
	return &Reader{in: bufio.NewReaderSize(in, readBuffer), limits: limits, memory: memory, part: part}
}

// ReadHeader reads the frame that opens a window; io.EOF is the regular end of a connection.
func (r *Reader) ReadHeader() (Header, error) {
	if r.next != nil {
		h := *r.next
		r.next = nil
		return h, nil
	}
	version, kind, err := readType(r.in)
	if err != nil {
		return Header{}, err
	}
	if kind != typeWindow {
		return Header{}, fmt.Errorf("%w: a window frame was expected, got type %q", ErrProtocol, kind)
	}
	n, err := readUint32(r.in)
	return Header{Version: version, Events: n}, err
}

// ReadWindow reads the window that a header opened. The caller gives it back with [Reader.Release]; after an
// error the connection is of no more use and nothing need be given back.
func (r *Reader) ReadWindow(h Header) (*Window, error) {
	b := builder{Window: Window{Version: h.Version}, reader: r, missing: h.Events}
	for b.missing > 0 {
		if err := b.frame(r.in, false); err != nil {
			r.Release(&b.Window)
			if b.refused != nil {
				err = b.refused
			}
			return nil, err
		}
	}
	b.number()
	return &b.Window, nil
}

// Release gives the memory of a window back.
func (r *Reader) Release(w *Window) {
	r.memory.give(w.charged)
	w.charged, w.Events = 0, nil
}

// builder is a window in the making.
type builder struct {
	Window
	reader  *Reader
	missing uint32
	count   uint32
	refused error  // of part
	arena   []byte // rest of the block that small payloads are cut from
	block   int    // size of that block
}

// frame reads one frame with all that is in it.
func (b *builder) frame(in *bufio.Reader, compressed bool) error {
	version, kind, err := readType(in)
	if err != nil {
		return unexpected(err)
	}
	switch {
	case kind == typeJSON:
		return b.json(in)
	case kind == typeData:
		return b.data(in)
	case kind == typeCompressed && !compressed:
		return b.compressed(in)
	case kind == typeWindow && !compressed && b.count > 0:
		// The client had fewer events than it promised. What came is taken, as Logstash does.
		n, err := readUint32(in)
		if err != nil {
			return unexpected(err)
		}
		b.reader.next = &Header{Version: version, Events: n}
		b.missing = 0
		return nil
	}
	return fmt.Errorf("%w: type %q of version %c at this place", ErrProtocol, kind, version)
}

// number gives the window its sequence number, where the client does not count.
func (b *builder) number() {
	if b.Sequence == 0 {
		b.Sequence = b.count
	}
}

// room hands over what there is so far when with n bytes more it would be too much to hold.
func (b *builder) room(n int64) error {
	if b.charged+n > b.reader.limits.WindowBytes && len(b.Events) > 0 {
		b.number()
		w := b.Window
		b.Events, b.TooLarge, b.charged, b.arena, b.block = nil, 0, 0, nil, 0
		if b.refused = b.reader.part(&w); b.refused != nil {
			return errPart
		}
	}
	return nil
}

// errPart stands for an error that came from elsewhere, and so says nothing of the input.
var errPart = errors.New("a part of the window was refused")

// event counts an event.
func (b *builder) event(sequence uint32) error {
	b.Sequence = sequence
	b.count++
	b.missing--
	return b.charge(eventOverhead)
}

func (b *builder) json(in io.Reader) error {
	var head [8]byte
	if _, err := io.ReadFull(in, head[:]); err != nil {
		return unexpected(err)
	}
	size := int64(binary.BigEndian.Uint32(head[4:]))
	if err := believe(size); err != nil {
		return err
	}
	large := size > b.reader.limits.EventBytes
	if !large {
		if err := b.room(eventOverhead + size); err != nil {
			return err
		}
	}
	if err := b.event(binary.BigEndian.Uint32(head[:])); err != nil {
		return err
	}
	if large {
		b.TooLarge++
		_, err := io.CopyN(io.Discard, in, size)
		return unexpected(err)
	}
	payload, err := b.payload(in, int(size))
	if err != nil {
		return err
	}
	b.Events = append(b.Events, payload)
	return nil
}

// payload reads n bytes.
func (b *builder) payload(in io.Reader, n int) ([]byte, error) {
	if n <= block/4 {
		if n > len(b.arena) {
			b.block = min(max(2*b.block, firstBlock, n), block)
			if err := b.charge(int64(b.block)); err != nil {
				return nil, err
			}
			b.arena = make([]byte, b.block)
		}
		out := b.arena[:n:n]
		b.arena = b.arena[n:]
		_, err := io.ReadFull(in, out)
		return out, unexpected(err)
	}
	var out []byte
	for len(out) < n {
		step := min(n-len(out), max(block, len(out)))
		if err := b.charge(int64(step)); err != nil {
			return nil, err
		}
		at := len(out)
		grown := make([]byte, at+step)
		copy(grown, out)
		out = grown
		if _, err := io.ReadFull(in, out[at:]); err != nil {
			return nil, unexpected(err)
		}
	}
	return out, nil
}

// inflaters are decompressors with the buffer behind them.
var inflaters = sync.Pool{New: func() any { return &inflater{out: bufio.NewReaderSize(nil, readBuffer)} }}

type inflater struct {
	zlib io.ReadCloser
	out  *bufio.Reader
}

func (i *inflater) reset(in io.Reader) (err error) {
	if i.zlib == nil {
		i.zlib, err = zlib.NewReader(in)
	} else {
		err = i.zlib.(zlib.Resetter).Reset(in, nil)
	}
	i.out.Reset(i.zlib)
	return err
}

// compressed reads the frames in a zlib frame.
func (b *builder) compressed(in io.Reader) error {
	n, err := readUint32(in)
	if err != nil {
		return unexpected(err)
	}
	if err := believe(int64(n)); err != nil {
		return err
	}
	raw := &io.LimitedReader{R: in, N: int64(n)}
	z := inflaters.Get().(*inflater)
	defer inflaters.Put(z)
	if err := z.reset(raw); err != nil {
		return corrupt(raw, err)
	}
	for b.missing > 0 {
		if _, err := z.out.Peek(1); err != nil {
			if errors.Is(err, io.EOF) {
				break // the rest of the window is in other frames
			}
			return corrupt(raw, err)
		}
		if err := b.frame(z.out, true); err != nil {
			return corrupt(raw, err)
		}
	}
	// The checksum is at the end, and there must be nothing else.
	switch _, err := z.out.Peek(1); {
	case err == nil:
		return fmt.Errorf("%w: more events than the window has", ErrProtocol)
	case !errors.Is(err, io.EOF):
		return corrupt(raw, err)
	}
	_, err = io.Copy(io.Discard, raw)
	if err == nil && raw.N > 0 {
		err = io.ErrUnexpectedEOF
	}
	return err
}

// charge takes memory of all connections.
func (b *builder) charge(n int64) error {
	if err := b.reader.memory.take(n); err != nil {
		return err
	}
	b.charged += n
	return nil
}

func readType(in io.Reader) (version, kind byte, err error) {
	var head [2]byte
	if _, err := io.ReadFull(in, head[:]); err != nil {
		return 0, 0, err
	}
	if head[0] != Version1 && head[0] != Version2 {
		return 0, 0, fmt.Errorf("%w: it begins with %q", ErrProtocol, head[:])
	}
	return head[0], head[1], nil
}

func readUint32(in io.Reader) (uint32, error) {
	var n [4]byte
	_, err := io.ReadFull(in, n[:])
	return binary.BigEndian.Uint32(n[:]), unexpected(err)
}

// maxLength is what no client sends in one piece, and the server need not wait for.
const maxLength = 1 << 30

// believe checks the length that a client claims.
func believe(n int64) error {
	if n > maxLength {
		return fmt.Errorf("%w: a length of %d bytes", ErrProtocol, n)
	}
	return nil
}

// unexpected makes the end of input inside a frame an error of its own.
func unexpected(err error) error {
	if errors.Is(err, io.EOF) {
		return io.ErrUnexpectedEOF
	}
	return err
}

// corrupt tells broken compression from a broken connection: the latter ends before the frame's length.
func corrupt(raw *io.LimitedReader, err error) error {
	switch {
	case errors.Is(err, ErrProtocol), errors.Is(err, errPart), errors.Is(err, ErrMemory):
		return err
	case errors.Is(err, zlib.ErrHeader), errors.Is(err, zlib.ErrChecksum), errors.Is(err, zlib.ErrDictionary), isFlate(err),
		raw.N == 0 && (errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF)):
		return fmt.Errorf("%w: decompress: %w", ErrProtocol, err)
	}
	return unexpected(err)
}

// isFlate tells errors of broken deflate data.
func isFlate(err error) bool {
	var corruptInput flate.CorruptInputError
	var internal flate.InternalError
	return errors.As(err, &corruptInput) || errors.As(err, &internal)
}
