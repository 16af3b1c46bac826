package piiredactionprocessor

import (
	"context"

	"github.com/open-telemetry/opentelemetry-collector-contrib/pkg/pdatautil"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
)

func (c *core) processMetrics(ctx context.Context, md pmetric.Metrics) (pmetric.Metrics, error) {
	r := c.begin("metrics")
	collisions := int64(0)
	resources := md.ResourceMetrics()
	r.each(resources.Len(), func(i int) {
		rm := resources.At(i)
		r.resource(rm.Resource())
		if out, changed := r.text(rm.SchemaUrl(), nil); changed {
			rm.SetSchemaUrl(out)
		}
		scopes := rm.ScopeMetrics()
		for j := range scopes.Len() {
			sm := scopes.At(j)
			r.scope(sm.Scope())
			if out, changed := r.text(sm.SchemaUrl(), nil); changed {
				sm.SetSchemaUrl(out)
			}
			metrics := sm.Metrics()
			for k := range metrics.Len() {
				collisions += r.metric(metrics.At(k))
			}
		}
	})
	if collisions > 0 {
		c.telemetry.ProcessorPiiRedactionCollisions.Add(ctx, collisions)
	}
	r.end(ctx)
	return md, nil
}

// metric redacts a metric; it returns the number of its points that have become equal to another.
func (r *redactor) metric(m pmetric.Metric) int64 {
	r.where = inMetric
	if out, changed := r.text(m.Name(), nil); changed {
		m.SetName(out)
	}
	if out, changed := r.text(m.Description(), nil); changed {
		m.SetDescription(out)
	}
	if out, changed := r.name(m.Unit()); changed {
		m.SetUnit(out)
	}
	r.attributes(m.Metadata(), 0)
	r.record()
	switch m.Type() {
	case pmetric.MetricTypeGauge:
		return numbers(r, m.Gauge().DataPoints())
	case pmetric.MetricTypeSum:
		return numbers(r, m.Sum().DataPoints())
	case pmetric.MetricTypeHistogram:
		return points(r, m.Histogram().DataPoints(), func(p pmetric.HistogramDataPoint) (pcommon.Map, pmetric.ExemplarSlice) {
			return p.Attributes(), p.Exemplars()
		})
	case pmetric.MetricTypeExponentialHistogram:
		return points(r, m.ExponentialHistogram().DataPoints(), func(p pmetric.ExponentialHistogramDataPoint) (pcommon.Map, pmetric.ExemplarSlice) {
			return p.Attributes(), p.Exemplars()
		})
	case pmetric.MetricTypeSummary:
		none := pmetric.NewExemplarSlice()
		return points(r, m.Summary().DataPoints(), func(p pmetric.SummaryDataPoint) (pcommon.Map, pmetric.ExemplarSlice) {
			return p.Attributes(), none
		})
	}
	return 0
}

func numbers(r *redactor, s pmetric.NumberDataPointSlice) int64 {
	return points(r, s, func(p pmetric.NumberDataPoint) (pcommon.Map, pmetric.ExemplarSlice) {
		return p.Attributes(), p.Exemplars()
	})
}

// points redacts the attributes of data points and of their exemplars. Points are not merged when they
// become equal: what their sum would mean only the reader knows.
func points[P any](r *redactor, s interface {
	Len() int
	At(int) P
}, of func(P) (pcommon.Map, pmetric.ExemplarSlice),
) int64 {
	before := 0
	for i := range s.Len() {
		attributes, exemplars := of(s.At(i))
		r.where = inDatapoint
		at := r.found
		r.attributes(attributes, 0)
		before += r.found - at
		r.where = inExemplar
		for k := range exemplars.Len() {
			r.attributes(exemplars.At(k).FilteredAttributes(), 0)
		}
	}
	if before == 0 || s.Len() < 2 || r.cfg.DryRun {
		return 0
	}
	seen := make(map[[16]byte]struct{}, s.Len())
	for i := range s.Len() {
		attributes, _ := of(s.At(i))
		seen[pdatautil.MapHash(attributes)] = struct{}{}
	}
	return int64(s.Len() - len(seen))
}
