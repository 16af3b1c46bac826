package eventlog

import (
	"testing"

	"go.opentelemetry.io/collector/pdata/plog"
)

// FuzzRead reads events of any shape; what it reads it must be able to write and read again.
func FuzzRead(f *testing.F) {
	// Short seeds: long ones are minimised for ever.
	f.Add([]byte(`{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"attributes":[{"key":"issue.id","value":{"stringValue":"a"}}]}]}]}]}`))
	f.Add([]byte(`{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"eventName":"issue.milestone","traceId":"01","attributes":[{"key":"issue.id","value":{"intValue":7}}],` +
		`"body":{"kvlistValue":{"values":[{"key":"exceptions","value":{"arrayValue":{"values":[{"kvlistValue":{}}]}}}]}}}]}]}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		ld, err := (&plog.JSONUnmarshaler{}).UnmarshalLogs(text)
		if err != nil {
			return
		}
		for _, rl := range ld.ResourceLogs().All() {
			for _, sl := range rl.ScopeLogs().All() {
				for _, lr := range sl.LogRecords().All() {
					n, ok := Read(rl.Resource(), lr)
					if !ok {
						continue
					}
					_, res, again := record()
					Write(n, res, again)
					second, ok := Read(res, again)
					if !ok || second.Issue.ID != n.Issue.ID || second.Event.ID != n.Event.ID || second.Name != n.Name {
						t.Fatalf("read %+v after writing %+v", second, n)
					}
				}
			}
		}
	})
}
