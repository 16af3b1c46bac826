package issuetrackerexporter

import (
	"context"
	"errors"
	"time"

	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/exporter/exporterhelper"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.uber.org/zap"

	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/wire"
	"github.com/otel-culprit/culprit/internal/issue/eventlog"
	"github.com/otel-culprit/culprit/internal/unsent"
)

// giveUp is after how many failures in a row the rest of a batch is not tried.
const giveUp = 3

// push does what the events of a batch ask for. What has to wait comes back as a partial error.
func (e *trackerExporter) push(ctx context.Context, ld plog.Logs) error {
	b := batch{trackerExporter: e, waits: map[string]bool{}}
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
	*trackerExporter
	unsent    unsent.Logs
	waits     map[string]bool // issues whose later events must not overtake
	waiting   []error
	wait      time.Duration // the shortest that something waits for; 0 = nothing said how long
	permanent []error
	failures  int // in a row
	closed    bool
}

func (b *batch) record(ctx context.Context, rl plog.ResourceLogs, sl plog.ScopeLogs, lr plog.LogRecord) {
	n, ok := eventlog.Read(rl.Resource(), lr)
	if !ok || n.Event == nil {
		b.count(ctx, invalid)
		return
	}
	if b.closed || b.waits[n.Issue.ID] {
		b.waits[n.Issue.ID] = true
		b.unsent.Add(rl, sl, lr)
		return
	}
	out, err := b.handle(ctx, &n)
	if err == nil {
		b.failures = 0
		if out == sent {
			b.report(nil)
		}
		b.count(ctx, out)
		return
	}
	x := wire.As(err)
	b.report(x)
	if x.Kind == wire.Refused {
		b.failures = 0
		b.count(ctx, rejected)
		b.permanent = append(b.permanent, err)
		return
	}
	b.telemetry.ExporterIssueTrackerAttempts.Add(ctx, 1)
	b.waits[n.Issue.ID] = true
	b.unsent.Add(rl, sl, lr)
	if len(b.waiting) < giveUp {
		b.waiting = append(b.waiting, err)
	}
	if x.Wait > 0 && (b.wait == 0 || x.Wait < b.wait) {
		b.wait = x.Wait
	}
	if x.Local {
		return
	}
	b.failures++
	// A target that is closed stays so, and one that does not answer is asked again later.
	b.closed = x.Kind != wire.Later || b.failures >= giveUp || ctx.Err() != nil
}

// result is the batch's error. Permanent failures beside others are logged, because the error can only be
// one of both.
func (b *batch) result() error {
	permanent := errors.Join(b.permanent...)
	if b.unsent.Len() == 0 {
		if permanent == nil {
			return nil
		}
		return consumererror.NewPermanent(permanent)
	}
	if permanent != nil {
		b.log.Error("Events were refused by the tracker", zap.Int("events", len(b.permanent)), zap.Error(permanent))
	}
	err := errors.Join(b.waiting...)
	if b.wait > 0 {
		err = exporterhelper.NewThrottleRetry(err, b.wait)
	}
	return consumererror.NewLogs(err, b.unsent.Logs())
}
