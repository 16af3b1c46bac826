package sentryissueexporter

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/exporter/exporterhelper"
	"go.opentelemetry.io/collector/exporter/exportertest"

	"github.com/otel-culprit/culprit/exporter/sentryissueexporter/internal/metadata"
)

// BenchmarkExporter sends events to a server on this machine, through the public factory and without
// a queue.
func BenchmarkExporter(b *testing.B) {
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if _, err := io.Copy(io.Discard, r.Body); err == nil {
			_, _ = io.WriteString(w, "{}")
		}
	}))
	b.Cleanup(server.Close)
	for _, n := range []int{1, 10, 100} {
		b.Run(fmt.Sprintf("%devents", n), func(b *testing.B) {
			cfg := createDefaultConfig().(*Config)
			cfg.DSN = configopaque.String(strings.Replace(server.URL, "http://", "http://k@", 1) + "/1")
			cfg.Queue = configoptional.None[exporterhelper.QueueBatchConfig]()
			e, err := NewFactory().CreateLogs(b.Context(), exportertest.NewNopSettings(metadata.Type), cfg)
			require.NoError(b, err)
			require.NoError(b, e.Start(b.Context(), componenttest.NewNopHost()))
			b.Cleanup(func() { require.NoError(b, e.Shutdown(context.Background())) })
			ld := events("checkout", n)
			b.ReportAllocs()
			for b.Loop() {
				if err := e.ConsumeLogs(b.Context(), ld); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.N*n)/b.Elapsed().Seconds(), "events/s")
		})
	}
}

// BenchmarkEvent is making one event, without sending it.
func BenchmarkEvent(b *testing.B) {
	n := occurrence("checkout", 1)
	b.ReportAllocs()
	for b.Loop() {
		e := newEvent(&n, ByIssue)
		e.Normalize()
		payload, _, err := e.MarshalTrimmed(nil)
		if err != nil {
			b.Fatal(err)
		}
		b.SetBytes(int64(len(payload)))
	}
}
