package issuesconnector

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/pmetric"
)

func TestSeriesAreBounded(t *testing.T) {
	res := pcommon.NewResource()
	res.Attributes().PutStr("service.instance.id", "i1")
	res.Attributes().PutStr("service.name", "otelcol")
	s := newSeries(3, res)
	now := time.Unix(1000, 0)
	over := 0
	for i := range 10 {
		if s.add(seriesKey{fmt.Sprintf("%016x", i), "shop"}, pcommon.TraceID{}, pcommon.SpanID{}, 0, now) {
			over++
		}
	}
	assert.Equal(t, 7, over)
	md := pmetric.NewMetrics()
	s.collect(md, now, true, 0)
	md = pmetric.NewMetrics()
	s.collect(md, now.Add(time.Second), true, 0)
	assert.Equal(t, 4, md.DataPointCount())
	assert.Equal(t, map[string]any{"service.instance.id": "i1"}, md.ResourceMetrics().At(0).Resource().Attributes().AsRaw())
	for _, p := range md.ResourceMetrics().At(0).ScopeMetrics().At(0).Metrics().At(0).Sum().DataPoints().All() {
		id, _ := p.Attributes().Get("issue.id")
		if id.Str() == other {
			assert.Equal(t, int64(7), p.IntValue())
		}
	}

	// Issues that were not seen for long give way.
	later := now.Add(2 * idleSeries)
	assert.False(t, s.add(seriesKey{"fresh", "shop"}, pcommon.TraceID{}, pcommon.SpanID{}, 0, later))
	assert.Len(t, s.byID, 1)
}

func TestSeriesStayZeroForAnInterval(t *testing.T) {
	s := newSeries(3, pcommon.NewResource())
	now := time.Unix(1000, 0)
	s.add(seriesKey{"a", "shop"}, pcommon.TraceID{}, pcommon.SpanID{}, 0, now)
	f := func(after time.Duration, all bool, want ...int64) {
		t.Helper()
		md := pmetric.NewMetrics()
		s.collect(md, now.Add(after), all, 30*time.Second)
		var got []int64
		if md.DataPointCount() > 0 {
			for _, p := range md.ResourceMetrics().At(0).ScopeMetrics().At(0).Metrics().At(0).Sum().DataPoints().All() {
				got = append(got, p.IntValue())
			}
		}
		assert.Equal(t, want, got)
	}
	f(time.Second, false, 0)
	f(2*time.Second, false)
	f(5*time.Second, true, 0)
	f(35*time.Second, true, 1)
	f(65*time.Second, true, 1)
}
