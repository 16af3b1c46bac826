package registry

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/test/e2e/harness"
)

// TestTwoCollectorsAndOneRedis: they show one truth, while Redis is killed and comes back, and while one of them is
// killed and comes back.
func TestTwoCollectorsAndOneRedis(t *testing.T) {
	server, sink := harness.StartRedisServer(t), harness.StartSink(t)
	store := `{type: redis, endpoint: "` + server.Address + `"}`
	one, two := start(t, store, sink), start(t, store, sink)
	s := &sender{t: t}
	each := uint64(0)
	both := func() {
		for range 10 {
			s.send(one, s.batch(kinds))
			s.send(two, s.batch(kinds))
		}
		each += 20
	}
	both()
	issues := show(t, each, one, two)
	require.Equal(t, issues, show(t, each, two, one), "one truth")

	// A sender that has no answer asks the other one.
	again := s.batch(kinds)
	s.send(one, again)
	s.send(two, again)
	each++
	show(t, each, one, two)

	// What one does the other knows.
	id := issues[0].ID
	require.Equal(t, 200, post(t, one, "/api/issues/"+id+"/resolve", "{}"))
	state(t, two, id, "resolved")

	// Without Redis everything flows; the counts are caught up.
	server.Kill()
	both()
	s.flows(sink)
	server.Restart(t)
	show(t, each, one, two)
	state(t, one, id, "regressed")
	state(t, two, id, "regressed")

	// One of them dies; nothing that was written a second ago is lost, and it comes back to the same truth.
	require.Equal(t, 200, post(t, two, "/api/issues/"+id+"/mute", `{"duration": "24h"}`))
	time.Sleep(2 * time.Second)
	one.Kill()
	s.send(two, again) // counted once, whoever counted it
	for range 10 {
		s.send(two, s.batch(kinds))
	}
	each += 10
	show(t, each, two)
	one.Restart(t)
	show(t, each, one, two)
	state(t, one, id, "muted")
	both()
	show(t, each, one, two)
	s.flows(sink)

	// All restart, Redis too.
	one.Stop()
	two.Stop()
	server.Kill()
	server.Restart(t)
	one.Restart(t)
	show(t, each, one)
	state(t, one, id, "muted")
}
