package lumberjack

import (
	"bytes"
	"fmt"
	"testing"
)

const benchEvent = `{"@timestamp":"2026-11-22T10:57:18.123Z","@metadata":{"beat":"filebeat","type":"_doc","version":"8.15.0"},` +
	`"host":{"name":"node-1"},"agent":{"type":"filebeat","version":"8.15.0","name":"node-1","id":"c0ffee00-0000-4000-8000-000000000001"},` +
	`"log":{"offset":123456,"file":{"path":"/var/log/shop/checkout.log"}},"input":{"type":"filestream"},"ecs":{"version":"8.0.0"},` +
	`"message":"2026-11-22 10:57:18.123 INFO  [main] com.acme.Checkout order 4711 accepted in 37 ms"}`

// BenchmarkReader reads windows of Filebeat's size.
func BenchmarkReader(b *testing.B) {
	for _, n := range []int{1, 50, 2048} {
		var frames []byte
		for i := range n {
			frames = append(frames, jsonFrame(i+1, benchEvent)...)
		}
		for name, in := range map[string][]byte{"plain": join(window(n), frames), "compressed": join(window(n), compressedFrame(frames))} {
			b.Run(fmt.Sprintf("%s/%d", name, n), func(b *testing.B) {
				memory := NewMemory(64 << 20)
				raw := bytes.NewReader(in)
				r := NewReader(raw, Limits{EventBytes: 10 << 20, WindowBytes: 32 << 20}, memory, nil)
				b.SetBytes(int64(n * len(benchEvent)))
				b.ReportAllocs()
				for b.Loop() {
					raw.Reset(in)
					h, err := r.ReadHeader()
					if err != nil {
						b.Fatal(err)
					}
					w, err := r.ReadWindow(h)
					if err != nil || len(w.Events) != n {
						b.Fatal(err)
					}
					r.Release(w)
				}
			})
		}
	}
}
