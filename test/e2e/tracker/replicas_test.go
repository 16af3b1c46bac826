package tracker

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/otel-culprit/culprit/test/e2e/harness"
)

// TestTwoCollectorsOneRedis: two collectors that share a Redis hear of the same bugs in the same moment; each bug gets one
// ticket, although Jira's search lags and answers are lost.
func TestTwoCollectorsOneRedis(t *testing.T) {
	store := `{type: redis, endpoint: "` + harness.StartRedis(t) + `"}`
	jira := harness.StartTrackers(t).Service(t, "jira-cloud")
	jira.SetChaos(t, harness.Chaos{Lag: time.Second, Lose: 10})
	collectors := []*harness.Collector{start(t, store, jiraExporter(jira)), start(t, store, jiraExporter(jira))}
	const bugs = 12
	var sending sync.WaitGroup
	for _, c := range collectors {
		sending.Go(func() {
			for range 6 {
				for n := range bugs {
					failure{service: "orders", class: class(n)}.send(t, c, 1)
				}
			}
		})
	}
	sending.Wait()
	waitFor(t, jira, func(byClass map[string][]harness.Ticket) error {
		for n := range bugs {
			if x := byClass[class(n)]; len(x) == 0 || !tellsOfTen(x[0]) {
				return fmt.Errorf("%s has no ticket that tells of ten: %+v", class(n), x)
			}
		}
		return nil
	})
	time.Sleep(4 * time.Second) // longer than a search may lag
	assert.Len(t, jira.Tickets(t), bugs)
}
