package web

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
)

func TestSeries(t *testing.T) {
	f := func(hours []uint32, behind int64, n, size int, want ...uint64) {
		t.Helper()
		assert.Equal(t, want, series(hours, noon.Unix()/3600-behind, noon, n, size))
	}
	f(nil, 0, 3, 1, 0, 0, 0)
	f([]uint32{1, 2, 3}, 0, 3, 1, 1, 2, 3)
	f([]uint32{1, 2, 3}, 1, 3, 1, 2, 3, 0)        // nothing in this hour yet
	f([]uint32{1, 2, 3}, 9, 3, 1, 0, 0, 0)        // long ago
	f([]uint32{1, 2, 3}, -1, 3, 1, 0, 1, 2)       // an hour that has not begun here
	f([]uint32{1, 2, 3, 4}, 0, 2, 2, 3, 7)        // two hours a bar
	f([]uint32{1, 2, 3, 4, 5}, 0, 2, 2, 5, 9)     // more history than bars
	f([]uint32{5}, 400_000, 2, 8, 0, 0)           // of the time before the epoch's clocks
	f(make([]uint32, 336), 0, 2, 168, 0, 0)       // all of it
	f([]uint32{1 << 31, 1 << 31}, 0, 1, 2, 1<<32) // no overflow
}

func TestSpark(t *testing.T) {
	s := string(spark([]uint64{0, 2, 4}, "two weeks"))
	assert.Contains(t, s, `aria-label="6 events in two weeks, 4 at most in one bar"`)
	assert.Contains(t, s, `class="spark-last"`)
	assert.Equal(t, 1, strings.Count(s, "spark-past"))
	empty := string(spark(make([]uint64, 42), "two weeks"))
	assert.NotContains(t, empty, "spark-last")
	assert.NotContains(t, empty, "NaN")
	assert.NotContains(t, string(spark(nil, "x")), "Inf")
}

func TestChart(t *testing.T) {
	c := newChart([]uint32{3, 1}, noon.Unix()/3600, noon, periodDay)
	assert.Len(t, c.Bars, 24)
	assert.Equal(t, uint64(3), c.Top)
	assert.Equal(t, "1 event, 18 Nov 12:00–13:00 UTC", c.Bars[23].Label)
	assert.Equal(t, "3 events, 18 Nov 11:00–12:00 UTC", c.Bars[22].Label)
	c = newChart([]uint32{3, 1}, noon.Unix()/3600, noon, "anything")
	assert.Equal(t, periodTwoWeeks, c.Period)
	assert.Len(t, c.Bars, 84)
	assert.Len(t, c.Ticks, 7)
	assert.Equal(t, uint64(4), c.Bars[83].Count)
	assert.Equal(t, noon.Truncate(time.Hour).Add(-3*time.Hour), c.Bars[83].From)
}
