package issuesconnector

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"

	"github.com/otel-culprit/culprit/connector/issuesconnector/internal/metadatatest"
	"github.com/otel-culprit/culprit/internal/rate"
)

func TestOutcomesAreCounted(t *testing.T) {
	tel := componenttest.NewTelemetry()
	t.Cleanup(func() { require.NoError(t, tel.Shutdown(context.Background())) })
	cfg := stateless()
	cfg.Throttle.PerIssue = rate.New(3, time.Hour)
	cfg.Milestones = nil
	cfg.Settle = time.Minute                                                    // so that they are one batch
	side := &refusing{n: 4, err: consumererror.NewPermanent(errors.New("400"))} // the batch three times, then the first of it
	c, err := NewFactory().CreateLogsToLogs(context.Background(), metadatatest.NewSettings(tel), cfg, side)
	require.NoError(t, err)
	require.NoError(t, c.Start(context.Background(), componenttest.NewNopHost()))
	require.NoError(t, c.ConsumeLogs(context.Background(), stamped("aaaaaaaaaaaaaaaa", 0, 10)))
	require.NoError(t, c.Shutdown(context.Background()))
	point := func(outcome string, n int64) metricdata.DataPoint[int64] {
		return metricdata.DataPoint[int64]{Value: n, Attributes: attribute.NewSet(attribute.String("outcome", outcome))}
	}
	metadatatest.AssertEqualConnectorIssuesEvents(t, tel, []metricdata.DataPoint[int64]{
		point("delivered", 2), point("refused", 1), point("throttled", 7),
	}, metricdatatest.IgnoreTimestamp())
}
