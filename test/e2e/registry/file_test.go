package registry

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otel-culprit/culprit/test/e2e/harness"
)

// TestSendersRetryThroughKills: a collector with a file is killed again and again under load. No issue is lost, at most
// the last second of counts; and since senders repeat what had no answer, in the end everything is counted exactly once.
func TestSendersRetryThroughKills(t *testing.T) {
	sink := harness.StartSink(t)
	c := start(t, `{type: file}`, sink)
	s := &sender{t: t}
	each := uint64(0)
	for round := range 3 {
		before := each
		var batches []plog.Logs
		running := c.Process
		killed := make(chan struct{})
		go func() {
			time.Sleep(time.Duration(4000+300*round) * time.Millisecond)
			running.Kill()
			close(killed)
		}()
		type answered struct {
			at   time.Time
			each uint64
		}
		var answers []answered
		for dead := false; !dead; {
			logs := s.batch(kinds)
			batches = append(batches, logs)
			each++
			if dead = harness.SendLogs(c.OTLPHTTP, logs) != nil; !dead {
				answers = append(answers, answered{time.Now(), each})
			}
		}
		<-killed
		end := time.Now()
		safe := before
		for _, a := range answers {
			if end.Sub(a.at) > 3500*time.Millisecond { // a second, and what a loaded machine takes for it
				safe = a.each
			}
		}
		c.Restart(t)
		list := c.ListIssues(t)
		require.Len(t, list, kinds)
		for _, i := range list {
			require.GreaterOrEqual(t, i.Count, safe, "%s: more than the last second is lost", i.Title)
			require.LessOrEqual(t, i.Count, each)
		}
		t.Logf("round %d: %d of each kind answered, %d safe, %d found", round, len(answers), safe, list[0].Count)
		for _, logs := range batches {
			s.send(c, logs)
		}
		show(t, each, c)
	}
	s.flows(sink)

	id := c.ListIssues(t)[0].ID
	require.Equal(t, 200, post(t, c, "/api/issues/"+id+"/resolve", "{}"))
	c.Kill() // a state that was confirmed is on disk
	c.Restart(t)
	state(t, c, id, "resolved")
	show(t, each, c)
}

// TestPagesOfOtherSitesAreKeptOut: what a browser sends for them is refused.
func TestPagesOfOtherSitesAreKeptOut(t *testing.T) {
	sink := harness.StartSink(t)
	c := start(t, `{type: memory}`, sink)
	s := &sender{t: t}
	s.send(c, s.batch(kinds))
	id := show(t, 1, c)[0].ID
	header := func(k, v string) func(*http.Request) { return func(r *http.Request) { r.Header.Set(k, v) } }
	host := func(r *http.Request) { r.Host = "evil.example" }
	path := "/api/issues/" + id + "/resolve"
	require.Equal(t, http.StatusForbidden, post(t, c, path, "{}", header("Origin", "https://evil.example")))
	require.Equal(t, http.StatusForbidden, post(t, c, path, "{}", header("Sec-Fetch-Site", "cross-site")))
	require.Equal(t, http.StatusMisdirectedRequest, post(t, c, path, "{}", host))
	require.Equal(t, http.StatusUnsupportedMediaType, post(t, c, path, "{}", header("Content-Type", "text/plain")))
	state(t, c, id, "new")
	require.Equal(t, http.StatusOK, post(t, c, path, "{}", header("Origin", c.Issues)))
	state(t, c, id, "resolved")
}
