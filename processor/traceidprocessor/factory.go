package traceidprocessor

import (
	"context"
	"sync"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/collector/processor/processorhelper"

	"github.com/otel-culprit/culprit/processor/traceidprocessor/internal/metadata"
)

// factory keeps one core per configuration, because the collector builds a processor once per
// pipeline: a request ID that one pipeline learns must be known in the others.
type factory struct {
	mu    sync.Mutex
	cores map[component.Config]*core
}

// NewFactory returns the factory of the processor trace_id.
func NewFactory() processor.Factory {
	f := &factory{cores: map[component.Config]*core{}}
	return processor.NewFactory(
		metadata.Type,
		createDefaultConfig,
		processor.WithLogs(f.createLogs, metadata.LogsStability),
		processor.WithTraces(f.createTraces, metadata.TracesStability),
		processor.WithMetrics(f.createMetrics, metadata.MetricsStability),
	)
}

func (f *factory) createLogs(ctx context.Context, set processor.Settings, cfg component.Config, next consumer.Logs) (processor.Logs, error) {
	i, err := f.instance(set, cfg)
	if err != nil {
		return nil, err
	}
	return processorhelper.NewLogs(ctx, set, cfg, next, i.processLogs, i.options()...)
}

func (f *factory) createTraces(ctx context.Context, set processor.Settings, cfg component.Config, next consumer.Traces) (processor.Traces, error) {
	i, err := f.instance(set, cfg)
	if err != nil {
		return nil, err
	}
	return processorhelper.NewTraces(ctx, set, cfg, next, i.processTraces, i.options()...)
}

func (f *factory) createMetrics(ctx context.Context, set processor.Settings, cfg component.Config, next consumer.Metrics) (processor.Metrics, error) {
	i, err := f.instance(set, cfg)
	if err != nil {
		return nil, err
	}
	return processorhelper.NewMetrics(ctx, set, cfg, next, i.processMetrics, i.options()...)
}

// instance returns an instance of the configuration's core.
func (f *factory) instance(set processor.Settings, cfg component.Config) (*instance, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	c, ok := f.cores[cfg]
	if !ok {
		var err error
		if c, err = newCore(set, cfg.(*Config)); err != nil {
			return nil, err
		}
		c.forget = func() {
			f.mu.Lock()
			defer f.mu.Unlock()
			if f.cores[cfg] == c {
				delete(f.cores, cfg)
			}
		}
		f.cores[cfg] = c
	}
	return &instance{core: c}, nil
}

// instance is the processor of one pipeline.
type instance struct {
	*core
	mu      sync.Mutex
	started bool
}

func (i *instance) options() []processorhelper.Option {
	return []processorhelper.Option{
		processorhelper.WithCapabilities(consumer.Capabilities{MutatesData: true}),
		processorhelper.WithStart(i.Start),
		processorhelper.WithShutdown(i.Shutdown),
	}
}

// Start starts the core with the first instance.
func (i *instance) Start(_ context.Context, host component.Host) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.started {
		return nil
	}
	if err := i.acquire(host); err != nil {
		return err
	}
	i.started = true
	return nil
}

// Shutdown stops the core with the last instance. It is safe without Start, and twice.
func (i *instance) Shutdown(context.Context) error {
	i.mu.Lock()
	defer i.mu.Unlock()
	if i.started {
		i.started = false
		i.release()
	}
	return nil
}
