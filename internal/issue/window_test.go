package issue

import (
	"encoding/binary"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func windowID(n uint64) (id [16]byte) {
	binary.BigEndian.PutUint64(id[8:], n)
	return id
}

func (w *window[V]) have(id [16]byte) *V {
	sh, hash := w.shard(id)
	return sh.get(id, hash)
}

func (w *window[V]) add(id [16]byte, v V, now time.Time) {
	sh, hash := w.shard(id)
	sh.put(w, id, hash, v, now)
}

// TestWindow compares it with a list: of each shard exactly the last entries are there, with their own values.
func TestWindow(t *testing.T) {
	const bound = 64 * 40
	w := newWindow[uint64](bound, time.Hour)
	now := time.Now()
	shards := map[*windowShard[uint64]][]uint64{}
	random := rand.New(rand.NewPCG(1, 2))
	for n := range uint64(4 * bound) {
		id := windowID(n)
		require.Nil(t, w.have(id))
		w.add(id, n, now)
		sh, _ := w.shard(id)
		list := append(shards[sh], n)
		shards[sh] = list[max(0, len(list)-40):]
		if random.IntN(100) == 0 {
			for _, list := range shards {
				for _, k := range list {
					require.Equal(t, k, *w.have(windowID(k)))
				}
			}
		}
	}
	for n := range uint64(4 * bound) {
		sh, _ := w.shard(windowID(n))
		require.Equal(t, n < shards[sh][0], w.have(windowID(n)) == nil, n)
	}
}

func TestWindowForgetsWithTime(t *testing.T) {
	w := newWindow[int](1<<16, time.Minute)
	now := time.Now()
	for n := range uint64(1000) {
		w.add(windowID(n), 1, now)
	}
	require.NotNil(t, w.have(windowID(5)))
	now = now.Add(3 * time.Minute)
	for n := range uint64(1000) {
		w.add(windowID(1e6+n), 2, now)
	}
	old := 0
	for n := range uint64(1000) {
		if w.have(windowID(n)) != nil {
			old++
		}
	}
	require.Less(t, old, 100, "the old ones made room")
	for n := range uint64(1000) {
		require.Equal(t, 2, *w.have(windowID(1e6 + n)))
	}
}
