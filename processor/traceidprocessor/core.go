package traceidprocessor

import (
	"context"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/otel/metric"
	"go.uber.org/zap"

	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/tracecontext"
	"github.com/otel-culprit/culprit/processor/traceidprocessor/internal/metadata"
)

// reportInterval is how often the registry's page gets what was seen of each service.
const reportInterval = 5 * time.Second

// core is what all instances of one component ID share.
type core struct {
	cfg    *Config
	logger *zap.Logger
	tel    *metadata.TelemetryBuilder
	finder *tracecontext.Finder
	links  *tracecontext.Links // nil when request IDs are off
	audit  *tracecontext.Audit
	rules  []serviceRule
	base   policy
	stats  *stats
	forget func() // takes the core out of the factory
	now    func() time.Time

	mu        sync.Mutex
	refs      int
	reporters []issue.Reporter
	stop      chan struct{}
	stopped   sync.WaitGroup
}

func newCore(set processor.Settings, cfg *Config) (*core, error) {
	tel, err := metadata.NewTelemetryBuilder(set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	c := &core{
		cfg:    cfg,
		logger: set.Logger,
		tel:    tel,
		finder: tracecontext.NewFinder(cfg.Attributes, cfg.RequestIDs.Attributes),
		audit:  tracecontext.NewAudit(),
		stats:  newStats(tel, set.Logger),
		now:    time.Now,
	}
	if cfg.RequestIDs.Enabled {
		c.links = tracecontext.NewLinks(cfg.RequestIDs.CacheSize, cfg.RequestIDs.TTL)
	}
	c.base, c.rules = compilePolicies(cfg)
	return c, nil
}

// acquire counts an instance that starts; the first one starts the background work.
func (c *core) acquire(host component.Host) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.refs++
	if c.refs > 1 {
		return nil
	}
	if c.links != nil {
		err := c.tel.RegisterProcessorTraceIDRequestIdsCallback(func(_ context.Context, o metric.Int64Observer) error {
			o.Observe(int64(c.links.Len()))
			return nil
		})
		if err != nil {
			c.refs--
			return err
		}
	}
	c.reporters = nil
	for _, ext := range host.GetExtensions() {
		if r, ok := ext.(issue.Reporter); ok {
			c.reporters = append(c.reporters, r)
		}
	}
	c.stop = make(chan struct{})
	c.stopped.Add(1)
	go c.loop(c.stop)
	return nil
}

// release counts an instance that stops; the last one stops the background work.
func (c *core) release() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.refs--
	if c.refs > 0 {
		return
	}
	close(c.stop)
	c.stopped.Wait()
	c.tel.Shutdown()
	c.forget()
}

func (c *core) loop(stop <-chan struct{}) {
	defer c.stopped.Done()
	reports, audits := time.NewTicker(reportInterval), time.NewTicker(auditInterval)
	defer reports.Stop()
	defer audits.Stop()
	for {
		select {
		case <-audits.C:
			c.settleAudit(false)
		case <-reports.C:
			c.report()
		case <-stop:
			c.settleAudit(true)
			c.report()
			return
		}
	}
}

// settleAudit counts the calls that lost their context.
func (c *core) settleAudit(all bool) {
	for _, f := range c.audit.Settle(c.now(), all) {
		c.stats.call(f)
	}
}

// report hands the increments since the last report to the registries.
func (c *core) report() {
	if len(c.reporters) == 0 {
		return
	}
	reports := c.stats.take()
	if len(reports) == 0 {
		return
	}
	for _, r := range c.reporters {
		r.Report(reports)
	}
}
