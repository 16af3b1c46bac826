package issuetrackerexporter

import (
	"context"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/config/configretry"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/exporter/exporterhelper"

	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/metadata"
)

// NewFactory returns the factory of the exporter issue_tracker.
func NewFactory() exporter.Factory {
	return exporter.NewFactory(
		metadata.Type,
		createDefaultConfig,
		exporter.WithLogs(createLogs, metadata.LogsStability),
	)
}

func createDefaultConfig() component.Config {
	client := confighttp.NewDefaultClientConfig()
	client.Timeout = 20 * time.Second
	c := &Config{
		Registry:    "issue_registry",
		Updates:     []uint64{10, 100, 1000},
		UpdateEvery: 24 * time.Hour,
		MinInterval: 15 * time.Minute,
		OnResolve:   ResolveTicket,
		QuietHours:  configoptional.Default(QuietHours{Except: []string{"fatal"}}),
		Digest:      configoptional.Default(DigestConfig{Every: time.Hour, Except: []string{"fatal"}}),
		HTTP:        client,
		Queue:       configoptional.Some(exporterhelper.NewDefaultQueueConfig()),
		Retry:       configretry.NewDefaultBackOffConfig(),
	}
	for _, s := range c.slots() {
		s.reset()
	}
	return c
}

func createLogs(ctx context.Context, set exporter.Settings, cfg component.Config) (exporter.Logs, error) {
	c := cfg.(*Config)
	e, err := newExporter(c, set)
	if err != nil {
		return nil, err
	}
	return exporterhelper.NewLogs(ctx, set, cfg, e.push,
		exporterhelper.WithStart(e.start),
		exporterhelper.WithShutdown(e.shutdown),
		exporterhelper.WithCapabilities(consumer.Capabilities{MutatesData: false}),
		// The client's own timeout holds for each request; a batch may take many.
		exporterhelper.WithTimeout(exporterhelper.TimeoutConfig{Timeout: 0}),
		exporterhelper.WithRetry(c.Retry),
		exporterhelper.WithQueue(c.Queue),
	)
}
