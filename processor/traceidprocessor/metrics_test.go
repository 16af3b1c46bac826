package traceidprocessor

import (
	"context"
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pmetric"
)

// TestExemplars visits the exemplars of every type of metric.
func TestExemplars(t *testing.T) {
	md := pmetric.NewMetrics()
	metrics := md.ResourceMetrics().AppendEmpty().ScopeMetrics().AppendEmpty().Metrics()
	slices := []pmetric.ExemplarSlice{
		metrics.AppendEmpty().SetEmptyGauge().DataPoints().AppendEmpty().Exemplars(),
		metrics.AppendEmpty().SetEmptySum().DataPoints().AppendEmpty().Exemplars(),
		metrics.AppendEmpty().SetEmptyHistogram().DataPoints().AppendEmpty().Exemplars(),
		metrics.AppendEmpty().SetEmptyExponentialHistogram().DataPoints().AppendEmpty().Exemplars(),
	}
	metrics.AppendEmpty().SetEmptySummary().DataPoints().AppendEmpty().Attributes().PutStr("issue.id", "forged")
	for _, s := range slices {
		for _, id := range []string{traceA, "", shortID, textID, ""} {
			e := s.AppendEmpty()
			e.SetTraceID(traceOf(t, id))
			e.SetSpanID([8]byte{1})
		}
		last := s.At(4)
		last.SetSpanID([8]byte{})
		last.FilteredAttributes().PutStr("trace_id", traceB)
		last.FilteredAttributes().PutStr("span_id", spanA)
		s.AppendEmpty() // no IDs at all: nothing to say
	}
	r := newRig(t, "{}")
	require.NoError(t, r.metric.ConsumeMetrics(context.Background(), md))
	for _, s := range slices {
		require.Equal(t, traceA, s.At(0).TraceID().String())
		for i := 1; i <= 3; i++ {
			require.True(t, s.At(i).TraceID().IsEmpty() && s.At(i).SpanID().IsEmpty())
		}
		require.Equal(t, traceB, s.At(4).TraceID().String())
		require.Equal(t, spanA, s.At(4).SpanID().String())
	}
	require.Equal(t, 0, metrics.At(4).Summary().DataPoints().At(0).Attributes().Len())
	r.counts(t, map[string]int64{
		"metrics/present/": 4, "metrics/invalid/zero_trace_id": 4, "metrics/invalid/short_trace_id": 4,
		"metrics/invalid/text_trace_id": 4, "metrics/recovered/trace_id": 4,
	})
}
