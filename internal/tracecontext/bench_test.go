package tracecontext

import (
	"fmt"
	"strings"
	"testing"

	"go.opentelemetry.io/collector/pdata/pcommon"
)

const benchID = "4bf92f3577b34da6a3ce929d0e0e4736"

// jsonBody returns a JSON log line of about the given size in bytes, the trace ID at its end.
func jsonBody(size int, id string) string {
	var b strings.Builder
	b.WriteString(`{"timestamp":"2026-11-03T12:34:56.789Z","level":"info","logger":"com.acme.shop.Checkout","thread":"exec-3","http":{"method":"POST","path":"/api/v1/orders/1234","status":201}`)
	for i := 0; b.Len() < size-120; i++ {
		fmt.Fprintf(&b, `,"field_%d":"value %d of the order","amount_%d":%d`, i, i, i, i*7)
	}
	b.WriteString(`,"message":"order was placed"`)
	if id != "" {
		fmt.Fprintf(&b, `,"trace_id":%q,"span_id":"00f067aa0ba902b7"`, id)
	}
	b.WriteByte('}')
	return b.String()
}

func BenchmarkText(b *testing.B) {
	finder := NewFinder(nil, nil)
	text := "2026-11-03 12:34:56.789 INFO 1 --- [nio-8080-exec-3] c.a.shop.Checkout : order 1234 of customer 77 was placed after 31 ms, total=42.50 EUR"
	for _, c := range []struct{ name, body string }{
		{"json/500B", jsonBody(500, benchID)},
		{"json/500B/none", jsonBody(500, "")},
		{"json/5000B", jsonBody(5000, benchID)},
		{"json/5000B/none", jsonBody(5000, "")},
		{"text/500B", strings.Repeat(text+" ", 4)[:440] + " trace_id=" + benchID},
		{"text/500B/none", strings.Repeat(text+" ", 4)[:500]},
		{"logfmt/500B", strings.Repeat(`level=info msg="order placed" amount=42 `, 12)[:450] + " trace_id=" + benchID},
	} {
		b.Run(c.name, func(b *testing.B) {
			var s Scan
			b.SetBytes(int64(len(c.body)))
			b.ReportAllocs()
			for b.Loop() {
				s.Reset()
				finder.Text(c.body, &s)
				if _, ok := s.Result(); ok == strings.HasSuffix(c.name, "none") {
					b.Fatal("not found, or found where there is none")
				}
			}
		})
	}
}

func BenchmarkAttributes(b *testing.B) {
	finder := NewFinder(nil, nil)
	m := pcommon.NewMap()
	for _, k := range []string{"http.request.method", "http.route", "url.path", "order.id", "thread.name", "code.function"} {
		m.PutStr(k, "value")
	}
	for _, id := range []string{"", benchID} {
		if id != "" {
			m.PutStr("trace_id", id)
		}
		b.Run(fmt.Sprintf("%d", m.Len()), func(b *testing.B) {
			var s Scan
			b.ReportAllocs()
			for b.Loop() {
				s.Reset()
				finder.Attributes(m, &s)
			}
		})
	}
}

func BenchmarkConvert(b *testing.B) {
	for _, v := range []string{benchID, "5208512171318403364", "00-" + benchID + "-00f067aa0ba902b7-01", "f47ac10b-58cc-4372-a567-0e02b2c3d479"} {
		b.Run(v[:8], func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				Convert(StyleAny, v)
			}
		})
	}
}
