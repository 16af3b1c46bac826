package lokiexporter

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/exporter/exporterhelper"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.uber.org/zap"

	"github.com/otel-culprit/culprit/exporter/lokiexporter/internal/metadata"
)

// Outcomes of otelcol_exporter_loki_entries.
const (
	accepted = "accepted"
	rejected = "rejected"
)

type lokiExporter struct {
	cfg       *Config
	set       component.TelemetrySettings
	telemetry *metadata.TelemetryBuilder
	client    *http.Client
	labeler   *labeler
	turns     *turns
	warned    sync.Map // label names and reasons that were logged once
	host      component.Host
	failing   atomic.Bool // the last push was not taken
}

func newExporter(cfg *Config, set exporter.Settings) (*lokiExporter, error) {
	telemetry, err := metadata.NewTelemetryBuilder(set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	e := &lokiExporter{cfg: cfg, set: set.TelemetrySettings, telemetry: telemetry, turns: newTurns()}
	e.labeler = newLabeler(cfg.Labels, e.countOverflow)
	return e, nil
}

func (e *lokiExporter) start(ctx context.Context, host component.Host) error {
	for _, told := range e.cfg.migrated {
		e.set.Logger.Warn("Configuration of the retired upstream exporter: " + told)
	}
	client, err := e.cfg.HTTP.ToClient(ctx, host.GetExtensions(), e.set)
	if err != nil {
		return err
	}
	e.client, e.host = client, host
	return nil
}

func (e *lokiExporter) shutdown(context.Context) error {
	if e.client != nil {
		e.client.CloseIdleConnections()
	}
	e.telemetry.Shutdown()
	return nil
}

// push sends a batch. Entries that Loki rejects for good are counted and not sent again; what could
// not be delivered comes back as an error that holds only those records.
func (e *lokiExporter) push(ctx context.Context, logs plog.Logs) error {
	pending := e.requests(logs)
	var failed []*request
	var errs []error
	for len(pending) > 0 {
		r := pending[0]
		pending = pending[1:]
		res := e.send(ctx, r)
		switch {
		case res.err == nil:
			e.count(ctx, r.size()-total(res.rejected), accepted, "")
			e.reject(ctx, r, res)
		case res.tooLarge:
			if a, b, ok := r.halves(); ok {
				pending = append(pending, a, b)
				continue
			}
			res.rejected = []rejection{{rejectionReason(res.detail), 1}}
			e.reject(ctx, r, res)
		default:
			failed = append(failed, r)
			errs = append(errs, res.err)
		}
	}
	return e.report(e.failure(logs, failed, errs))
}

// failure joins the errors. A permanent one makes only its own records permanent: they are given up
// and counted, the others are offered again.
func (e *lokiExporter) failure(logs plog.Logs, failed []*request, errs []error) error {
	var again []*request
	var retry, final []error
	for i, err := range errs {
		if consumererror.IsPermanent(err) {
			final = append(final, err)
			continue
		}
		retry = append(retry, err)
		again = append(again, failed[i])
	}
	if len(retry) == 0 {
		return errors.Join(final...)
	}
	for _, err := range final {
		e.set.Logger.Error("Loki refused a push for good, its entries are dropped", zap.Error(err))
	}
	err := throttle(retry)
	if len(again) == len(failed) && sizeOf(again) == logs.LogRecordCount() {
		return err
	}
	return consumererror.NewLogs(err, unsent(logs, again))
}

// throttle keeps the longest wait that the server asked for.
func throttle(errs []error) error {
	err := errors.Join(errs...)
	var wait retryAfter
	for _, one := range errs {
		var r retryAfter
		if errors.As(one, &r) && r.delay > wait.delay {
			wait = r
		}
	}
	if wait.delay > 0 {
		return exporterhelper.NewThrottleRetry(err, wait.delay)
	}
	return err
}

func sizeOf(requests []*request) int {
	n := 0
	for _, r := range requests {
		n += r.size()
	}
	return n
}

// reject counts and logs, once per reason, entries that Loki will never take.
func (e *lokiExporter) reject(ctx context.Context, r *request, res result) {
	for _, x := range res.rejected {
		e.count(ctx, x.entries, rejected, x.reason)
		if _, told := e.warned.LoadOrStore("reason "+x.reason, true); !told {
			e.set.Logger.Warn("Loki rejected entries; further ones are only counted (otelcol_exporter_loki_entries)",
				zap.String("reason", x.reason), zap.Int("entries", x.entries), zap.Time("oldest", r.oldest()), zap.String("answer", head(res.detail, 300)))
		}
	}
}

func (e *lokiExporter) count(ctx context.Context, n int, outcome, reason string) {
	if n > 0 {
		e.telemetry.ExporterLokiEntries.Add(ctx, int64(n), metric.WithAttributeSet(attribute.NewSet(
			attribute.String("outcome", outcome), attribute.String("reason", reason))))
	}
}

func (e *lokiExporter) countTrimmed(part string) {
	e.telemetry.ExporterLokiTrimmed.Add(context.Background(), 1, metric.WithAttributeSet(attribute.NewSet(attribute.String("part", part))))
}

func (e *lokiExporter) countOverflow(label string) {
	e.telemetry.ExporterLokiLabelOverflow.Add(context.Background(), 1, metric.WithAttributeSet(attribute.NewSet(attribute.String("label", label))))
	if _, told := e.warned.LoadOrStore("label "+label, true); !told {
		e.set.Logger.Warn("A label has too many values: further ones become structured metadata. Take it out of 'labels', or raise 'labels::max_values'",
			zap.String("label", label), zap.Int("max_values", e.cfg.Labels.MaxValues))
	}
}

// head is the beginning of a server's answer, on one line.
func head(s string, n int) string {
	s, _ = shorten(s, n)
	return strings.Join(strings.Fields(s), " ")
}
