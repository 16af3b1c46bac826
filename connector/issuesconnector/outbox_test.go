package issuesconnector

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/otel-culprit/culprit/internal/issue"
)

func TestOutboxDropsTheOldest(t *testing.T) {
	o := newOutbox()
	now := time.Unix(1000, 0)
	for i := range 300 {
		dropped := o.put(item{key: issue.Key{byte(i), byte(i >> 8)}, size: 10}, 200)
		assert.Equal(t, i >= 200, dropped == 1)
	}
	assert.Equal(t, 200, o.len())
	items, next := o.take(150, now, false)
	assert.Len(t, items, 150)
	assert.Equal(t, now, next, "there are more")
	assert.Equal(t, issue.Key{100}, items[0].key)
	items, next = o.take(150, now, false)
	assert.Len(t, items, 50)
	assert.Zero(t, next)
	assert.Zero(t, o.bytes)
}

func TestOutboxIsBoundedInBytes(t *testing.T) {
	o := newOutbox()
	for range 10 {
		o.put(item{size: maxOutboxBytes / 4}, 200)
	}
	assert.Equal(t, 4, o.len())
	assert.Equal(t, 4, o.put(item{size: 2 * maxOutboxBytes}, 200), "one that is too large alone is still tried")
	assert.Equal(t, 1, o.len())
}

func TestOutboxWaits(t *testing.T) {
	o := newOutbox()
	now := time.Unix(1000, 0)
	o.put(item{due: now.Add(time.Second)}, 10)
	items, next := o.take(10, now, false)
	assert.Empty(t, items)
	assert.Equal(t, now.Add(time.Second), next)
	items, _ = o.take(10, now, true)
	assert.Len(t, items, 1)
}
