package issue_test

import (
	"math"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/internal/issue"
)

// One record with an impossible time must not keep the others of its chunk from being stored.
func TestImpossibleTimesAreStored(t *testing.T) {
	year := func(y int) time.Time { return time.Date(y, 1, 2, 3, 4, 5, 6, time.UTC) }
	for _, at := range []time.Time{{}, year(1), year(1677), year(1678), year(2026), year(2262), year(9999), time.Unix(0, math.MaxInt64), time.Unix(0, math.MinInt64), time.Unix(math.MaxInt64, 0)} {
		b, err := issue.EncodeRecord(&issue.Record{Issue: issue.Issue{ID: idA, FirstSeen: year(2026), LastSeen: at}})
		require.NoError(t, err, at)
		r, err := issue.DecodeRecord(b)
		require.NoError(t, err, at)
		assert.True(t, r.FirstSeen.Equal(year(2026)))
		if y := at.Year(); y > 1677 && y < 2262 {
			assert.True(t, r.LastSeen.Equal(at), at)
		}
	}
}

// A sample from the future is given the time at which it came; otherwise it would stay the latest for ever.
func TestSamplesFromTheFuture(t *testing.T) {
	for _, future := range []time.Time{time.Unix(0, math.MaxInt64), time.Date(2030, 1, 1, 0, 0, 0, 0, time.UTC), time.Unix(0, -1)} {
		r := newRig(t)
		r.fail(idA, at(future))
		events := r.get(idA).Events
		require.NotEmpty(t, events)
		assert.True(t, events[0].Time.Equal(r.clock.now()), "%s became %s", future, events[0].Time)
	}
}
