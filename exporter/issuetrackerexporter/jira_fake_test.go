package issuetrackerexporter

import (
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/otel-culprit/culprit/test/trackers"
)

// badJira is a Jira whose search lags, which loses answers, and which throttles.
type badJira struct {
	*trackers.Server
	url string
}

func newBadJira(t *testing.T, chaos trackers.Chaos) *badJira {
	chaos.Wait = 20 * time.Millisecond
	j := &badJira{Server: trackers.New("jira-cloud")}
	j.SetChaos(chaos)
	server := httptest.NewServer(j.Server)
	j.url = server.URL
	t.Cleanup(func() {
		server.Close()
		assert.Empty(t, j.Violations())
	})
	return j
}

func (j *badJira) config() map[string]any {
	return map[string]any{"url": j.url, "project": "OPS", "user": trackers.JiraUser, "token": trackers.Secret}
}

// tickets counts the tickets of each issue.
func (j *badJira) tickets() map[string]int {
	out := map[string]int{}
	for _, t := range j.Tickets() {
		out[t.Key]++
	}
	return out
}
