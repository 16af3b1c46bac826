package sentryissueexporter

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/exporter/exporterhelper"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/otel/metric"
	"go.uber.org/zap"

	"github.com/otel-culprit/culprit/exporter/sentryissueexporter/internal/metadata"
	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/issue/eventlog"
	"github.com/otel-culprit/culprit/internal/sentryproto"
	"github.com/otel-culprit/culprit/internal/unsent"
)

// reportInterval is how often client reports are sent, where there is something to report.
const reportInterval = 30 * time.Second

// sentryExporter turns log records into events and sends each in an envelope of its own.
type sentryExporter struct {
	cfg       *Config
	set       exporter.Settings
	log       *zap.Logger
	sdk       sentryproto.SDK
	telemetry *metadata.TelemetryBuilder
	measure   func([]byte) int // size after compression; nil = not compressed

	fallback *target            // of cfg.DSN; nil = none
	routes   map[string]*target // by value of the routing attribute
	targets  []*target          // all of them, each DSN once

	stop context.CancelFunc // ends the loop of client reports; nil before start
	done sync.WaitGroup
}

func newExporter(cfg *Config, set exporter.Settings) (*sentryExporter, error) {
	telemetry, err := metadata.NewTelemetryBuilder(set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	e := &sentryExporter{
		cfg: cfg, set: set, log: set.Logger, telemetry: telemetry,
		sdk:     sentryproto.SDK{Name: token(set.BuildInfo.Command), Version: token(set.BuildInfo.Version)},
		measure: compressedSize(cfg.HTTP.Compression),
		routes:  make(map[string]*target, len(cfg.Routing.DSNs)),
	}
	byDSN := map[sentryproto.DSN]*target{} // services that share a DSN share its rate limits
	add := func(s string) (*target, error) {
		dsn, err := sentryproto.ParseDSN(s)
		if err != nil {
			return nil, err
		}
		t := byDSN[dsn]
		if t == nil {
			t = newTarget(dsn, e.sdk)
			byDSN[dsn] = t
			e.targets = append(e.targets, t)
		}
		return t, nil
	}
	if cfg.DSN != "" {
		if e.fallback, err = add(string(cfg.DSN)); err != nil {
			return nil, err
		}
	}
	for value, dsn := range cfg.Routing.DSNs {
		if e.routes[value], err = add(string(dsn)); err != nil {
			return nil, err
		}
	}
	return e, nil
}

func (e *sentryExporter) start(ctx context.Context, host component.Host) error {
	client, err := e.cfg.HTTP.ToClient(ctx, host.GetExtensions(), e.set.TelemetrySettings)
	if err != nil {
		return err
	}
	// A redirected POST becomes a GET, and its key would go to another host: report it instead.
	client.CheckRedirect = func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
	for _, t := range e.targets {
		t.client = client
	}
	loop, stop := context.WithCancel(context.Background())
	e.stop = stop
	e.done.Go(func() {
		ticker := time.NewTicker(reportInterval)
		defer ticker.Stop()
		for {
			select {
			case <-loop.Done():
				return
			case <-ticker.C:
				e.sendReports(loop)
			}
		}
	})
	return nil
}

func (e *sentryExporter) shutdown(ctx context.Context) error {
	if e.stop == nil {
		return nil
	}
	e.stop()
	e.stop = nil
	e.done.Wait()
	e.sendReports(ctx)
	e.targets[0].client.CloseIdleConnections()
	e.telemetry.Shutdown()
	return nil
}

func (e *sentryExporter) sendReports(ctx context.Context) {
	for _, t := range e.targets {
		if err := t.sendReports(ctx); err != nil {
			e.log.Debug("Client report was not sent", zap.Stringer("dsn", t.dsn), zap.Error(err))
		}
	}
}

// push sends the events of a batch. What could not be sent for now comes back as a partial error, so
// that nothing is sent twice.
func (e *sentryExporter) push(ctx context.Context, ld plog.Logs) error {
	b := batch{sentryExporter: e}
	for _, rl := range ld.ResourceLogs().All() {
		for _, sl := range rl.ScopeLogs().All() {
			for _, lr := range sl.LogRecords().All() {
				b.record(ctx, rl, sl, lr)
			}
		}
	}
	return b.result()
}

// batch is the work on one call of push.
type batch struct {
	*sentryExporter
	unsent    unsent.Logs
	waiting   []error // of events that stay in the queue
	wait      time.Duration
	permanent []error
	told      map[*target]bool  // targets whose limit is among waiting
	failed    map[*target]error // targets that do not answer: the rest of the batch is not tried
}

func (b *batch) record(ctx context.Context, rl plog.ResourceLogs, sl plog.ScopeLogs, lr plog.LogRecord) {
	notice, ok := eventlog.Read(rl.Resource(), lr)
	switch {
	case !ok || notice.Event == nil:
		b.count(ctx, countInvalid)
		return
	case notice.Name != issue.EventOccurrence:
		b.count(ctx, countSkipped)
		return
	}
	t := b.route(rl.Resource(), notice.Event)
	if t == nil {
		b.count(ctx, countNoDSN)
		b.permanent = append(b.permanent, fmt.Errorf("no DSN for service %q: set 'dsn', or an entry under 'routing::dsns'", notice.Event.Service))
		return
	}
	if err := b.failed[t]; err != nil {
		b.keep(ctx, rl, sl, lr)
		return
	}
	if wait := t.limits.Wait(sentryproto.CategoryError, time.Now()); wait > 0 {
		b.limited(ctx, t, wait, true, rl, sl, lr)
		return
	}
	event := newEvent(&notice, b.cfg.Grouping)
	event.SDK = &b.sdk
	event.Normalize()
	payload, trimmed, err := event.MarshalTrimmed(b.measure)
	if err != nil {
		b.count(ctx, countInvalid)
		b.permanent = append(b.permanent, err)
		return
	}
	if trimmed {
		b.telemetry.ExporterSentryIssueTrimmed.Add(ctx, 1)
	}
	res := t.sendEvent(ctx, event.EventID, payload)
	switch res.outcome {
	case sent:
		b.count(ctx, countSent)
	case refused:
		t.reports.Add(sentryproto.ReasonSendError, sentryproto.CategoryError, 1)
		b.count(ctx, countRejected)
		b.permanent = append(b.permanent, res.err)
	case throttled:
		b.limited(ctx, t, res.wait, false, rl, sl, lr)
	case failed:
		if b.failed == nil {
			b.failed = map[*target]error{}
		}
		b.failed[t] = res.err
		b.waiting = append(b.waiting, res.err)
		b.wait = max(b.wait, res.wait)
		b.keep(ctx, rl, sl, lr)
	}
}

// limited keeps an event until a rate limit ends, or drops it when that takes too long. Only what was
// dropped without being sent is reported: the server knows of what it refused.
func (b *batch) limited(ctx context.Context, t *target, wait time.Duration, report bool, rl plog.ResourceLogs, sl plog.ScopeLogs, lr plog.LogRecord) {
	err := fmt.Errorf("%s takes no errors for another %s (rate limit)", t.dsn, wait.Round(time.Second))
	if wait > b.cfg.MaxRateLimitWait {
		if report {
			t.reports.Add(sentryproto.ReasonRateLimit, sentryproto.CategoryError, 1)
		}
		b.count(ctx, countRateLimited)
		b.permanent = append(b.permanent, err)
		return
	}
	if !b.told[t] {
		if b.told == nil {
			b.told = map[*target]bool{}
		}
		b.told[t] = true
		b.waiting = append(b.waiting, err)
	}
	b.wait = max(b.wait, wait)
	b.keep(ctx, rl, sl, lr)
}

// keep copies a record into the batch that is tried again.
func (b *batch) keep(ctx context.Context, rl plog.ResourceLogs, sl plog.ScopeLogs, lr plog.LogRecord) {
	b.telemetry.ExporterSentryIssueAttempts.Add(ctx, 1)
	b.unsent.Add(rl, sl, lr)
}

// result is the batch's error. Permanent failures beside others are logged, because the error can
// only be one of both.
func (b *batch) result() error {
	permanent := errors.Join(b.permanent...)
	if b.unsent.Len() == 0 {
		if permanent == nil {
			return nil
		}
		return consumererror.NewPermanent(permanent)
	}
	if permanent != nil {
		b.log.Error("Events were dropped", zap.Int("events", len(b.permanent)), zap.Error(permanent))
	}
	err := errors.Join(b.waiting...)
	if b.wait > 0 {
		err = exporterhelper.NewThrottleRetry(err, b.wait)
	}
	return consumererror.NewLogs(err, b.unsent.Logs())
}

func (b *batch) count(ctx context.Context, outcome metric.AddOption) {
	b.telemetry.ExporterSentryIssueEvents.Add(ctx, 1, outcome)
}

// route finds the target of an event; nil = there is none.
func (e *sentryExporter) route(res pcommon.Resource, event *issue.Event) *target {
	if len(e.routes) > 0 {
		value := event.Service
		if v, ok := res.Attributes().Get(e.cfg.Routing.Attribute); ok {
			value = v.AsString()
		} else if e.cfg.Routing.Attribute != "service.name" {
			value = ""
		}
		if t := e.routes[value]; t != nil {
			return t
		}
	}
	return e.fallback
}
