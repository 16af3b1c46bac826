package lokireceiver

import (
	"context"

	"github.com/open-telemetry/opentelemetry-collector-contrib/receiver/lokireceiver"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/receiver"

	"github.com/otel-culprit/culprit/receiver/internal/addon"
	"github.com/otel-culprit/culprit/receiver/lokireceiver/internal/metadata"
)

var upstream = lokireceiver.NewFactory()

// NewFactory returns the factory of the receiver loki.
func NewFactory() receiver.Factory {
	return receiver.NewFactory(metadata.Type, upstream.CreateDefaultConfig, receiver.WithLogs(createLogs, metadata.LogsStability))
}

func createLogs(ctx context.Context, set receiver.Settings, cfg component.Config, next consumer.Logs) (receiver.Logs, error) {
	g := guarded(cfg.(*Config))
	inner, err := upstream.CreateLogs(ctx, set, cfg, next)
	return &addon.Receiver{Component: inner, Extensions: map[component.ID]component.Component{guardID: g}}, err
}
