package fluent

import (
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"math"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/zstd"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"
)

var limits = Limits{Record: 1 << 20, Message: 8 << 20}

// bin is a text of any length.
func bin(text string) string {
	n := len(text)
	return "\xc6" + string([]byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)}) + text
}

const (
	tag       = "\xa8kube.app"
	eventTime = "\xd7\x00\x65\x00\x00\x00\x00\x00\x00\x05" // 1694498816.000000005
	entry     = "\x92" + eventTime + "\x82\xa3log\xa4boom\xa1n\x07"
)

func zipped(text string) string {
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, _ = io.WriteString(w, text)
	_ = w.Close()
	return b.String()
}

func zstandard(text string) string {
	w, _ := zstd.NewWriter(nil)
	return string(w.EncodeAll([]byte(text), nil))
}

// all reads every message; the memory must be free afterwards.
func all(t testing.TB, in io.Reader, memory *Memory) (records []plog.LogRecord, chunks []string, err error) {
	t.Helper()
	before := memory.left.Load()
	r := NewReader(in, limits, memory, func(l plog.Logs) error {
		list := l.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords()
		for i := range list.Len() {
			records = append(records, list.At(i))
		}
		return nil
	})
	for err == nil {
		if err = r.Wait(); err != nil {
			break
		}
		var chunk string
		chunk, err = r.ReadMessage()
		chunks = append(chunks, chunk)
	}
	r.Close()
	require.Equal(t, before, memory.left.Load(), "memory is given back")
	return records, chunks, err
}

func TestModes(t *testing.T) {
	const options = "\x82\xa4size\x01\xa5chunk\xa2c1"
	f := func(name, message string, want int, chunk string) {
		t.Helper()
		// By bytes, so that nothing is there at once; and twice, so that the end of the first is known.
		for _, in := range []io.Reader{strings.NewReader(message + message), onebyte{strings.NewReader(message + message)}} {
			records, chunks, err := all(t, in, NewMemory(1<<30))
			require.ErrorIs(t, err, io.EOF, name)
			require.Len(t, records, 2*want, name)
			assert.Equal(t, []string{chunk, chunk}, chunks, name)
			for _, r := range records {
				assert.Equal(t, map[string]any{"n": int64(7), TagKey: "kube.app"}, r.Attributes().AsRaw(), name)
				assert.Equal(t, "boom", r.Body().Str(), name)
				assert.Equal(t, time.Unix(0x65000000, 5).UTC(), r.Timestamp().AsTime(), name)
			}
		}
	}
	f("message", "\x93"+tag+entry[1:], 1, "")
	f("message with options", "\x94"+tag+entry[1:]+options, 1, "c1")
	f("forward", "\x92"+tag+"\x93"+strings.Repeat(entry, 3), 3, "")
	f("forward with options", "\x93"+tag+"\xdc\x00\x03"+strings.Repeat(entry, 3)+options, 3, "c1")
	f("forward with metadata", "\x93"+tag+"\x91\x92\x92"+eventTime+"\x81\xa1a\x91\x01"+entry[11:]+options, 1, "c1")
	f("packed", "\x93"+tag+bin(strings.Repeat(entry, 4))+options, 4, "c1")
	f("packed, empty", "\x93"+tag+"\xa0"+options, 0, "c1")
	f("gzip", "\x93"+tag+bin(zipped(strings.Repeat(entry, 4)))+options, 4, "c1")
	f("gzip of two members", "\x93"+tag+bin(zipped(entry)+zipped(entry))+options, 2, "c1")
	f("zstd", "\x93"+tag+bin(zstandard(strings.Repeat(entry, 4)))+options, 4, "c1")
}

// onebyte reads a byte at a time.
type onebyte struct{ io.Reader }

func (o onebyte) Read(p []byte) (int, error) { return o.Reader.Read(p[:min(1, len(p))]) }

func TestValues(t *testing.T) {
	f := func(encoded string, want any) {
		t.Helper()
		records, _, err := all(t, strings.NewReader("\x93"+tag+"\x01\x81\xa1v"+encoded), NewMemory(1<<30))
		require.ErrorIs(t, err, io.EOF)
		assert.Equal(t, want, records[0].Attributes().AsRaw()["v"], "% x", encoded)
	}
	f("\xc0", nil)
	f("\xc2", false)
	f("\xc3", true)
	f("\x7f", int64(127))
	f("\xe0", int64(-32))
	f("\xcc\xff", int64(255))
	f("\xcd\xff\xff", int64(65535))
	f("\xce\xff\xff\xff\xff", int64(math.MaxUint32))
	f("\xcf\x7f\xff\xff\xff\xff\xff\xff\xff", int64(math.MaxInt64))
	f("\xcf\xff\xff\xff\xff\xff\xff\xff\xff", "18446744073709551615")
	f("\xd0\x80", int64(-128))
	f("\xd1\x80\x00", int64(-32768))
	f("\xd2\x80\x00\x00\x00", int64(math.MinInt32))
	f("\xd3\x80\x00\x00\x00\x00\x00\x00\x00", int64(math.MinInt64))
	f("\xca\x3f\xc0\x00\x00", 1.5)
	f("\xcb\x3f\xf8\x00\x00\x00\x00\x00\x00", 1.5)
	f("\xd9\x01x", "x")
	f("\xda\x00\x01x", "x")
	f("\xdb\x00\x00\x00\x01x", "x")
	f("\xc4\x01\xff", "\xff")
	f("\xc5\x00\x01x", "x")
	f("\x92\x01\xa1x", []any{int64(1), "x"})
	f("\xdd\x00\x00\x00\x01\x90", []any{[]any{}})
	f("\x81\xa1a\x81\xa1b\xc0", map[string]any{"a": map[string]any{"b": nil}})
	f("\xde\x00\x01\xa1a\x01", map[string]any{"a": int64(1)})
}

// What a client promises and does not send takes nothing; what it sends is bounded.
func TestAttacks(t *testing.T) {
	const head = "\x93" + tag + "\x01\x81\xa1v"
	f := func(name, in string, want error) []plog.LogRecord {
		t.Helper()
		records, _, err := all(t, strings.NewReader(in), NewMemory(1<<30))
		assert.ErrorIs(t, err, want, name)
		return records
	}
	for name, in := range map[string]string{
		"entries": "\x92" + tag + "\xdd\xff\xff\xff\xff", "packed": "\x92" + tag + "\xdb\xff\xff\xff\xff", "options": "\x94" + tag + "\x01\x80\xdf\xff\xff\xff\xff",
		"text": head + "\xdb\xff\xff\xff\xff", "binary": head + "\xc6\xff\xff\xff\xff", "list": head + "\xdd\xff\xff\xff\xff", "map": head + "\xdf\xff\xff\xff\xff",
		"ext": head + "\xc9\xff\xff\xff\xff\x01", "record": "\x93" + tag + "\x01\xdf\xff\xff\xff\xff",
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		f(name, in, io.ErrUnexpectedEOF)
		runtime.ReadMemStats(&after)
		assert.Less(t, after.TotalAlloc-before.TotalAlloc, uint64(4<<20), name)
	}
	f("tag", "\x92\xdb\xff\xff\xff\xff", ErrProtocol)
	f("no message", "GET / HTTP/1.1\r\n\r\n", ErrProtocol)
	f("never used", head+"\xc1", ErrProtocol)
	f("broken gzip", "\x92"+tag+bin("\x1f\x8b\x08\x00"), io.ErrUnexpectedEOF)
	f("bomb", "\x92"+tag+bin(zipped(strings.Repeat(entry, 1<<20))), ErrTooLarge)
	f("bomb of zstd", "\x92"+tag+bin(zstandard(strings.Repeat(entry, 1<<20))), ErrTooLarge)
	f("bomb of one list", "\x92"+tag+bin(zipped("\x92\x01\x81\xa1v\xdd\xff\xff\xff\xff"+strings.Repeat("\x01", 16<<20))), ErrTooLarge)

	records := f("levels", head+strings.Repeat("\x91", 5<<20)+"\x01", io.EOF)
	assert.EqualValues(t, 1, records[0].DroppedAttributesCount())
	records = f("members", "\x93"+tag+"\x01\xde\x27\x10"+strings.Repeat("\xa1k\x01", 5000)+strings.Repeat("\xa1l\x01", 5000), io.EOF)
	assert.Equal(t, 3, records[0].Attributes().Len())
	records = f("large", head+bin(strings.Repeat("x", 2<<20)), io.EOF)
	assert.EqualValues(t, 1, records[0].DroppedAttributesCount())
	records = f("many values", head+"\xdd\x00\x10\x00\x00"+strings.Repeat("\x01", 1<<20), io.EOF)
	list, _ := records[0].Attributes().Get("v")
	assert.InDelta(t, int(limits.Record)/valueBytes, list.Slice().Len(), 10, "as many as have room")
}

// All connections share one memory: who needs more is cut off.
func TestMemory(t *testing.T) {
	big := "\x93" + tag + "\x01\x81\xa1v" + bin(strings.Repeat("x", 500_000))
	_, _, err := all(t, strings.NewReader(big), NewMemory(400_000))
	require.ErrorIs(t, err, ErrMemory)
	records, _, err := all(t, strings.NewReader(strings.Repeat(big, 20)), NewMemory(600_000))
	require.ErrorIs(t, err, io.EOF)
	assert.Len(t, records, 20)
}

// Small messages are handed over together, as far as they have come, also when what follows is broken.
func TestTogether(t *testing.T) {
	f := func(behind string, want error) {
		t.Helper()
		var parts []int
		r := NewReader(strings.NewReader(strings.Repeat("\x93"+tag+entry[1:], 100)+behind), limits, NewMemory(64<<20), func(l plog.Logs) error {
			parts = append(parts, l.LogRecordCount())
			return nil
		})
		defer r.Close()
		err := r.Wait()
		for err == nil {
			if _, err = r.ReadMessage(); err == nil {
				err = r.Wait()
			}
		}
		require.ErrorIs(t, err, want)
		assert.Equal(t, []int{100}, parts)
	}
	f("", io.EOF)
	f("broken", ErrProtocol)
	f("\x93", io.ErrUnexpectedEOF)
}

// What the pipeline refuses ends the reading.
func TestRefused(t *testing.T) {
	refused := errors.New("no")
	parts := 0
	r := NewReader(strings.NewReader("\x92"+tag+"\xdd\x00\x00\x75\x30"+strings.Repeat(entry, 30_000)), limits, NewMemory(64<<20), func(l plog.Logs) error {
		if parts++; parts == 2 {
			return refused
		}
		return nil
	})
	defer r.Close()
	_, err := r.ReadMessage()
	require.ErrorIs(t, err, refused)
	assert.Equal(t, 2, parts)
}
