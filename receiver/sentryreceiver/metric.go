package sentryreceiver

import (
	"math"
	"sort"

	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"

	"github.com/otel-culprit/culprit/internal/sentryproto"
)

// metricItems converts a container of metrics (https://develop.sentry.dev/sdk/telemetry/metrics/).
// Each item is one observation: counters and distributions become deltas.
func (c *conversion) metricItems(v sentryproto.Value, _ string) int64 {
	items := v.Get("items")
	if items.Len() == 0 {
		return 0
	}
	res, metrics := c.resourceMetrics()
	c.resource(res, firstOrigin(items))
	known := map[metricKey]pmetric.Metric{}
	n := int64(0)
	for item := range items.Values() {
		if c.metric(metrics, known, item) {
			n++
		} else {
			c.tally.add(sentryproto.ItemTraceMetric, invalid, 1)
		}
	}
	return n
}

type metricKey struct{ name, kind, unit string }

func (c *conversion) metric(metrics pmetric.MetricSlice, known map[metricKey]pmetric.Metric, v sentryproto.Value) bool {
	value, ok := v.Get("value").Float()
	key := metricKey{v.Get("name").Text(), v.Get("type").Text(), v.Get("unit").Text()}
	if !ok || key.name == "" {
		return false
	}
	m, seen := known[key]
	if !seen {
		switch key.kind {
		case "counter":
			sum := newSum(metrics.AppendEmpty(), key.name, unit(key.unit))
			sum.SetIsMonotonic(value >= 0)
		case "gauge":
			m := metrics.AppendEmpty()
			m.SetName(key.name)
			m.SetUnit(unit(key.unit))
			m.SetEmptyGauge()
		case "distribution":
			m := metrics.AppendEmpty()
			m.SetName(key.name)
			m.SetUnit(unit(key.unit))
			m.SetEmptyHistogram().SetAggregationTemporality(pmetric.AggregationTemporalityDelta)
		default:
			return false
		}
		m = metrics.At(metrics.Len() - 1)
		known[key] = m
	}
	at := c.at(v.Get("timestamp"))
	var attrs pcommon.Map
	switch m.Type() {
	case pmetric.MetricTypeSum:
		if value < 0 {
			m.Sum().SetIsMonotonic(false)
		}
		attrs = c.numberPoint(m.Sum().DataPoints().AppendEmpty(), v, at, value)
	case pmetric.MetricTypeGauge:
		attrs = c.numberPoint(m.Gauge().DataPoints().AppendEmpty(), v, at, value)
	default:
		dp := m.Histogram().DataPoints().AppendEmpty()
		dp.SetTimestamp(at)
		dp.SetStartTimestamp(at)
		dp.SetCount(1)
		dp.SetSum(value)
		dp.SetMin(value)
		dp.SetMax(value)
		dp.ExplicitBounds().FromRaw(bounds)
		counts := make([]uint64, len(bounds)+1)
		counts[sort.SearchFloat64s(bounds, value)] = 1
		dp.BucketCounts().FromRaw(counts)
		exemplar(dp.Exemplars(), v, at, value)
		attrs = dp.Attributes()
	}
	putAttributes(attrs, v.Get("attributes"))
	return true
}

func (c *conversion) numberPoint(dp pmetric.NumberDataPoint, v sentryproto.Value, at pcommon.Timestamp, value float64) pcommon.Map {
	dp.SetTimestamp(at)
	dp.SetStartTimestamp(at)
	if value == math.Trunc(value) && math.Abs(value) < 1<<53 {
		dp.SetIntValue(int64(value))
	} else {
		dp.SetDoubleValue(value)
	}
	exemplar(dp.Exemplars(), v, at, value)
	return dp.Attributes()
}

// bounds are the default of OpenTelemetry's histograms
// (https://opentelemetry.io/docs/specs/otel/metrics/sdk/#explicit-bucket-histogram-aggregation).
var bounds = []float64{0, 5, 10, 25, 50, 75, 100, 250, 500, 750, 1000, 2500, 5000, 7500, 10000}

// exemplar keeps the trace of an observation.
func exemplar(list pmetric.ExemplarSlice, v sentryproto.Value, at pcommon.Timestamp, value float64) {
	trace := traceID(v.Get("trace_id").Str())
	if trace.IsEmpty() {
		return
	}
	e := list.AppendEmpty()
	e.SetTimestamp(at)
	e.SetDoubleValue(value)
	e.SetTraceID(trace)
	e.SetSpanID(spanID(v.Get("span_id").Str()))
}

func newSum(m pmetric.Metric, name, unit string) pmetric.Sum {
	m.SetName(name)
	m.SetUnit(unit)
	sum := m.SetEmptySum()
	sum.SetAggregationTemporality(pmetric.AggregationTemporalityDelta)
	sum.SetIsMonotonic(true)
	return sum
}

// units are Sentry's names (https://develop.sentry.dev/sdk/telemetry/attributes/#units) in UCUM.
var units = map[string]string{
	"nanosecond": "ns", "microsecond": "us", "millisecond": "ms", "second": "s", "minute": "min", "hour": "h", "day": "d",
	"week": "wk", "bit": "bit", "byte": "By", "kilobyte": "kBy", "kibibyte": "KiBy", "megabyte": "MBy", "mebibyte": "MiBy",
	"gigabyte": "GBy", "gibibyte": "GiBy", "terabyte": "TBy", "tebibyte": "TiBy", "ratio": "1", "percent": "%", "none": "",
}

func unit(s string) string {
	if u, ok := units[s]; ok {
		return u
	}
	return s
}
