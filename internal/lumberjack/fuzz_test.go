package lumberjack

import (
	"bytes"
	"testing"
)

// FuzzReader reads anything: nothing may panic, and all memory comes back.
func FuzzReader(f *testing.F) {
	f.Add(join(window(2), jsonFrame(1, `{"a":1}`), jsonFrame(2, `{}`)))
	f.Add(join(window(2), compressedFrame(jsonFrame(1, `{"a":1}`)), jsonFrame(2, `{}`)))
	f.Add(join([]byte("1W\x00\x00\x00\x01"), dataFrame(1, "line", "x", "host", "h")))
	f.Add(join(window(9), jsonFrame(1, `1`), window(1), jsonFrame(1, `2`)))
	f.Add(join(window(1), compressedFrame(compressedFrame(jsonFrame(1, `1`)))))
	f.Fuzz(func(t *testing.T, in []byte) {
		memory := NewMemory(256 << 10)
		windows, _ := readAll(bytes.NewReader(in), memory)
		if memory.Used() != 0 {
			t.Fatalf("%d bytes are still taken", memory.Used())
		}
		size := 0
		for _, w := range windows {
			if len(w.Events)+w.TooLarge == 0 {
				continue
			}
			for _, e := range w.Events {
				size += len(e)
			}
		}
		if max := 2000 * (len(in) + 1); size > max { // deflate's best is about 1,030 to 1
			t.Fatalf("%d bytes out of %d", size, len(in))
		}
	})
}
