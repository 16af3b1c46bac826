package beatsreceiver

import (
	"context"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/confignet"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/receiver"

	"github.com/otel-culprit/culprit/receiver/beatsreceiver/internal/metadata"
)

// NewFactory returns the factory of the receiver beats.
func NewFactory() receiver.Factory {
	return receiver.NewFactory(
		metadata.Type,
		createDefaultConfig,
		receiver.WithLogs(createLogs, metadata.LogsStability),
	)
}

func createDefaultConfig() component.Config {
	tcp := confignet.NewDefaultTCPAddrConfig()
	tcp.Endpoint = "localhost:5044"
	return &Config{
		TCP:            tcp,
		MaxConnections: 1000,
		MaxEventSize:   10 << 20, // Filebeat's own bound of a message (max_bytes, message_max_bytes)
		MaxWindowSize:  32 << 20,
		Memory:         64 << 20,
		KeepAlive:      5 * time.Second,
		IdleTimeout:    5 * time.Minute,
		ReadTimeout:    time.Minute,
	}
}

func createLogs(_ context.Context, set receiver.Settings, cfg component.Config, next consumer.Logs) (receiver.Logs, error) {
	return newReceiver(cfg.(*Config), set, next)
}
