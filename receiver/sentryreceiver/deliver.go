package sentryreceiver

import (
	"context"
	"errors"

	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.uber.org/zap"
)

// parcel is what one request was converted to, as far as it is not delivered.
type parcel struct {
	logs      plog.Logs
	traces    ptrace.Traces
	metrics   pmetric.Metrics
	has       signals
	size      int64 // memory it takes: the request's text and the values made of it
	permanent error // why a pipeline refused a part for good
}

const format = "sentry"

// deliver offers a parcel to the pipelines and takes out of it what they took, or refused for good.
// The error says that something is left for later.
func (s *sentryReceiver) deliver(ctx context.Context, p *parcel) (retry error) {
	if p.has.logs {
		retry = errors.Join(retry, s.deliverLogs(ctx, p))
	}
	if p.has.traces {
		retry = errors.Join(retry, s.deliverTraces(ctx, p))
	}
	if p.has.metrics {
		retry = errors.Join(retry, s.deliverMetrics(ctx, p))
	}
	return retry
}

func (s *sentryReceiver) deliverLogs(ctx context.Context, p *parcel) error {
	n := p.logs.LogRecordCount()
	if s.logs == nil {
		p.has.logs = false
		s.countItems(ctx, "log_record", "no_pipeline", int64(n))
		return nil
	}
	op := s.obs.StartLogsOp(ctx)
	data := p.logs
	if s.logs.Capabilities().MutatesData { // it may be offered again
		data = plog.NewLogs()
		p.logs.CopyTo(data)
	}
	err := s.logs.ConsumeLogs(op, data)
	s.obs.EndLogsOp(op, format, n, err)
	var partial consumererror.Logs
	if errors.As(err, &partial) {
		p.logs = partial.Data()
	}
	p.has.logs = s.again(ctx, p, err, "log_record", int64(n))
	return retryable(p.has.logs, err)
}

func (s *sentryReceiver) deliverTraces(ctx context.Context, p *parcel) error {
	n := p.traces.SpanCount()
	if s.traces == nil {
		p.has.traces = false
		s.countItems(ctx, "span", "no_pipeline", int64(n))
		return nil
	}
	op := s.obs.StartTracesOp(ctx)
	data := p.traces
	if s.traces.Capabilities().MutatesData {
		data = ptrace.NewTraces()
		p.traces.CopyTo(data)
	}
	err := s.traces.ConsumeTraces(op, data)
	s.obs.EndTracesOp(op, format, n, err)
	var partial consumererror.Traces
	if errors.As(err, &partial) {
		p.traces = partial.Data()
	}
	p.has.traces = s.again(ctx, p, err, "span", int64(n))
	return retryable(p.has.traces, err)
}

func (s *sentryReceiver) deliverMetrics(ctx context.Context, p *parcel) error {
	n := p.metrics.DataPointCount()
	if s.metrics == nil {
		p.has.metrics = false
		s.countItems(ctx, "data_point", "no_pipeline", int64(n))
		return nil
	}
	op := s.obs.StartMetricsOp(ctx)
	data := p.metrics
	if s.metrics.Capabilities().MutatesData {
		data = pmetric.NewMetrics()
		p.metrics.CopyTo(data)
	}
	err := s.metrics.ConsumeMetrics(op, data)
	s.obs.EndMetricsOp(op, format, n, err)
	var partial consumererror.Metrics
	if errors.As(err, &partial) {
		p.metrics = partial.Data()
	}
	p.has.metrics = s.again(ctx, p, err, "data_point", int64(n))
	return retryable(p.has.metrics, err)
}

// again judges a pipeline's answer: true = offer the same later.
func (s *sentryReceiver) again(ctx context.Context, p *parcel, err error, kind string, n int64) bool {
	if err == nil {
		return false
	}
	if !consumererror.IsPermanent(err) {
		return true
	}
	p.permanent = errors.Join(p.permanent, err)
	s.countItems(ctx, kind, "refused", n)
	s.log.Error("Pipeline refused data for good", zap.String("kind", kind), zap.Int64("count", n), zap.Error(err))
	return false
}

func retryable(again bool, err error) error {
	if again {
		return err
	}
	return nil
}

// countLost counts what the spool could not deliver before the end.
func (s *sentryReceiver) countLost(p *parcel) {
	ctx := context.Background()
	if p.has.logs {
		s.countItems(ctx, "log_record", "lost", int64(p.logs.LogRecordCount()))
	}
	if p.has.traces {
		s.countItems(ctx, "span", "lost", int64(p.traces.SpanCount()))
	}
	if p.has.metrics {
		s.countItems(ctx, "data_point", "lost", int64(p.metrics.DataPointCount()))
	}
}

func (s *sentryReceiver) countItems(ctx context.Context, kind, outcome string, n int64) {
	s.telemetry.ReceiverSentryItems.Add(ctx, n, itemOption(kind, outcome))
}

// count writes what became of the items of a request.
func (s *sentryReceiver) count(ctx context.Context, t *tally) {
	for _, i := range t.items {
		s.countItems(ctx, i.kind, i.outcome, i.n)
	}
	for _, d := range t.discarded {
		s.telemetry.ReceiverSentryClientDiscarded.Add(ctx, d.Quantity, metric.WithAttributeSet(attribute.NewSet(
			attribute.String("reason", string(d.Reason)), attribute.String("category", string(d.Category)))))
	}
}
