package lokiexporter

import (
	"fmt"
	"testing"
	"time"

	"github.com/klauspost/compress/snappy"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/exporter/exportertest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otel-culprit/culprit/exporter/lokiexporter/internal/metadata"
)

// ordinaryLogs are records of one service as an SDK sends them.
func ordinaryLogs(n int) plog.Logs {
	ld := plog.NewLogs()
	rl := ld.ResourceLogs().AppendEmpty()
	for _, a := range [][2]string{
		{"service.name", "checkout"}, {"service.version", "2026.11.3"}, {"service.instance.id", "checkout-7d9f8b6c5-x2k4z"},
		{"deployment.environment.name", "production"}, {"telemetry.sdk.language", "java"}, {"telemetry.sdk.name", "opentelemetry"},
		{"host.name", "node-17"}, {"k8s.namespace.name", "shop"}, {"k8s.pod.name", "checkout-7d9f8b6c5-x2k4z"},
	} {
		rl.Resource().Attributes().PutStr(a[0], a[1])
	}
	sl := rl.ScopeLogs().AppendEmpty()
	sl.Scope().SetName("com.acme.shop.orders.OrderService")
	for i := range n {
		lr := sl.LogRecords().AppendEmpty()
		lr.SetTimestamp(pcommon.NewTimestampFromTime(time.Unix(1_700_000_000, int64(i)*1000)))
		lr.SetSeverityNumber(plog.SeverityNumberInfo)
		lr.SetSeverityText("INFO")
		lr.SetTraceID(pcommon.TraceID{1, 14: byte(i >> 8), 15: byte(i)})
		lr.SetSpanID(pcommon.SpanID{1, 6: byte(i >> 8), 7: byte(i)})
		lr.Body().SetStr(fmt.Sprintf("order %d was paid with %d items in %d ms", i*7919, i%9, i%900))
		lr.Attributes().PutStr("thread.name", fmt.Sprintf("http-nio-8080-exec-%d", i%32))
		lr.Attributes().PutStr("code.function.name", "com.acme.shop.orders.OrderService.place")
		lr.Attributes().PutInt("thread.id", int64(i%64))
		lr.Attributes().PutStr("http.route", "/api/v2/orders/{id}")
	}
	return ld
}

// BenchmarkEncode makes the body of a push of 512 records: all that the exporter does beside sending it. One
// operation is one record; bytes are those of OTLP.
func BenchmarkEncode(b *testing.B) {
	const records = 512
	e, err := newExporter(createDefaultConfig().(*Config), exportertest.NewNopSettings(metadata.Type))
	require.NoError(b, err)
	ld := ordinaryLogs(records)
	b.SetBytes(int64((&plog.ProtoMarshaler{}).LogsSize(ld) / records))
	b.ReportAllocs()
	for n := 0; b.Loop(); n++ {
		if n%records != 0 {
			continue
		}
		for _, r := range e.requests(ld) {
			raw, err := r.message().Marshal()
			if err != nil {
				b.Fatal(err)
			}
			snappy.Encode(nil, raw)
		}
	}
}
