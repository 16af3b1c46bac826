package piiredactionprocessor

import (
	"context"
	"sync"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/collector/processor/processorhelper"

	"github.com/otel-culprit/culprit/processor/piiredactionprocessor/internal/metadata"
)

var capabilities = consumer.Capabilities{MutatesData: true}

// factory keeps one core for each component: the collector builds a processor once for each pipeline,
// and they share the scanner, the random key of user.hash and the report to the registry.
type factory struct {
	mu    sync.Mutex
	cores map[*Config]*core // guarded by mu
}

// NewFactory returns the factory of processor pii_redaction.
func NewFactory() processor.Factory {
	f := &factory{cores: map[*Config]*core{}}
	return processor.NewFactory(metadata.Type, createDefaultConfig,
		processor.WithTraces(f.traces, metadata.TracesStability),
		processor.WithLogs(f.logs, metadata.LogsStability),
		processor.WithMetrics(f.metrics, metadata.MetricsStability),
	)
}

func (f *factory) core(set processor.Settings, cfg component.Config) (*core, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	key := cfg.(*Config)
	if c, ok := f.cores[key]; ok {
		return c, nil
	}
	c, err := newCore(set, key)
	if err != nil {
		return nil, err
	}
	c.forget = func() {
		f.mu.Lock()
		defer f.mu.Unlock()
		delete(f.cores, key)
	}
	f.cores[key] = c
	return c, nil
}

func (f *factory) traces(ctx context.Context, set processor.Settings, cfg component.Config, next consumer.Traces) (processor.Traces, error) {
	c, err := f.core(set, cfg)
	if err != nil {
		return nil, err
	}
	i := &instance{core: c}
	return processorhelper.NewTraces(ctx, set, cfg, next, c.processTraces, processorhelper.WithCapabilities(capabilities),
		processorhelper.WithStart(i.start), processorhelper.WithShutdown(i.shutdown))
}

func (f *factory) logs(ctx context.Context, set processor.Settings, cfg component.Config, next consumer.Logs) (processor.Logs, error) {
	c, err := f.core(set, cfg)
	if err != nil {
		return nil, err
	}
	i := &instance{core: c}
	return processorhelper.NewLogs(ctx, set, cfg, next, c.processLogs, processorhelper.WithCapabilities(capabilities),
		processorhelper.WithStart(i.start), processorhelper.WithShutdown(i.shutdown))
}

func (f *factory) metrics(ctx context.Context, set processor.Settings, cfg component.Config, next consumer.Metrics) (processor.Metrics, error) {
	c, err := f.core(set, cfg)
	if err != nil {
		return nil, err
	}
	i := &instance{core: c}
	return processorhelper.NewMetrics(ctx, set, cfg, next, c.processMetrics, processorhelper.WithCapabilities(capabilities),
		processorhelper.WithStart(i.start), processorhelper.WithShutdown(i.shutdown))
}
