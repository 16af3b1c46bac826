package issuesconnector

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/connector/connectortest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otel-culprit/culprit/connector/issuesconnector/internal/metadata"
	"github.com/otel-culprit/culprit/internal/issue/eventlog"
	"github.com/otel-culprit/culprit/internal/rate"
)

// BenchmarkLogs goes through the public factory; one operation is a batch of 100 records.
func BenchmarkLogs(b *testing.B) {
	f := func(name string, cfg *Config, errors bool) {
		b.Run(name, func(b *testing.B) {
			c, err := NewFactory().CreateLogsToLogs(context.Background(), connectortest.NewNopSettings(metadata.Type), cfg, consumertest.NewNop())
			require.NoError(b, err)
			require.NoError(b, c.Start(context.Background(), componenttest.NewNopHost()))
			ld := stamped("aaaaaaaaaaaaaaaa", 0, 100)
			records := ld.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords()
			if !errors {
				for _, lr := range records.All() {
					lr.Attributes().RemoveIf(func(k string, _ pcommon.Value) bool { return k[:6] == "issue." })
				}
			}
			b.SetBytes(int64((&plog.ProtoMarshaler{}).LogsSize(ld)))
			b.ReportAllocs()
			key := []byte("0123456789ab4def8123456789abcdef")
			for b.Loop() {
				if errors {
					for _, lr := range records.All() {
						for i := len(key) - 1; i > 16; i-- { // another occurrence
							if key[i]++; key[i] == '9'+1 {
								key[i] = 'a'
							}
							if key[i] <= 'f' {
								break
							}
							key[i] = '0'
						}
						lr.Attributes().PutStr(eventlog.AttrEventID, string(key))
					}
				}
				if err := c.ConsumeLogs(context.Background(), ld); err != nil {
					b.Fatal(err)
				}
			}
			require.NoError(b, c.Shutdown(context.Background()))
		})
	}
	f("no_errors", stateless(), false)
	f("throttled", stateless(), true)
	every := stateless()
	every.Throttle.PerIssue = rate.Limit{}
	f("every", every, true)
}

func TestRecordsWithoutIssueAllocateNothing(t *testing.T) {
	c, err := newCore(connectortest.NewNopSettings(metadata.Type), stateless())
	require.NoError(t, err)
	ld := plog.NewLogs()
	lr := ld.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty()
	lr.Attributes().PutStr("http.route", "/cart")
	require.Zero(t, testing.AllocsPerRun(100, func() { _ = c.logEvents(context.Background(), ld) }))
}
