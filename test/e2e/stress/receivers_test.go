package stress

import (
	"bytes"
	"compress/gzip"
	"compress/zlib"
	"encoding/binary"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/net/http2"
	"golang.org/x/net/http2/hpack"

	"github.com/otel-culprit/culprit/test/e2e/harness"
)

// startReceivers is a collector under attack with the receivers of other systems.
func startReceivers(t *testing.T) (v *victim, at map[string]string) {
	t.Helper()
	v, at = &victim{sink: harness.StartSink(t)}, map[string]string{}
	for _, name := range []string{"ZIPKIN", "JAEGER", "JAEGER_COMPACT", "JAEGER_BINARY", "LOKI", "FLUENT", "SYSLOG"} {
		at[name] = harness.Address(t)
	}
	at["SINK"], at["FILES"] = v.sink.URL, filepath.Join(t.TempDir(), "*.log")
	v.Collector, v.self = harness.StartObserved(t, harness.Testdata(t, "receivers.yaml"), at, "")
	return v, at
}

// zeros are so many, compressed: a thousandth of it.
func zeros(t *testing.T, n int64, open func(io.Writer) io.WriteCloser) []byte {
	t.Helper()
	var out bytes.Buffer
	w := open(&out)
	_, err := io.CopyN(w, zero{}, n)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return out.Bytes()
}

type zero struct{}

func (zero) Read(p []byte) (int, error) {
	clear(p)
	return len(p), nil
}

// TestReceivers: what is deep, what is large when it is decompressed, and lengths that are promised, to each receiver.
func TestReceivers(t *testing.T) {
	v, at := startReceivers(t)
	const deep = 3_000_000
	lists, maps := strings.Repeat("[", deep), strings.Repeat(`{"a":`, deep)
	zipkin, jaeger, loki := "http://"+at["ZIPKIN"]+"/api/v2/spans", "http://"+at["JAEGER"]+"/api/traces", "http://"+at["LOKI"]+"/loki/api/v1/push"
	f := func(url, kind, encoding, body string) {
		t.Helper()
		assert.GreaterOrEqual(t, request(t, url, kind, encoding, []byte(body)), 400, url)
	}
	const json, thrift, protobuf = "application/json", "application/x-thrift", "application/x-protobuf"
	t.Run("levels", func(t *testing.T) {
		f(zipkin, json, "", `[{"traceId":"1","id":"1","tags":`+maps)
		f(zipkin, json, "", `[{"x":`+lists)
		f(strings.Replace(zipkin, "v2", "v1", 1), json, "", `[{"x":`+lists)
		f(strings.Replace(zipkin, "v2", "v1", 1), thrift, "", "\x0c\x00\x00\x00\x01"+strings.Repeat("\x0c\x03\xe7", deep))
		f(jaeger, thrift, "", strings.Repeat("\x0c\x03\xe7", deep))
		f(loki, json, "", `{"streams":[{"stream":`+maps)
		f(loki, json, "", `{"streams":`+lists)
		f(loki, json, "", `{"x":`+maps)
		shake(t, at["FLUENT"], []byte("\x93\xa3app\x01\x81\xa1a"+strings.Repeat("\x91", deep)+"\x01"))
		file := filepath.Join(filepath.Dir(at["FILES"]), "deep.log")
		require.NoError(t, os.WriteFile(file, []byte(strings.Repeat(`{"a":`, 100_000)+"1"+strings.Repeat("}", 100_000)+"\n"), 0o600))
		v.works(t)
	})
	t.Run("bombs", func(t *testing.T) {
		const size = 1 << 30
		for encoding, bomb := range map[string][]byte{
			"gzip":    zeros(t, size, func(w io.Writer) io.WriteCloser { z, _ := gzip.NewWriterLevel(w, gzip.BestSpeed); return z }),
			"deflate": zeros(t, size, func(w io.Writer) io.WriteCloser { z, _ := zlib.NewWriterLevel(w, zlib.BestSpeed); return z }),
			"zstd":    zeros(t, size, func(w io.Writer) io.WriteCloser { z, _ := zstd.NewWriter(w); return z }),
		} {
			f(zipkin, json, encoding, string(bomb))
			f(jaeger, thrift, encoding, string(bomb))
			f(loki, json, encoding, string(bomb))
			f(v.OTLPHTTP+"/v1/logs", protobuf, encoding, string(bomb))
			v.works(t)
			if encoding != "deflate" {
				shake(t, at["FLUENT"], append(binary.BigEndian.AppendUint32([]byte("\x92\xa3app\xc6"), uint32(len(bomb))), bomb...))
			}
		}
		// 400 MiB out of 19: a byte, and copies of the 64 before.
		block := append(binary.AppendUvarint(nil, 400<<20), "\x00a"...)
		block = append(block, bytes.Repeat([]byte("\xfe\x01\x00"), 400<<20/64)...)
		f(loki, protobuf, "snappy", string(block))
		f(v.OTLPHTTP+"/v1/logs", protobuf, "snappy", string(block))
		v.works(t)
	})
	t.Run("promises", func(t *testing.T) {
		for _, message := range []string{
			"\x92\xa3app\xdd\xff\xff\xff\xff", "\x92\xa3app\xdb\xff\xff\xff\xff", "\x94\xa3app\x01\x80\xdf\xff\xff\xff\xff", "\x93\xa3app\x01\x81\xa1a\xdd\xff\xff\xff\xff",
		} {
			shake(t, at["FLUENT"], []byte(message))
		}
		f(loki, protobuf, "snappy", "\xff\xff\xff\xff\x07\x00a")
		f(strings.Replace(zipkin, "v2", "v1", 1), thrift, "", "\x0c\x7f\xff\xff\xff\x00")
		f(jaeger, thrift, "", "\x0c\x00\x01\x0b\x00\x01\x00\x00\x00\x01a\x00\x0f\x00\x02\x0c\x7f\xff\xff\xff\x00")
		for _, name := range []string{"JAEGER_COMPACT", "JAEGER_BINARY"} {
			conn, err := net.Dial("udp", at[name])
			require.NoError(t, err)
			for _, packet := range []string{
				"\x82\x21\x01\x09emitBatch" + strings.Repeat("\x1c", 60_000), "\x82\x21\x01\x09emitBatch\x1c\x1c\x18\x01a\x00\x19\xfc\xff\xff\xff\xff\x07",
				"\x80\x01\x00\x04\x00\x00\x00\x09emitBatch\x00\x00\x00\x01" + strings.Repeat("\x0c\x03\xe7", 20_000),
			} {
				_, _ = io.WriteString(conn, packet)
			}
			require.NoError(t, conn.Close())
		}
		v.works(t)
	})
	t.Run("floods", func(t *testing.T) {
		for _, address := range []string{at["ZIPKIN"], at["JAEGER"], at["LOKI"], strings.TrimPrefix(v.OTLPHTTP, "http://"), strings.TrimPrefix(v.Issues, "http://")} {
			r, err := http.NewRequest(http.MethodGet, "http://"+address+"/", nil)
			require.NoError(t, err)
			for i := range 5000 {
				r.Header.Set(fmt.Sprintf("X-%d", i), strings.Repeat("a", 1000))
			}
			if resp, err := http.DefaultTransport.RoundTrip(r); err == nil { // else cut off while it was sent
				resp.Body.Close()
				assert.Equal(t, http.StatusRequestHeaderFieldsTooLarge, resp.StatusCode)
			}
		}
		shake(t, at["SYSLOG"], append([]byte("<14>1 "), bytes.Repeat([]byte("a"), 50<<20)...)) // a line without an end
		v.works(t)
	})
}

// TestRapidReset: requests over HTTP/2 that are taken back at once (CVE-2023-44487) keep nobody else from being served.
func TestRapidReset(t *testing.T) {
	v := startVictim(t)
	for range 2 {
		conn, err := net.Dial("tcp", v.OTLPGRPC)
		require.NoError(t, err)
		t.Cleanup(func() { conn.Close() })
		_, err = io.WriteString(conn, http2.ClientPreface)
		require.NoError(t, err)
		go func() { _, _ = io.Copy(io.Discard, conn) }()
		framer := http2.NewFramer(conn, nil)
		require.NoError(t, framer.WriteSettings())
		var block bytes.Buffer
		for stream := uint32(1); stream < 60_000; stream += 2 {
			block.Reset()
			encoder := hpack.NewEncoder(&block)
			encoder.SetMaxDynamicTableSizeLimit(0)
			for _, h := range [][2]string{
				{":method", "POST"}, {":scheme", "http"}, {":path", "/opentelemetry.proto.collector.logs.v1.LogsService/Export"}, {":authority", "a"},
				{"content-type", "application/grpc"}, {"te", "trailers"},
			} {
				_ = encoder.WriteField(hpack.HeaderField{Name: h[0], Value: h[1], Sensitive: true})
			}
			if framer.WriteHeaders(http2.HeadersFrameParam{StreamID: stream, BlockFragment: block.Bytes(), EndHeaders: true}) != nil ||
				framer.WriteRSTStream(stream, http2.ErrCodeCancel) != nil {
				break // cut off
			}
		}
		v.works(t)
	}
}

// TestStalledReceivers: as TestSlowLoris, on the receivers of other systems.
func TestStalledReceivers(t *testing.T) {
	v, at := startReceivers(t)
	const head, body = "POST / HTTP/1.1\r\nHo", "POST %s HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 1000\r\n\r\n{"
	for name, target := range map[string]struct{ address, piece string }{
		"zipkin head": {at["ZIPKIN"], head}, "zipkin body": {at["ZIPKIN"], fmt.Sprintf(body, "/api/v2/spans")},
		"jaeger head": {at["JAEGER"], head}, "jaeger body": {at["JAEGER"], strings.Replace(fmt.Sprintf(body, "/api/traces"), "application/json", "application/x-thrift", 1)},
		"loki head": {at["LOKI"], head}, "loki body": {at["LOKI"], fmt.Sprintf(body, "/loki/api/v1/push")},
		"fluent": {at["FLUENT"], "\x93\xa3app\x01\x81"}, "fluent idle": {at["FLUENT"], ""},
	} {
		t.Run(name, func(t *testing.T) { v.stall(t, target.address, target.piece) })
	}
	v.works(t)
}
