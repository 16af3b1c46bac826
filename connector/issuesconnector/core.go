package issuesconnector

import (
	"context"
	"fmt"
	"sync"
	"sync/atomic"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/connector"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.uber.org/zap"

	"github.com/otel-culprit/culprit/connector/issuesconnector/internal/metadata"
	"github.com/otel-culprit/culprit/internal/grouping"
	"github.com/otel-culprit/culprit/internal/issue"
)

// seenKeys is how many occurrences are remembered at least, so that a resent batch is not told twice.
const seenKeys = 1 << 17

// core is what the instances of one component ID share: the collector builds a connector once for
// each pair of signals.
type core struct {
	cfg       *Config
	id        component.ID
	logger    *zap.Logger
	grouper   *grouping.Grouper
	telemetry *metadata.TelemetryBuilder
	seen      *seen // occurrences that went through offer
	counted   *seen // occurrences that are in the metrics
	throttle  *throttle
	outbox    *outbox
	firsts    firsts
	local     local
	series    *series
	unsettled unsettled // occurrences that wait to be counted
	warned    atomic.Bool
	ready     atomic.Bool // the registry keeps notices for this consumer

	mu       sync.Mutex
	users    int // guarded by mu
	run      *run
	logs     consumer.Logs    // of the side pipelines; nil = none. Set by Create, before any start
	metrics  consumer.Metrics // likewise
	registry issue.Registry   // set by the first start; nil = none
}

// run is what lives between the first start and the last shutdown.
type run struct {
	stop    chan struct{}   // closed to end the loops
	ctx     context.Context // of the loops' calls; ended when the deadline of the shutdown is over
	cancel  context.CancelFunc
	workers sync.WaitGroup
}

func newCore(set connector.Settings, cfg *Config) (*core, error) {
	grouper, err := cfg.grouper()
	if err != nil {
		return nil, err
	}
	telemetry, err := metadata.NewTelemetryBuilder(set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	return &core{
		cfg: cfg, id: set.ID, logger: set.Logger, grouper: grouper, telemetry: telemetry,
		seen: newSeen(seenKeys), counted: newSeen(seenKeys), throttle: newThrottle(cfg.Throttle), outbox: newOutbox(),
		series: newSeries(cfg.MaxSeries, set.Resource),
	}, nil
}

func (c *core) start(ctx context.Context, host component.Host) error {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.users > 0 {
		c.users++
		return nil
	}
	if err := c.findRegistry(host); err != nil {
		return err
	}
	err := c.telemetry.RegisterConnectorIssuesOutboxCallback(func(_ context.Context, o metric.Int64Observer) error {
		o.Observe(int64(c.outbox.len()))
		return nil
	})
	if err != nil {
		return err
	}
	c.users++
	r := &run{stop: make(chan struct{})}
	r.ctx, r.cancel = context.WithCancel(context.Background()) // Start's context ends with Start
	c.run = r
	if c.logs != nil {
		if c.registry != nil {
			c.subscribe(ctx)
			r.workers.Go(func() { c.tellNotices(r) })
		}
		r.workers.Go(func() { c.send(r) })
	}
	if c.metrics != nil {
		r.workers.Go(func() { c.flushMetrics(r) })
	}
	return nil
}

func (c *core) findRegistry(host component.Host) error {
	id, err := c.cfg.registryID()
	if err != nil || id == nil {
		return err
	}
	ext, ok := host.GetExtensions()[*id]
	if !ok {
		return fmt.Errorf("connector %q needs the extension %q, which is not started: add it to `extensions` and `service::extensions`, or set `registry: none` to tell of issues without a memory", c.id, id)
	}
	c.registry, ok = ext.(issue.Registry)
	if !ok {
		return fmt.Errorf("connector %q: extension %q named by 'registry' is no issue registry; name an extension of type issue_registry", c.id, id)
	}
	return nil
}

// shutdown ends one user of the core. The last one delivers what waits, within ctx.
func (c *core) shutdown(ctx context.Context) (last bool, err error) {
	c.mu.Lock()
	if c.users == 0 {
		c.mu.Unlock()
		return true, nil
	}
	c.users--
	r := c.run
	if c.users > 0 {
		c.mu.Unlock()
		return false, nil
	}
	c.run = nil
	c.mu.Unlock()

	close(r.stop)
	done := make(chan struct{})
	go func() {
		r.workers.Wait()
		close(done)
	}()
	limit := time.NewTimer(drainTime)
	defer limit.Stop()
	select {
	case <-done:
	case <-ctx.Done():
		err = ctx.Err()
	case <-limit.C:
	}
	r.cancel()
	<-done // the loops end with their context
	if n := c.outbox.len(); n > 0 {
		c.count(outcomeDropped, n)
		c.logger.Warn("Issue events were not delivered before shutdown.", zap.Int("events", n))
	}
	c.telemetry.Shutdown()
	return true, err
}

// drainTime bounds how long a shutdown waits for a side pipeline that refuses.
const drainTime = 5 * time.Second

type outcome string

const (
	outcomeDelivered outcome = "delivered"
	outcomeThrottled outcome = "throttled"
	outcomeDropped   outcome = "dropped"
	outcomeRefused   outcome = "refused"
)

var outcomes = func() map[outcome]metric.MeasurementOption {
	m := map[outcome]metric.MeasurementOption{}
	for _, o := range []outcome{outcomeDelivered, outcomeThrottled, outcomeDropped, outcomeRefused} {
		m[o] = metric.WithAttributeSet(attribute.NewSet(attribute.String("outcome", string(o))))
	}
	return m
}()

func (c *core) count(o outcome, n int) {
	c.telemetry.ConnectorIssuesEvents.Add(context.Background(), int64(n), outcomes[o])
}

// told tells that new issues, changes and milestones come out of the registry's outbox.
func (c *core) told() bool { return c.ready.Load() }
