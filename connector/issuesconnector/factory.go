package issuesconnector

import (
	"context"
	"sync"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/consumer"

	"github.com/otel-culprit/culprit/connector/issuesconnector/internal/metadata"
)

// factory keeps one core for each component: the collector builds a connector once for each pair of
// signals, and they share throttle, outbox and series.
type factory struct {
	mu    sync.Mutex
	cores map[*Config]*core // guarded by mu
}

// NewFactory returns the factory of connector issues.
func NewFactory() connector.Factory {
	f := &factory{cores: map[*Config]*core{}}
	return connector.NewFactory(metadata.Type, createDefaultConfig,
		connector.WithTracesToLogs(f.tracesToLogs, metadata.TracesToLogsStability),
		connector.WithLogsToLogs(f.logsToLogs, metadata.LogsToLogsStability),
		connector.WithTracesToMetrics(f.tracesToMetrics, metadata.TracesToMetricsStability),
		connector.WithLogsToMetrics(f.logsToMetrics, metadata.LogsToMetricsStability),
	)
}

func (f *factory) core(set connector.Settings, cfg component.Config) (*core, error) {
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

// instance is what the collector sees of a core: one pair of signals.
type instance struct {
	*core
	factory *factory
	up      bool // started and not shut down

	consumer.ConsumeLogsFunc
	consumer.ConsumeTracesFunc
}

// Capabilities says that records are only read.
func (i *instance) Capabilities() consumer.Capabilities { return consumer.Capabilities{} }

// Start starts the core with its first instance.
func (i *instance) Start(ctx context.Context, host component.Host) error {
	err := i.start(ctx, host)
	i.up = err == nil
	return err
}

// Shutdown stops the core with its last instance, which delivers what waits. The factory forgets the
// core then, as a reloaded configuration is another one.
func (i *instance) Shutdown(ctx context.Context) error {
	if !i.up {
		return nil
	}
	i.up = false
	last, err := i.shutdown(ctx)
	if last {
		i.factory.mu.Lock()
		defer i.factory.mu.Unlock()
		delete(i.factory.cores, i.cfg)
	}
	return err
}

func (f *factory) tracesToLogs(_ context.Context, set connector.Settings, cfg component.Config, next consumer.Logs) (connector.Traces, error) {
	c, err := f.core(set, cfg)
	if err != nil {
		return nil, err
	}
	c.logs = next
	return &instance{core: c, factory: f, ConsumeTracesFunc: c.traceEvents}, nil
}

func (f *factory) logsToLogs(_ context.Context, set connector.Settings, cfg component.Config, next consumer.Logs) (connector.Logs, error) {
	c, err := f.core(set, cfg)
	if err != nil {
		return nil, err
	}
	c.logs = next
	return &instance{core: c, factory: f, ConsumeLogsFunc: c.logEvents}, nil
}

func (f *factory) tracesToMetrics(_ context.Context, set connector.Settings, cfg component.Config, next consumer.Metrics) (connector.Traces, error) {
	c, err := f.core(set, cfg)
	if err != nil {
		return nil, err
	}
	c.metrics = next
	return &instance{core: c, factory: f, ConsumeTracesFunc: c.traceMetrics}, nil
}

func (f *factory) logsToMetrics(_ context.Context, set connector.Settings, cfg component.Config, next consumer.Metrics) (connector.Logs, error) {
	c, err := f.core(set, cfg)
	if err != nil {
		return nil, err
	}
	c.metrics = next
	return &instance{core: c, factory: f, ConsumeLogsFunc: c.logMetrics}, nil
}
