package errorissueprocessor

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"

	"github.com/otel-culprit/culprit/internal/rate"
	"github.com/otel-culprit/culprit/processor/errorissueprocessor/internal/metadatatest"
)

func TestMetrics(t *testing.T) {
	_, h := newRegistry(t)
	tel := componenttest.NewTelemetry()
	t.Cleanup(func() { require.NoError(t, tel.Shutdown(context.Background())) })
	cfg := withRegistry()
	cfg.MaxNewPerService = rate.New(2, time.Hour)
	p, err := NewFactory().CreateLogs(context.Background(), metadatatest.NewSettings(tel), cfg, consumertest.NewNop())
	require.NoError(t, err)
	require.NoError(t, p.Start(context.Background(), h))
	ld := plog.NewLogs()
	rl := ld.ResourceLogs().AppendEmpty()
	rl.Resource().Attributes().PutStr("service.name", "noisy")
	records := rl.ScopeLogs().AppendEmpty().LogRecords()
	for i := range 5 {
		records.AppendEmpty().Attributes().PutStr("exception.type", fmt.Sprintf("Type%dError", i))
	}
	require.NoError(t, p.ConsumeLogs(context.Background(), ld))
	require.NoError(t, p.Shutdown(context.Background()))
	point := func(n int64, attrs ...attribute.KeyValue) []metricdata.DataPoint[int64] {
		return []metricdata.DataPoint[int64]{{Value: n, Attributes: attribute.NewSet(attrs...)}}
	}
	metadatatest.AssertEqualProcessorErrorIssueOverflow(t, tel, point(3, attribute.String("signal", "logs")), metricdatatest.IgnoreTimestamp())
	metadatatest.AssertEqualProcessorErrorIssueErrors(t, tel,
		point(5, attribute.String("signal", "logs"), attribute.String("basis", "message"), attribute.Bool("repeat", false)), metricdatatest.IgnoreTimestamp())
}
