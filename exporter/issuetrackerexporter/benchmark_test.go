package issuetrackerexporter

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otel-culprit/culprit/internal/issue"
)

// BenchmarkExporter measures events through the public factory: of issues that have a ticket, of which nothing is
// told (known), and of new ones, each of which is a request to a server on this machine (new).
func BenchmarkExporter(b *testing.B) {
	server := httptest.NewServer(http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	defer server.Close()
	raw := map[string]any{"registry": "none", "rate_limit": "10000000/1s", "webhook": map[string]any{"url": server.URL}, "sending_queue": map[string]any{"enabled": false}}
	for _, size := range []int{1, 100} {
		for _, kind := range []string{"known", "new"} {
			b.Run(fmt.Sprintf("%s/%d", kind, size), func(b *testing.B) {
				cfg := createDefaultConfig().(*Config)
				require.NoError(b, confmap.NewFromStringMap(raw).Unmarshal(cfg))
				e, err := NewFactory().CreateLogs(context.Background(), settings(), cfg)
				require.NoError(b, err)
				require.NoError(b, e.Start(context.Background(), nopHost))
				defer func() { require.NoError(b, e.Shutdown(context.Background())) }()
				round := 0
				batch := func() plog.Logs {
					round++
					var list []issue.Notice
					for i := range size {
						id := fmt.Sprintf("issue-%d", i)
						if kind == "new" {
							id = fmt.Sprintf("issue-%d-%d", round, i)
						}
						list = append(list, notice(id, 1))
					}
					return logs(list...)
				}
				ld := batch()
				require.NoError(b, e.ConsumeLogs(context.Background(), ld))
				b.SetBytes(int64((&plog.ProtoMarshaler{}).LogsSize(ld)))
				b.ReportAllocs()
				for b.Loop() {
					if kind == "new" {
						b.StopTimer()
						ld = batch()
						b.StartTimer()
					}
					if err := e.ConsumeLogs(context.Background(), ld); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
