package issuesconnector

import (
	"encoding/binary"
	"testing"

	"github.com/stretchr/testify/assert"

	"github.com/otel-culprit/culprit/internal/issue"
)

func TestSeen(t *testing.T) {
	key := func(i int) (k issue.Key) {
		binary.BigEndian.PutUint32(k[4:], uint32(i)) // all in one shard
		return k
	}
	s := newSeen(16 * 100)
	for i := range 1000 {
		assert.True(t, s.add(key(i)))
	}
	for i := 850; i < 1000; i++ {
		assert.False(t, s.add(key(i)), "the last ones are remembered: %d", i)
	}
	assert.True(t, s.add(key(0)), "the first are forgotten")
	n := 0
	for i := range s.shards {
		n += len(s.shards[i].now) + len(s.shards[i].old)
	}
	assert.LessOrEqual(t, n, 200)
}
