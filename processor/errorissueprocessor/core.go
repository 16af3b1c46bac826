package errorissueprocessor

import (
	"context"
	"fmt"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/processor"

	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/issue/record"
	"github.com/otel-culprit/culprit/processor/errorissueprocessor/internal/metadata"
)

// reportInterval is how often the registry is told what was seen of each service.
const reportInterval = 5 * time.Second

// core is what all pipelines of one component ID share.
type core struct {
	cfg       *Config
	id        component.ID
	rules     record.Rules
	groups    *groups
	owners    []owner
	telemetry *metadata.TelemetryBuilder
	attrs     *attributeSets
	inTrace   *traceSet // traces with an issue from a log: their later spans are marked
	failing   *traceSet // traces with any issue: their debug records are marked
	seen      services
	batches   sync.Pool

	mu       sync.Mutex
	users    int // guarded by mu
	stop     chan struct{}
	stopped  chan struct{}
	registry issue.Registry // set by the first start, before any record comes; nil = stateless
}

func newCore(set processor.Settings, cfg *Config) (*core, error) {
	grouper, err := cfg.grouper()
	if err != nil {
		return nil, fmt.Errorf("'grouping': %w", err)
	}
	owners, err := compileOwners(cfg.Owners)
	if err != nil {
		return nil, err
	}
	telemetry, err := metadata.NewTelemetryBuilder(set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	c := &core{
		cfg: cfg, id: set.ID, rules: cfg.rules(),
		groups: newGroups(grouper, len(cfg.Grouping.Rules) > 0), owners: owners, telemetry: telemetry,
		attrs: newAttributeSets(), inTrace: newTraceSet(cfg.Breadcrumbs.Traces), failing: newTraceSet(cfg.Breadcrumbs.Traces),
	}
	c.batches.New = func() any { return &batch{core: c} }
	return c, nil
}

func (c *core) start(_ context.Context, host component.Host) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.users == 0 {
		if err := c.begin(host); err != nil {
			return err
		}
	}
	c.users++
	return nil
}

// begin finds the registry and starts to report to it; under the lock.
func (c *core) begin(host component.Host) error {
	id, err := c.cfg.registryID()
	if err != nil || id == nil {
		return err
	}
	ext, ok := host.GetExtensions()[*id]
	if !ok {
		return fmt.Errorf("processor %q needs the extension %q, which is not started: add it to `extensions` and `service::extensions`, or set `registry: none` to stamp records without a memory", c.id, id)
	}
	registry, ok := ext.(issue.Registry)
	if !ok {
		return fmt.Errorf("processor %q: extension %q named by 'registry' is no issue registry; name an extension of type issue_registry", c.id, id)
	}
	c.registry = registry
	if c.crumbs() {
		registry.Breadcrumbs().Resize(c.cfg.Breadcrumbs.Traces, c.cfg.Breadcrumbs.PerTrace)
	}
	c.limitNew(registry)
	c.stop, c.stopped = make(chan struct{}), make(chan struct{})
	go c.report(c.stop, c.stopped)
	return nil
}

// shutdown tells whether the caller was the last user of the core.
func (c *core) shutdown(ctx context.Context) (last bool, err error) {
	c.mu.Lock()
	if c.users == 0 {
		c.mu.Unlock()
		return true, nil
	}
	c.users--
	last = c.users == 0
	stop, stopped := c.stop, c.stopped
	if last {
		c.stop, c.stopped = nil, nil
	}
	c.mu.Unlock()
	if !last || stop == nil {
		return last, nil
	}
	close(stop)
	select {
	case <-stopped:
		return true, nil
	case <-ctx.Done():
		return true, ctx.Err()
	}
}

// crumbs tells whether breadcrumbs are kept.
func (c *core) crumbs() bool {
	return c.registry != nil && c.cfg.Breadcrumbs.PerTrace > 0 && c.cfg.Breadcrumbs.Traces > 0
}

func (c *core) report(stop, stopped chan struct{}) {
	defer close(stopped)
	tick := time.NewTicker(reportInterval)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
			c.registry.Report(c.seen.take())
		case <-stop:
			c.registry.Report(c.seen.take())
			return
		}
	}
}
