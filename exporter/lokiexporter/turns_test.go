package lokiexporter

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
)

func requestOf(tenant string, labels ...string) *request {
	r := newRequest(tenant)
	for _, l := range labels {
		r.add(l, entry{}, 0)
	}
	return r
}

// Many push at once: no stream is on its way twice, and none of them waits for ever.
func TestOnePushOfAStreamAtATime(t *testing.T) {
	var mu sync.Mutex
	var underWay, most int
	slow := func(w http.ResponseWriter) {
		mu.Lock()
		underWay++
		most = max(most, underWay)
		mu.Unlock()
		time.Sleep(2 * time.Millisecond)
		mu.Lock()
		underWay--
		mu.Unlock()
		w.WriteHeader(http.StatusNoContent)
	}
	answers := make([]func(http.ResponseWriter), 64)
	for i := range answers {
		answers[i] = slow
	}
	f := newFakeLoki(t, answers...)
	push := start(t, f, nil)
	var all sync.WaitGroup
	for range len(answers) {
		all.Go(func() { assert.NoError(t, push(records("checkout", 1))) })
	}
	all.Wait()
	assert.Len(t, f.pushes, len(answers))
	assert.Equal(t, 1, most, "pushes of the stream under way at once")
}

func TestOtherStreamsDoNotWait(t *testing.T) {
	turns := newTurns()
	a := requestOf("", `{a="1"}`)
	release, err := turns.take(t.Context(), a, 0)
	require.NoError(t, err)
	defer release()
	for i := 0; ; i++ { // the first that has another slot
		b := requestOf("", fmt.Sprintf(`{b="%d"}`, i))
		if turns.of(a)[0] != turns.of(b)[0] {
			other, err := turns.take(t.Context(), b, 0)
			require.NoError(t, err)
			other()
			return
		}
	}
}

// Who gives up gives back what it had; the same slot twice in a request is no deadlock.
func TestTurnsEnd(t *testing.T) {
	turns := newTurns()
	var labels []string
	for i := range 2000 { // all slots, most of them several times
		labels = append(labels, fmt.Sprintf(`{a="%d"}`, i))
	}
	everything := requestOf("", labels...)
	one := requestOf("", labels[7])
	release, err := turns.take(t.Context(), one, 0)
	require.NoError(t, err)
	_, err = turns.take(t.Context(), everything, time.Millisecond)
	require.ErrorIs(t, err, context.DeadlineExceeded)
	ended, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = turns.take(ended, one, 0)
	require.ErrorIs(t, err, context.Canceled)
	release()
	for range 2 {
		release, err = turns.take(t.Context(), everything, 0)
		require.NoError(t, err)
		release()
	}
}
