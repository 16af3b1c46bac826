package errorissueprocessor

import (
	"context"
	"sync"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/collector/processor/processorhelper"

	"github.com/otel-culprit/culprit/processor/errorissueprocessor/internal/metadata"
)

var capabilities = consumer.Capabilities{MutatesData: true}

// factory keeps one core for each component: the collector builds a processor once for each
// pipeline, and they share their state.
type factory struct {
	mu    sync.Mutex
	cores map[*Config]*core // guarded by mu
}

// NewFactory returns the factory of processor error_issue.
func NewFactory() processor.Factory {
	f := &factory{cores: map[*Config]*core{}}
	return processor.NewFactory(metadata.Type, createDefaultConfig,
		processor.WithTraces(f.createTraces, metadata.TracesStability),
		processor.WithLogs(f.createLogs, metadata.LogsStability),
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
	f.cores[key] = c
	return c, nil
}

// shutdown ends one user of a core; the last one makes the factory forget it, as a reloaded
// configuration is another one.
func (f *factory) shutdown(c *core) component.ShutdownFunc {
	return func(ctx context.Context) error {
		last, err := c.shutdown(ctx)
		if last {
			f.mu.Lock()
			defer f.mu.Unlock()
			delete(f.cores, c.cfg)
		}
		return err
	}
}

func (f *factory) createTraces(ctx context.Context, set processor.Settings, cfg component.Config, next consumer.Traces) (processor.Traces, error) {
	c, err := f.core(set, cfg)
	if err != nil {
		return nil, err
	}
	return processorhelper.NewTraces(ctx, set, cfg, next, c.processTraces,
		processorhelper.WithCapabilities(capabilities),
		processorhelper.WithStart(c.start),
		processorhelper.WithShutdown(f.shutdown(c)),
	)
}

func (f *factory) createLogs(ctx context.Context, set processor.Settings, cfg component.Config, next consumer.Logs) (processor.Logs, error) {
	c, err := f.core(set, cfg)
	if err != nil {
		return nil, err
	}
	return processorhelper.NewLogs(ctx, set, cfg, next, c.processLogs,
		processorhelper.WithCapabilities(capabilities),
		processorhelper.WithStart(c.start),
		processorhelper.WithShutdown(f.shutdown(c)),
	)
}
