package sentryreceiver

import (
	"context"
	"errors"

	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"
	"go.uber.org/zap"
)

const format = "sentry"

// deliver offers a batch to the pipelines, which may change it, and takes out of it what they took, or
// refused for good. The error says that something is left for later.
func (s *sentryReceiver) deliver(ctx context.Context, b *batch) (retry error) {
	if b.has.logs {
		retry = errors.Join(retry, s.deliverLogs(ctx, b))
	}
	if b.has.traces {
		retry = errors.Join(retry, s.deliverTraces(ctx, b))
	}
	if b.has.metrics {
		retry = errors.Join(retry, s.deliverMetrics(ctx, b))
	}
	return retry
}

func (s *sentryReceiver) deliverLogs(ctx context.Context, b *batch) error {
	n := b.logs.LogRecordCount()
	if s.logs == nil {
		b.has.logs = false
		s.countItems(ctx, "log_record", "no_pipeline", int64(n))
		return nil
	}
	op := s.obs.StartLogsOp(ctx)
	err := s.logs.ConsumeLogs(op, b.logs)
	s.obs.EndLogsOp(op, format, n, err)
	if err != nil {
		var partial consumererror.Logs
		if errors.As(err, &partial) {
			b.logs, b.partial.logs = partial.Data(), true
		}
	}
	b.has.logs = s.again(ctx, b, err, "log_record", int64(n))
	return retryable(b.has.logs, err)
}

func (s *sentryReceiver) deliverTraces(ctx context.Context, b *batch) error {
	n := b.traces.SpanCount()
	if s.traces == nil {
		b.has.traces = false
		s.countItems(ctx, "span", "no_pipeline", int64(n))
		return nil
	}
	op := s.obs.StartTracesOp(ctx)
	err := s.traces.ConsumeTraces(op, b.traces)
	s.obs.EndTracesOp(op, format, n, err)
	if err != nil {
		var partial consumererror.Traces
		if errors.As(err, &partial) {
			b.traces, b.partial.traces = partial.Data(), true
		}
	}
	b.has.traces = s.again(ctx, b, err, "span", int64(n))
	return retryable(b.has.traces, err)
}

func (s *sentryReceiver) deliverMetrics(ctx context.Context, b *batch) error {
	n := b.metrics.DataPointCount()
	if s.metrics == nil {
		b.has.metrics = false
		s.countItems(ctx, "data_point", "no_pipeline", int64(n))
		return nil
	}
	op := s.obs.StartMetricsOp(ctx)
	err := s.metrics.ConsumeMetrics(op, b.metrics)
	s.obs.EndMetricsOp(op, format, n, err)
	if err != nil {
		var partial consumererror.Metrics
		if errors.As(err, &partial) {
			b.metrics, b.partial.metrics = partial.Data(), true
		}
	}
	b.has.metrics = s.again(ctx, b, err, "data_point", int64(n))
	return retryable(b.has.metrics, err)
}

// again judges a pipeline's answer: true = offer the same later.
func (s *sentryReceiver) again(ctx context.Context, b *batch, err error, kind string, n int64) bool {
	if err == nil {
		return false
	}
	if !consumererror.IsPermanent(err) {
		return true
	}
	b.permanent = errors.Join(b.permanent, err)
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
	b, err := p.batch(s)
	if err != nil {
		return
	}
	if b.has.logs {
		s.countItems(ctx, "log_record", "lost", int64(b.logs.LogRecordCount()))
	}
	if b.has.traces {
		s.countItems(ctx, "span", "lost", int64(b.traces.SpanCount()))
	}
	if b.has.metrics {
		s.countItems(ctx, "data_point", "lost", int64(b.metrics.DataPointCount()))
	}
}

func (s *sentryReceiver) countItems(ctx context.Context, kind, outcome string, n int64) {
	s.telemetry.ReceiverSentryItems.Add(ctx, n, itemOption(kind, outcome)...)
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
