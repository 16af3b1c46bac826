package record

import (
	"testing"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
)

// BenchmarkLog is the cost of a record that is no error, and of finding the parts of one that is.
func BenchmarkLog(b *testing.B) {
	res := NewResource(pcommon.NewResource())
	scope := pcommon.NewInstrumentationScope()
	f := func(name string, lr plog.LogRecord) {
		b.Run(name, func(b *testing.B) {
			b.SetBytes(int64(len(lr.Body().AsString())))
			b.ReportAllocs()
			var got Failure
			for b.Loop() {
				errorRules.Log(&res, scope, lr, &got)
			}
		})
	}
	record := func(body string, attrs map[string]string) plog.LogRecord {
		lr := plog.NewLogRecord()
		lr.SetSeverityNumber(plog.SeverityNumberInfo)
		lr.Body().SetStr(body)
		for k, v := range attrs {
			lr.Attributes().PutStr(k, v)
		}
		return lr
	}
	attrs := map[string]string{
		"http.route": "/cart/{id}", "http.request.method": "GET", "user.hash": "ab12", "thread.name": "main", "code.function.name": "cart",
		"url.path": "/cart/7", "server.address": "shop", "client.address": "10.0.0.1", "session.id": "s1", "log.iostream": "stdout",
	}
	f("clean/text", record("user 7 has put 3 items into cart 9 of shop eu-1 in 12 ms", attrs))
	f("clean/json", record(`{"ts":1700000000.1,"level":"info","logger":"shop","msg":"user 7 has put 3 items into the cart","caller":"cart.go:7","took":12.5}`, attrs))
	f("clean/lines", record("the cart:\n  - 3 apples\n  - 4 pears at 2.50\n  - 1 melon\n", attrs))
	f("error/body", record(pythonStack, attrs))
}
