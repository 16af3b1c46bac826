package nesting

import (
	"fmt"
	"strings"
	"testing"

	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
)

// BenchmarkCheck against the decoder, which reads the same bytes after it: 1,000 ordinary records.
func BenchmarkCheck(b *testing.B) {
	logs := plog.NewLogs()
	rl := logs.ResourceLogs().AppendEmpty()
	rl.Resource().Attributes().PutStr("service.name", "checkout")
	records := rl.ScopeLogs().AppendEmpty().LogRecords()
	for i := range 1000 {
		lr := records.AppendEmpty()
		lr.Body().SetStr(fmt.Sprintf("charged account %d in shop %d", i, i%7))
		for j := range 12 {
			lr.Attributes().PutStr(fmt.Sprintf("http.request.header.%d", j), strings.Repeat("v", 40))
		}
	}
	r := plogotlp.NewExportRequestFromLogs(logs)
	raw, err := r.MarshalProto()
	if err != nil {
		b.Fatal(err)
	}
	text, err := r.MarshalJSON()
	if err != nil {
		b.Fatal(err)
	}
	run := func(name string, bytes []byte, f func() error) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(bytes)))
			b.ReportAllocs()
			for b.Loop() {
				if err := f(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
	run("protobuf/check", raw, func() error { return feed(Protobuf(Logs), raw, 32<<10) })
	run("protobuf/decode", raw, func() error { return plogotlp.NewExportRequest().UnmarshalProto(raw) })
	run("json/check", text, func() error { return feed(JSON(), text, 32<<10) })
	run("json/decode", text, func() error { return plogotlp.NewExportRequest().UnmarshalJSON(text) })
}
