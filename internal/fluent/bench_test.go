package fluent

import (
	"strings"
	"testing"

	"go.opentelemetry.io/collector/pdata/plog"
)

// BenchmarkForward reads messages of 100 records, plain and compressed.
func BenchmarkForward(b *testing.B) {
	record := "\x92" + eventTime + "\x83\xa3log\xd9\x50" + strings.Repeat("x", 0x50) + "\xa6stream\xa6stderr\xaakubernetes\x82\xa8pod_name\xa5app-1\xaecontainer_name\xa4main"
	plain := strings.Repeat(record, 100)
	for name, message := range map[string]string{"plain": "\x92" + tag + bin(plain), "gzip": "\x92" + tag + bin(zipped(plain))} {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(plain)))
			b.ReportAllocs()
			in := strings.NewReader("")
			r := NewReader(in, limits, NewMemory(64<<20), func(plog.Logs) error { return nil })
			for b.Loop() {
				in.Reset(message)
				if _, err := r.ReadMessage(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
