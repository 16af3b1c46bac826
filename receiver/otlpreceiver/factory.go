package otlpreceiver

import (
	"context"
	"fmt"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/xconsumer"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/collector/receiver/otlpreceiver"
	"go.opentelemetry.io/collector/receiver/xreceiver"

	"github.com/otel-culprit/culprit/receiver/otlpreceiver/internal/metadata"
)

var upstream = otlpreceiver.NewFactory()

// NewFactory returns the factory of the receiver otlp.
func NewFactory() receiver.Factory {
	return xreceiver.NewFactory(metadata.Type, upstream.CreateDefaultConfig,
		xreceiver.WithTraces(createTraces, metadata.TracesStability),
		xreceiver.WithMetrics(createMetrics, metadata.MetricsStability),
		xreceiver.WithLogs(createLogs, metadata.LogsStability),
		xreceiver.WithProfiles(createProfiles, metadata.ProfilesStability),
	)
}

func createTraces(ctx context.Context, set receiver.Settings, cfg component.Config, next consumer.Traces) (receiver.Traces, error) {
	told, err := hintTraces(next)
	if err != nil {
		return nil, err
	}
	g := guarded(cfg.(*Config))
	inner, err := upstream.CreateTraces(ctx, set, cfg, told)
	return withGuard(inner, g), err
}

func createMetrics(ctx context.Context, set receiver.Settings, cfg component.Config, next consumer.Metrics) (receiver.Metrics, error) {
	told, err := hintMetrics(next)
	if err != nil {
		return nil, err
	}
	g := guarded(cfg.(*Config))
	inner, err := upstream.CreateMetrics(ctx, set, cfg, told)
	return withGuard(inner, g), err
}

func createLogs(ctx context.Context, set receiver.Settings, cfg component.Config, next consumer.Logs) (receiver.Logs, error) {
	told, err := hintLogs(next)
	if err != nil {
		return nil, err
	}
	g := guarded(cfg.(*Config))
	inner, err := upstream.CreateLogs(ctx, set, cfg, told)
	return withGuard(inner, g), err
}

func createProfiles(ctx context.Context, set receiver.Settings, cfg component.Config, next xconsumer.Profiles) (xreceiver.Profiles, error) {
	factory, ok := upstream.(xreceiver.Factory)
	if !ok {
		return nil, fmt.Errorf("upstream's otlp is no receiver of profiles but a %T", upstream)
	}
	told, err := hintProfiles(next)
	if err != nil {
		return nil, err
	}
	g := guarded(cfg.(*Config))
	inner, err := factory.CreateProfiles(ctx, set, cfg, told)
	return withGuard(inner, g), err
}
