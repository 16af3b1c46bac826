package sentryreceiver

import (
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/otel/attribute"
)

func attributeKey(s string) attribute.Key { return attribute.Key(s) }

func (s *testServer) metricStrings(out map[string]bool, attrs func(pcommon.Map), id func([]byte)) {
	exemplars := func(list pmetric.ExemplarSlice) {
		for _, e := range list.All() {
			trace, span := e.TraceID(), e.SpanID()
			id(trace[:])
			id(span[:])
		}
	}
	numbers := func(list pmetric.NumberDataPointSlice) {
		for _, dp := range list.All() {
			attrs(dp.Attributes())
			exemplars(dp.Exemplars())
		}
	}
	for _, md := range s.metrics.AllMetrics() {
		for _, rm := range md.ResourceMetrics().All() {
			attrs(rm.Resource().Attributes())
			for _, sm := range rm.ScopeMetrics().All() {
				for _, m := range sm.Metrics().All() {
					out[m.Name()] = true
					switch m.Type() {
					case pmetric.MetricTypeSum:
						numbers(m.Sum().DataPoints())
					case pmetric.MetricTypeGauge:
						numbers(m.Gauge().DataPoints())
					case pmetric.MetricTypeHistogram:
						for _, dp := range m.Histogram().DataPoints().All() {
							attrs(dp.Attributes())
							exemplars(dp.Exemplars())
						}
					}
				}
			}
		}
	}
}
