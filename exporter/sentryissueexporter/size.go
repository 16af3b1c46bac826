package sentryissueexporter

import (
	"io"
	"strings"

	"github.com/klauspost/compress/gzip"
	"github.com/klauspost/compress/zlib"
	"github.com/klauspost/compress/zstd"
	"go.opentelemetry.io/collector/config/configcompression"
)

// compressedSize returns a function that tells how many bytes a payload has after compression; nil
// where nothing is compressed. Only events near the limit are measured.
func compressedSize(t configcompression.Type) func([]byte) int {
	switch t {
	case configcompression.TypeGzip:
		return func(b []byte) int { return written(b, func(w io.Writer) io.WriteCloser { return gzip.NewWriter(w) }) }
	case configcompression.TypeDeflate:
		return func(b []byte) int { return written(b, func(w io.Writer) io.WriteCloser { return zlib.NewWriter(w) }) }
	case configcompression.TypeZstd:
		return func(b []byte) int {
			return written(b, func(w io.Writer) io.WriteCloser {
				z, err := zstd.NewWriter(w, zstd.WithEncoderConcurrency(1))
				if err != nil { // only for invalid options
					return nopCloser{w}
				}
				return z
			})
		}
	default:
		return nil
	}
}

func written(b []byte, compress func(io.Writer) io.WriteCloser) int {
	var n counter
	w := compress(&n)
	_, err := w.Write(b)
	if closeErr := w.Close(); err != nil || closeErr != nil {
		return len(b)
	}
	return int(n)
}

type counter int

func (c *counter) Write(b []byte) (int, error) {
	*c += counter(len(b))
	return len(b), nil
}

type nopCloser struct{ io.Writer }

func (nopCloser) Close() error { return nil }

// token makes a name fit for a header field: no blanks, commas or control characters.
func token(s string) string {
	s = strings.Map(func(r rune) rune {
		if r <= ' ' || r >= 0x7f || strings.ContainsRune(`,="/`, r) {
			return '-'
		}
		return r
	}, s)
	if s == "" {
		return "unknown"
	}
	return s
}
