package traceidprocessor

import (
	"context"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/otel-culprit/culprit/internal/tracecontext"
)

// processMetrics clears IDs of exemplars that cannot be used. Data points pass as they are.
func (c *core) processMetrics(ctx context.Context, md pmetric.Metrics) (pmetric.Metrics, error) {
	t := tally{stats: c.stats, signal: signalMetrics}
	for _, rm := range md.ResourceMetrics().All() {
		resource := rm.Resource().Attributes()
		c.scrub(resource)
		t.service = serviceName(resource)
		for _, sm := range rm.ScopeMetrics().All() {
			c.scrub(sm.Scope().Attributes())
			for _, m := range sm.Metrics().All() {
				c.metric(m, &t)
			}
		}
		t.flush(ctx)
	}
	return md, nil
}

func (c *core) metric(m pmetric.Metric, t *tally) {
	switch m.Type() {
	case pmetric.MetricTypeGauge:
		c.numbers(m.Gauge().DataPoints(), t)
	case pmetric.MetricTypeSum:
		c.numbers(m.Sum().DataPoints(), t)
	case pmetric.MetricTypeHistogram:
		for _, dp := range m.Histogram().DataPoints().All() {
			c.scrub(dp.Attributes())
			c.exemplars(dp.Exemplars(), t)
		}
	case pmetric.MetricTypeExponentialHistogram:
		for _, dp := range m.ExponentialHistogram().DataPoints().All() {
			c.scrub(dp.Attributes())
			c.exemplars(dp.Exemplars(), t)
		}
	case pmetric.MetricTypeSummary:
		for _, dp := range m.Summary().DataPoints().All() {
			c.scrub(dp.Attributes())
		}
	}
}

func (c *core) numbers(points pmetric.NumberDataPointSlice, t *tally) {
	for _, dp := range points.All() {
		c.scrub(dp.Attributes())
		c.exemplars(dp.Exemplars(), t)
	}
}

// exemplars checks the IDs of exemplars, and reads them from the labels where they are not set:
// Prometheus writes trace_id and span_id as labels.
func (c *core) exemplars(list pmetric.ExemplarSlice, t *tally) {
	for _, e := range list.All() {
		attrs := e.FilteredAttributes()
		c.scrub(attrs)
		shape := tracecontext.ShapeOf(e.TraceID())
		switch {
		case shape == tracecontext.ShapeValid:
			t.count(present, "")
			continue
		case shape != tracecontext.ShapeZero:
			t.count(invalid, shape.String()+"_trace_id")
		case !e.SpanID().IsEmpty():
			t.count(invalid, zeroTrace)
		default:
			c.fromLabels(e, attrs, t)
			continue
		}
		e.SetTraceID(pcommon.TraceID{})
		e.SetSpanID(pcommon.SpanID{})
	}
}

func (c *core) fromLabels(e pmetric.Exemplar, attrs pcommon.Map, t *tally) {
	if attrs.Len() == 0 {
		return
	}
	var scan tracecontext.Scan
	c.finder.Attributes(attrs, &scan)
	if found, ok := scan.Result(); ok {
		e.SetTraceID(found.TraceID)
		e.SetSpanID(found.SpanID)
		t.count(recovered, found.Key.Name)
	}
}
