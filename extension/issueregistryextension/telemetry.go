package issueregistryextension

import (
	"context"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/otel-culprit/culprit/extension/issueregistryextension/internal/metadata"
	"github.com/otel-culprit/culprit/internal/issue"
)

// telemetry makes metrics of what the core does.
type telemetry struct {
	b *metadata.TelemetryBuilder
}

var _ issue.Observer = (*telemetry)(nil)

var (
	verdictCounted  = metric.WithAttributeSet(attribute.NewSet(attribute.String("verdict", "counted")))
	verdictRepeat   = metric.WithAttributeSet(attribute.NewSet(attribute.String("verdict", "repeat")))
	verdictResent   = metric.WithAttributeSet(attribute.NewSet(attribute.String("verdict", "resent")))
	verdictOverflow = metric.WithAttributeSet(attribute.NewSet(attribute.String("verdict", "overflow")))
	outcomeSuccess  = metric.WithAttributeSet(attribute.NewSet(attribute.String("outcome", "success")))
	outcomeFailure  = metric.WithAttributeSet(attribute.NewSet(attribute.String("outcome", "failure")))
)

func newTelemetry(set component.TelemetrySettings) (*telemetry, error) {
	b, err := metadata.NewTelemetryBuilder(set)
	return &telemetry{b}, err
}

func (t *telemetry) watch(core *issue.Core, store issue.Store) error {
	if err := t.b.RegisterExtensionIssueRegistryIssuesCallback(func(_ context.Context, o metric.Int64Observer) error {
		o.Observe(int64(core.Size()))
		return nil
	}); err != nil {
		return err
	}
	return t.b.RegisterExtensionIssueRegistryStoreSizeCallback(func(ctx context.Context, o metric.Int64Observer) error {
		n, err := store.Size(ctx)
		if err == nil {
			o.Observe(n)
		}
		return nil // a store that is away is told of elsewhere
	})
}

func (t *telemetry) shutdown() { t.b.Shutdown() }

// Judged implements [issue.Observer].
func (t *telemetry) Judged(occurrences, repeats, resent, overflow, fresh int) {
	ctx := context.Background()
	add := func(n int, o metric.MeasurementOption) {
		if n > 0 {
			t.b.ExtensionIssueRegistryOccurrences.Add(ctx, int64(n), o)
		}
	}
	add(occurrences-overflow, verdictCounted)
	add(repeats, verdictRepeat)
	add(resent, verdictResent)
	add(overflow, verdictOverflow)
	if fresh > 0 {
		t.b.ExtensionIssueRegistryNewIssues.Add(ctx, int64(fresh))
	}
}

// Flushed implements [issue.Observer].
func (t *telemetry) Flushed(issues int, took time.Duration, err error) {
	ctx := context.Background()
	outcome := outcomeSuccess
	if err != nil {
		outcome = outcomeFailure
	}
	t.b.ExtensionIssueRegistryWrites.Add(ctx, int64(issues), outcome)
	t.b.ExtensionIssueRegistryWriteDuration.Record(ctx, took.Seconds())
}

// Evicted implements [issue.Observer].
func (t *telemetry) Evicted(n int, reason string) {
	t.b.ExtensionIssueRegistryEvictions.Add(context.Background(), int64(n), metric.WithAttributes(attribute.String("reason", reason)))
}
