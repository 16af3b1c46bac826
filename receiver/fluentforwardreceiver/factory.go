package fluentforwardreceiver

import (
	"context"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/collector/receiver/xreceiver"

	"github.com/otel-culprit/culprit/receiver/fluentforwardreceiver/internal/metadata"
)

// NewFactory returns the factory of the receiver fluent_forward.
func NewFactory() receiver.Factory {
	return xreceiver.NewFactory(
		metadata.Type,
		createDefaultConfig,
		xreceiver.WithLogs(createLogs, metadata.LogsStability),
		xreceiver.WithDeprecatedTypeAlias(metadata.DeprecatedType),
	)
}

func createDefaultConfig() component.Config {
	return &Config{
		Endpoint:        "localhost:24224", // Fluentd's own port
		MaxConnections:  1000,
		MaxRecordBytes:  10 << 20,
		MaxMessageBytes: 256 << 20, // Fluentd's limit of a chunk on disk
		ReadTimeout:     time.Minute,
	}
}

func createLogs(_ context.Context, set receiver.Settings, cfg component.Config, next consumer.Logs) (receiver.Logs, error) {
	return newReceiver(cfg.(*Config), set, next)
}
