package kafkareceiver

import (
	"context"
	"fmt"

	"github.com/open-telemetry/opentelemetry-collector-contrib/receiver/kafkareceiver"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/xconsumer"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/collector/receiver/xreceiver"

	"github.com/otel-culprit/culprit/receiver/internal/addon"
	"github.com/otel-culprit/culprit/receiver/kafkareceiver/internal/metadata"
)

var upstream = kafkareceiver.NewFactory()

// NewFactory returns the factory of the receiver kafka.
func NewFactory() receiver.Factory {
	return xreceiver.NewFactory(metadata.Type, upstream.CreateDefaultConfig,
		xreceiver.WithTraces(createTraces, metadata.TracesStability),
		xreceiver.WithMetrics(createMetrics, metadata.MetricsStability),
		xreceiver.WithLogs(createLogs, metadata.LogsStability),
		xreceiver.WithProfiles(createProfiles, metadata.ProfilesStability),
	)
}

// bounded is upstream's receiver, which finds the decoders of OTLP among the extensions: it takes those before its own.
func bounded(r component.Component) *addon.Receiver {
	return &addon.Receiver{Component: r, Extensions: encodings}
}

func createTraces(ctx context.Context, set receiver.Settings, cfg component.Config, next consumer.Traces) (receiver.Traces, error) {
	inner, err := upstream.CreateTraces(ctx, set, cfg, next)
	return bounded(inner), err
}

func createMetrics(ctx context.Context, set receiver.Settings, cfg component.Config, next consumer.Metrics) (receiver.Metrics, error) {
	inner, err := upstream.CreateMetrics(ctx, set, cfg, next)
	return bounded(inner), err
}

func createLogs(ctx context.Context, set receiver.Settings, cfg component.Config, next consumer.Logs) (receiver.Logs, error) {
	inner, err := upstream.CreateLogs(ctx, set, cfg, next)
	return bounded(inner), err
}

func createProfiles(ctx context.Context, set receiver.Settings, cfg component.Config, next xconsumer.Profiles) (xreceiver.Profiles, error) {
	factory, ok := upstream.(xreceiver.Factory)
	if !ok {
		return nil, fmt.Errorf("upstream's kafka is no receiver of profiles but a %T", upstream)
	}
	inner, err := factory.CreateProfiles(ctx, set, cfg, next)
	return bounded(inner), err
}
