package errorissueprocessor

import (
	"context"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/metric"

	"github.com/otel-culprit/culprit/internal/grouping"
	"github.com/otel-culprit/culprit/internal/issue"
)

// attributeSets are the attributes of the component's metrics, made once.
type attributeSets struct {
	errors   map[errorKind]metric.MeasurementOption
	overflow map[string]metric.MeasurementOption
}

type errorKind struct {
	signal string
	basis  grouping.Basis
	repeat bool
}

func newAttributeSets() *attributeSets {
	s := &attributeSets{errors: map[errorKind]metric.MeasurementOption{}, overflow: map[string]metric.MeasurementOption{}}
	for _, signal := range []string{"logs", "traces"} {
		s.overflow[signal] = metric.WithAttributeSet(attribute.NewSet(attribute.String("signal", signal)))
		for _, basis := range []grouping.Basis{grouping.ByRule, grouping.ByStack, grouping.ByMessage, grouping.ByOperation} {
			for _, repeat := range []bool{false, true} {
				s.errors[errorKind{signal, basis, repeat}] = metric.WithAttributeSet(attribute.NewSet(
					attribute.String("signal", signal), attribute.String("basis", string(basis)), attribute.Bool("repeat", repeat)))
			}
		}
	}
	return s
}

func signalOf(s issue.Signal) string {
	if s == issue.SpanEvent || s == issue.FailedSpan {
		return "traces"
	}
	return "logs"
}

// kindCount counts the errors of one kind of one batch.
type kindCount struct {
	errorKind
	n int64
}

func (b *batch) count(kind errorKind) {
	for i := range b.counts {
		if b.counts[i].errorKind == kind {
			b.counts[i].n++
			return
		}
	}
	b.counts = append(b.counts, kindCount{kind, 1})
}

// tell adds what was counted to the metrics.
func (b *batch) tell(ctx context.Context) {
	for _, k := range b.counts {
		if set, ok := b.core.attrs.errors[k.errorKind]; ok {
			b.core.telemetry.ProcessorErrorIssueErrors.Add(ctx, k.n, set)
		}
	}
	b.counts = b.counts[:0]
}

func (c *core) countOverflow(o *issue.Occurrence) {
	c.telemetry.ProcessorErrorIssueOverflow.Add(context.Background(), 1, c.attrs.overflow[signalOf(o.Signal)])
}
