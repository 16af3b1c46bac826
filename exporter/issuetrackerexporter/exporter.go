package issuetrackerexporter

import (
	"context"
	"fmt"
	"hash/maphash"
	"sync"
	"sync/atomic"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.uber.org/zap"

	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/metadata"
	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/target"
	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/wire"
	"github.com/otel-culprit/culprit/internal/issue"
)

// trackerExporter keeps one target's tickets in step with the issues.
type trackerExporter struct {
	cfg       *Config
	set       exporter.Settings
	log       *zap.Logger
	telemetry *metadata.TelemetryBuilder
	policy    policy
	templates templates
	maker     maker

	target  target.Target // from here on: set by start
	traits  target.Traits
	host    component.Host
	links   issue.Links
	tickets tickets

	seed     maphash.Seed
	locks    [256]sync.Mutex // by issue
	schedule schedule
	digest   digest
	refresh  refresh
	denied   atomic.Bool // the credential is wrong, which has been reported

	client func() // closes idle connections
	stop   context.CancelFunc
	done   sync.WaitGroup
}

func newExporter(cfg *Config, set exporter.Settings) (*trackerExporter, error) {
	m, err := cfg.target()
	if err != nil {
		return nil, err
	}
	e := &trackerExporter{cfg: cfg, set: set, log: set.Logger, maker: m, seed: maphash.MakeSeed()}
	e.policy = policy{updates: cfg.Updates, every: cfg.UpdateEvery, minInterval: cfg.MinInterval, onResolve: cfg.OnResolve}
	if e.policy.rules, err = compileRules(cfg.Rules); err != nil {
		return nil, err
	}
	if cfg.QuietHours.HasValue() {
		if e.policy.quiet, err = cfg.QuietHours.Get().compile(); err != nil {
			return nil, err
		}
	}
	if cfg.Digest.HasValue() {
		e.policy.digest = cfg.Digest.Get()
	}
	if e.templates, err = cfg.compileTemplates(markupOf(m)); err != nil {
		return nil, err
	}
	e.tickets.tracker = set.ID.String()
	if e.telemetry, err = metadata.NewTelemetryBuilder(set.TelemetrySettings); err != nil {
		return nil, err
	}
	return e, nil
}

func (e *trackerExporter) start(ctx context.Context, host component.Host) error {
	e.host = host
	if err := e.findRegistry(host); err != nil {
		return err
	}
	client, err := e.cfg.HTTP.ToClient(ctx, host.GetExtensions(), e.set.TelemetrySettings)
	if err != nil {
		return err
	}
	e.client = client.CloseIdleConnections
	t, err := e.maker.New(target.Options{
		HTTP: client, Agent: e.set.BuildInfo.Command + "/" + e.set.BuildInfo.Version, Tracker: e.tickets.tracker,
		Version: e.set.BuildInfo.Version, Limit: e.cfg.RateLimit, Lag: e.cfg.SearchLag,
	})
	if err != nil {
		return err
	}
	e.target, e.traits = t, t.Traits()
	if !e.traits.Quiet {
		e.policy.minInterval = 0 // updates replace what is there: nobody reads them one after the other
	}
	if e.cfg.DryRun {
		e.target = &dryRun{log: e.log}
		e.traits.Search = false
		e.tickets.registry = nil
	}
	_, e.refresh.on = e.target.(target.Refresher)
	loop, stop := context.WithCancel(context.Background())
	e.stop = stop
	e.done.Go(func() { e.loop(loop) })
	return nil
}

// findRegistry finds the extension that remembers the tickets.
func (e *trackerExporter) findRegistry(host component.Host) error {
	id, err := e.cfg.registryID()
	if err != nil {
		return err
	}
	e.links = issue.Links{Trace: e.cfg.Links.Trace, Logs: e.cfg.Links.Logs, Issue: e.cfg.Links.Issue}
	if id == nil {
		return nil
	}
	ext, ok := host.GetExtensions()[*id]
	if !ok {
		return fmt.Errorf("exporter %q needs the extension %q, which is not started: add it to `extensions` and `service::extensions`, or set `registry: none` to keep tickets in the memory of this process", e.set.ID, id)
	}
	registry, ok := ext.(issue.Registry)
	if !ok {
		return fmt.Errorf("exporter %q: extension %q named by 'registry' is no issue registry; name an extension of type issue_registry", e.set.ID, id)
	}
	e.tickets.registry = registry
	if l, ok := ext.(interface{ Links() issue.Links }); ok {
		links := l.Links()
		if e.links.Trace == "" {
			e.links.Trace = links.Trace
		}
		if e.links.Logs == "" {
			e.links.Logs = links.Logs
		}
	}
	return nil
}

func (e *trackerExporter) shutdown(ctx context.Context) error {
	if e.stop == nil {
		return nil
	}
	e.stop()
	e.stop = nil
	stopped := make(chan struct{})
	go func() { e.done.Wait(); close(stopped) }()
	var err error
	select {
	case <-stopped:
	case <-ctx.Done():
		err = ctx.Err()
	}
	e.client()
	e.telemetry.Shutdown()
	return err
}

// report tells the collector of a wrong credential, once, and of its end.
func (e *trackerExporter) report(x *wire.Error) {
	switch {
	case x != nil && x.Kind == wire.Unauthorized:
		if !e.denied.Swap(true) {
			e.log.Error("The tracker refuses the credential or the place: events wait until it is set right", zap.Error(x))
			componentstatus.ReportStatus(e.host, componentstatus.NewRecoverableErrorEvent(x))
		}
	case x == nil:
		if e.denied.Swap(false) {
			e.log.Info("The tracker takes the credential again")
			componentstatus.ReportStatus(e.host, componentstatus.NewEvent(componentstatus.StatusOK))
		}
	}
}

func (e *trackerExporter) count(ctx context.Context, o outcome) {
	e.telemetry.ExporterIssueTrackerEvents.Add(ctx, 1, metric.WithAttributeSet(attribute.NewSet(attribute.String("outcome", string(o)))))
}

func (e *trackerExporter) countAction(ctx context.Context, action string) {
	e.telemetry.ExporterIssueTrackerActions.Add(ctx, 1, metric.WithAttributeSet(attribute.NewSet(attribute.String("action", action))))
}
