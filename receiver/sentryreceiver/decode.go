package sentryreceiver

import (
	"bytes"
	"compress/zlib"
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"slices"
	"sync"

	"github.com/andybalholm/brotli"
	"github.com/klauspost/compress/gzip"
	kzlib "github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"
)

// maxWindow bounds the memory of one zstd decoder, in bytes; Relay's encoder uses 8 MiB at most.
const maxWindow = 8 << 20

// decoders are those that confighttp lacks or that are cheaper here: SDKs send one small body each
// request, so that making a decoder costs more than decoding. How much may come out is confighttp's
// to bound (max_request_body_size).
func decoders(enabled []string) map[string]func(io.ReadCloser) (io.ReadCloser, error) {
	all := map[string]func(io.ReadCloser) (io.ReadCloser, error){
		"identity": func(io.ReadCloser) (io.ReadCloser, error) { return nil, nil },
		"gzip":     decodeGzip,
		"x-gzip":   decodeGzip,
		"deflate":  decodeZlib,
		"zlib":     decodeZlib,
		"zstd":     decodeZstd,
		"br":       decodeBrotli,
	}
	if enabled != nil {
		for name := range all {
			if !slices.Contains(enabled, name) {
				delete(all, name)
			}
		}
	}
	return all
}

// pooled gives a decoder back to its pool when the body is closed.
type pooled[T io.Reader] struct {
	reader T
	body   io.Closer
	pool   *sync.Pool
	closed bool
}

func (p *pooled[T]) Read(b []byte) (int, error) {
	if p.closed {
		return 0, io.ErrClosedPipe
	}
	return p.reader.Read(b)
}

func (p *pooled[T]) Close() error {
	if p.closed {
		return nil
	}
	p.closed = true
	p.pool.Put(p.reader)
	return p.body.Close()
}

var gzips, zlibs, zstds, brotlis sync.Pool

func decodeGzip(body io.ReadCloser) (io.ReadCloser, error) {
	z, _ := gzips.Get().(*gzip.Reader)
	var err error
	if z == nil {
		z, err = gzip.NewReader(body)
	} else {
		err = z.Reset(body)
	}
	if err != nil {
		return nil, err
	}
	return &pooled[*gzip.Reader]{reader: z, body: body, pool: &gzips}, nil
}

func decodeZlib(body io.ReadCloser) (io.ReadCloser, error) {
	z, _ := zlibs.Get().(io.ReadCloser)
	var err error
	if z == nil {
		z, err = kzlib.NewReader(body)
	} else {
		err = z.(zlib.Resetter).Reset(body, nil)
	}
	if err != nil {
		return nil, err
	}
	return &pooled[io.ReadCloser]{reader: z, body: body, pool: &zlibs}, nil
}

func decodeZstd(body io.ReadCloser) (io.ReadCloser, error) {
	z, _ := zstds.Get().(*zstd.Decoder)
	var err error
	if z == nil {
		z, err = zstd.NewReader(body, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow), zstd.WithDecoderLowmem(true))
	} else {
		err = z.Reset(body)
	}
	if err != nil {
		return nil, err
	}
	return &pooled[*zstd.Decoder]{reader: z, body: body, pool: &zstds}, nil
}

func decodeBrotli(body io.ReadCloser) (io.ReadCloser, error) {
	z, _ := brotlis.Get().(*brotli.Reader)
	if z == nil {
		z = brotli.NewReader(body)
	} else if err := z.Reset(body); err != nil {
		return nil, err
	}
	return &pooled[*brotli.Reader]{reader: z, body: body, pool: &brotlis}, nil
}

var (
	errThrottled = errors.New("no memory left for another request")
	errTooLarge  = errors.New("request body is too large")
)

// smallBody is the size of the buffers that bodies are read into, which most fit.
const smallBody = 16 << 10

var buffers = sync.Pool{New: func() any { return new([smallBody]byte) }}

// readBody reads a request's body, whose memory it takes from the budget; taken is what the caller
// gives back, also after an error. The result is not used again: strings will point into it. A small one is
// read into a buffer that is used again and copied: it is exactly as long as it must be, and nothing has
// to be cleared for it.
func readBody(r *http.Request, memory *budget, limit int64) (body []byte, taken int64, err error) {
	size := int64(smallBody)
	if n := r.ContentLength; n >= 0 {
		if n > limit {
			return nil, 0, errTooLarge
		}
		size = max(size, min(n+1, 1<<20)) // one more, to see the end; a client may promise more than it sends
	}
	if !memory.take(size) {
		return nil, 0, errThrottled
	}
	taken = size
	if size == smallBody {
		buffer := buffers.Get().(*[smallBody]byte)
		defer buffers.Put(buffer)
		body = buffer[:0]
	} else {
		body = make([]byte, 0, size)
	}
	for {
		n, err := r.Body.Read(body[len(body):cap(body)])
		body = body[:len(body)+n]
		if err != nil {
			var tooLarge *http.MaxBytesError
			switch {
			case !errors.Is(err, io.EOF):
				if errors.As(err, &tooLarge) {
					err = errTooLarge
				}
				return nil, taken, err
			case cap(body) > smallBody:
				return slices.Clip(body), taken, nil
			}
			memory.give(taken - int64(len(body)))
			return bytes.Clone(body), int64(len(body)), nil
		}
		if len(body) < cap(body) {
			continue
		}
		if int64(len(body)) > limit {
			return nil, taken, errTooLarge
		}
		grown := min(2*int64(cap(body)), limit+1)
		if !memory.take(grown - int64(cap(body))) {
			return nil, taken, errThrottled
		}
		taken += grown - int64(cap(body))
		next := make([]byte, len(body), grown)
		copy(next, body)
		body = next
	}
}

// unpackStore undoes what old SDKs do to an event: base64 around zlib around JSON.
func unpackStore(body []byte, limit int64) ([]byte, error) {
	body = bytes.TrimSpace(body)
	if len(body) == 0 || body[0] == '{' {
		return body, nil
	}
	raw := make([]byte, base64.StdEncoding.DecodedLen(len(body)))
	n, err := base64.StdEncoding.Decode(raw, body)
	if err != nil {
		return nil, err
	}
	raw = raw[:n]
	if len(raw) > 0 && raw[0] == '{' {
		return raw, nil
	}
	z, err := kzlib.NewReader(bytes.NewReader(raw))
	if err != nil {
		return nil, err
	}
	out, err := io.ReadAll(io.LimitReader(z, limit+1))
	if err != nil {
		return nil, err
	}
	if int64(len(out)) > limit {
		return nil, errTooLarge
	}
	return out, z.Close()
}
