package lumberjack

import (
	"bytes"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"strings"
	"testing"

	"github.com/klauspost/compress/zlib"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

var testLimits = Limits{EventBytes: 1 << 10, WindowBytes: 64 << 10}

func u32(n int) []byte { return binary.BigEndian.AppendUint32(nil, uint32(n)) }

func frame(head string, parts ...[]byte) []byte {
	return append([]byte(head), bytes.Join(parts, nil)...)
}

func window(n int) []byte { return frame("2W", u32(n)) }

func jsonFrame(sequence int, text string) []byte {
	return frame("2J", u32(sequence), u32(len(text)), []byte(text))
}

func dataFrame(sequence int, pairs ...string) []byte {
	out := frame("1D", u32(sequence), u32(len(pairs)/2))
	for _, p := range pairs {
		out = append(append(out, u32(len(p))...), p...)
	}
	return out
}

func deflated(payload []byte) []byte {
	var out bytes.Buffer
	w := zlib.NewWriter(&out)
	_, _ = w.Write(payload)
	_ = w.Close()
	return out.Bytes()
}

func compressedFrame(frames ...[]byte) []byte {
	z := deflated(bytes.Join(frames, nil))
	return frame("2C", u32(len(z)), z)
}

func join(frames ...[]byte) []byte { return bytes.Join(frames, nil) }

// readAll reads all windows of a connection, large ones in parts.
func readAll(in io.Reader, m *Memory) (out []Window, _ error) {
	var r *Reader
	r = NewReader(in, testLimits, m, func(w *Window) error {
		out = append(out, *w)
		r.Release(w)
		return nil
	})
	for {
		h, err := r.ReadHeader()
		if errors.Is(err, io.EOF) {
			return out, nil
		}
		if err != nil {
			return out, err
		}
		w, err := r.ReadWindow(h)
		if err != nil {
			return out, err
		}
		kept := *w
		r.Release(w)
		out = append(out, kept)
	}
}

func TestReadWindow(t *testing.T) {
	f := func(name string, in []byte, want ...[]string) {
		t.Helper()
		t.Run(name, func(t *testing.T) {
			memory := NewMemory(1 << 20)
			windows, err := readAll(iotestOneByte{bytes.NewReader(in)}, memory)
			require.NoError(t, err)
			var got [][]string
			for _, w := range windows {
				var events []string
				for _, e := range w.Events {
					events = append(events, string(e))
				}
				got = append(got, events)
			}
			assert.Equal(t, want, got)
			assert.Zero(t, memory.Used())
		})
	}
	f("nothing", nil)
	f("plain", join(window(2), jsonFrame(1, `{"a":1}`), jsonFrame(2, `{}`)), []string{`{"a":1}`, `{}`})
	f("compressed", join(window(2), compressedFrame(jsonFrame(1, `{"a":1}`), jsonFrame(2, `{}`))), []string{`{"a":1}`, `{}`})
	f("several compressed frames and a plain one", join(window(3), compressedFrame(jsonFrame(1, `1`)), compressedFrame(jsonFrame(2, `2`)), jsonFrame(3, `3`)), []string{`1`, `2`, `3`})
	f("two windows", join(window(1), jsonFrame(1, `1`), window(1), jsonFrame(1, `2`)), []string{`1`}, []string{`2`})
	f("fewer events than promised", join(window(9), jsonFrame(1, `1`), window(1), jsonFrame(1, `2`)), []string{`1`}, []string{`2`})
	f("version 1", join([]byte("1W\x00\x00\x00\x01"), dataFrame(1, "line", "x \xff", "host", "h")), []string{`{"host":"h","line":"x \ufffd"}`})
	f("the Ruby client sends JSON as version 1", join([]byte("1W\x00\x00\x00\x01"), frame("1C", compressedFrame(frame("1J", jsonFrame(7, `{}`)[2:]))[2:])), []string{`{}`})
	f("versions are mixed", join([]byte("1W\x00\x00\x00\x01"), compressedFrame(jsonFrame(7, `{}`))), []string{`{}`})
	f("a payload over several blocks", join(window(1), jsonFrame(1, strings.Repeat("x", 1000))), []string{strings.Repeat("x", 1000)})
	f("a larger event is skipped", join(window(2), jsonFrame(1, strings.Repeat("x", 1025)), jsonFrame(2, `{}`)), []string{`{}`})
	f("a larger event of version 1 is skipped", join(window(2), dataFrame(1, "line", strings.Repeat("x", 1025), "host", "h"), jsonFrame(2, `{}`)), []string{`{}`})
}

func TestSequence(t *testing.T) {
	f := func(in []byte, want uint32, tooLarge int) {
		t.Helper()
		windows, err := readAll(bytes.NewReader(in), NewMemory(1<<20))
		require.NoError(t, err)
		require.Len(t, windows, 1)
		assert.Equal(t, want, windows[0].Sequence)
		assert.Equal(t, tooLarge, windows[0].TooLarge)
	}
	f(join(window(2), jsonFrame(1, `1`), jsonFrame(2, `2`)), 2, 0)
	f(join(window(2), jsonFrame(101, `1`), jsonFrame(102, `2`)), 102, 0) // some clients count on over windows
	f(join(window(2), jsonFrame(0, `1`), jsonFrame(0, `2`)), 2, 0)       // and some do not count
	f(join(window(1), jsonFrame(1, strings.Repeat("x", 2000))), 1, 1)
	f(join(window(1), compressedFrame(jsonFrame(1, strings.Repeat(" ", 1<<20)))), 1, 1)
}

func TestReadWindowFailure(t *testing.T) {
	f := func(name string, in []byte, want error) {
		t.Helper()
		t.Run(name, func(t *testing.T) {
			memory := NewMemory(4 << 20)
			_, err := readAll(bytes.NewReader(in), memory)
			require.ErrorIs(t, err, want)
			assert.Zero(t, memory.Used())
		})
	}
	f("HTTP", []byte("GET / HTTP/1.1\r\n\r\n"), ErrProtocol)
	f("TLS", []byte("\x16\x03\x01\x02\x00\x01\x00"), ErrProtocol)
	f("no window", jsonFrame(1, `1`), ErrProtocol)
	f("unknown type", join(window(1), []byte("2X")), ErrProtocol)
	f("other version", join(window(1), []byte("3J\x00\x00\x00\x01\x00\x00\x00\x00")), ErrProtocol)
	f("compressed in compressed", join(window(1), compressedFrame(compressedFrame(jsonFrame(1, `1`)))), ErrProtocol)
	f("window in compressed", join(window(2), compressedFrame(jsonFrame(1, `1`), window(1))), ErrProtocol)
	f("more events than promised", join(window(1), compressedFrame(jsonFrame(1, `1`), jsonFrame(2, `2`))), ErrProtocol)
	f("not compressed", join(window(1), frame("2C", u32(4), []byte("abcd"))), ErrProtocol)
	f("broken compression", join(window(1), frame("2C", u32(6), []byte("\x78\x9c\xff\xff\xff\xff"))), ErrProtocol)
	f("compressed frame that is cut off", join(window(1), frame("2C", u32(10), deflated(jsonFrame(1, `{"a":1}`))[:10])), ErrProtocol)
	checksum := deflated(jsonFrame(1, `{}`))
	checksum[len(checksum)-1]++
	f("checksum", join(window(1), frame("2C", u32(len(checksum)), checksum)), ErrProtocol)
	f("too many fields", join(window(1), frame("1D", u32(1), u32(maxPairs+1))), ErrProtocol)
	f("window that ends", join(window(2), jsonFrame(1, `1`)), io.ErrUnexpectedEOF)
	f("compressed frame that ends", join(window(1), compressedFrame(jsonFrame(1, `1`))[:12]), io.ErrUnexpectedEOF)
	f("claimed length", join(window(1), frame("2J", u32(1), u32(1<<31))), ErrProtocol)
	f("claimed compressed length", join(window(1), frame("2C", u32(1<<31))), ErrProtocol)
	f("claimed length of a field", join(window(1), frame("1D", u32(1), u32(1), u32(1<<31))), ErrProtocol)
	f("length that is not reached", join(window(1), frame("2J", u32(1), u32(1<<29))), io.ErrUnexpectedEOF)
	bomb := join(window(1<<20), compressedFrame(bytes.Repeat(jsonFrame(1, `{}`), 100_000)))
	require.Less(t, len(bomb), 8<<10)
	f("bomb of small events", bomb, io.ErrUnexpectedEOF)
}

// A window that is larger than what may be held comes in parts, however it is packed.
func TestParts(t *testing.T) {
	const n = 300
	event := func(i int) string { return strings.Repeat(string(rune('a'+i%26)), 500) }
	var plain, data [][]byte
	for i := range n {
		plain = append(plain, jsonFrame(i+1, event(i)))
		data = append(data, dataFrame(i+1, "line", event(i)))
	}
	for name, in := range map[string][]byte{
		"plain": join(window(n), join(plain...)), "compressed": join(window(n), compressedFrame(plain...)),
		"several":   join(window(n), compressedFrame(plain[:n/2]...), compressedFrame(plain[n/2:]...)),
		"version 1": join([]byte("1W"), u32(n), join(data...)),
	} {
		t.Run(name, func(t *testing.T) {
			memory, at := NewMemory(1<<20), 0
			var r *Reader
			look := func(w *Window) error {
				for _, e := range w.Events {
					require.Contains(t, string(e), event(at))
					at++
				}
				require.EqualValues(t, at, w.Sequence)
				require.Less(t, memory.Used(), 3*testLimits.WindowBytes)
				r.Release(w)
				return nil
			}
			parts := 0
			r = NewReader(bytes.NewReader(in), testLimits, memory, func(w *Window) error { parts++; return look(w) })
			h, err := r.ReadHeader()
			require.NoError(t, err)
			w, err := r.ReadWindow(h)
			require.NoError(t, err)
			require.NoError(t, look(w))
			require.Equal(t, n, at)
			require.Greater(t, parts, 1)
			require.Zero(t, memory.Used())

			// What a part is refused for ends the window, and is not taken for an error of the input.
			refused := fmt.Errorf("full: %w", io.EOF)
			r = NewReader(bytes.NewReader(in), testLimits, memory, func(w *Window) error { r.Release(w); return refused })
			h, err = r.ReadHeader()
			require.NoError(t, err)
			_, err = r.ReadWindow(h)
			require.Equal(t, refused, err)
			require.Zero(t, memory.Used())
		})
	}
}

// The claim of a length allocates nothing; what came is paid for.
func TestMemory(t *testing.T) {
	memory := NewMemory(8 << 10)
	_, err := readAll(bytes.NewReader(join(window(20), bytes.Repeat(jsonFrame(1, strings.Repeat("x", 1000)), 20))), memory)
	require.ErrorIs(t, err, ErrMemory)
	assert.Zero(t, memory.Used())

	require.NoError(t, memory.take(5<<10))
	done := make(chan error)
	go func() { done <- memory.wait(t.Context()) }()
	memory.give(1 << 10)
	require.NoError(t, <-done)
}

// iotestOneByte gives one byte for each call.
type iotestOneByte struct{ io.Reader }

func (r iotestOneByte) Read(p []byte) (int, error) {
	if len(p) > 1 {
		p = p[:1]
	}
	return r.Reader.Read(p)
}
