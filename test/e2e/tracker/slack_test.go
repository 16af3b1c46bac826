package tracker

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/otel-culprit/culprit/test/e2e/harness"
)

// burst sends 10,000 errors of one bug.
func burst(t *testing.T, c *harness.Collector) {
	t.Helper()
	for range 20 {
		failure{service: "checkout", class: "BurstError"}.send(t, c, 500)
	}
	harness.Eventually(t, 60*time.Second, func() error {
		list := c.ListIssues(t)
		if len(list) != 1 || list[0].Count != 10_000 {
			return fmt.Errorf("issues: %+v", list)
		}
		return nil
	})
}

// TestBurstIsOneMessage: 10,000 errors of one bug are one message of the webhook of configs/trackers/slack.yaml.
func TestBurstIsOneMessage(t *testing.T) {
	slack := harness.StartTrackers(t).Service(t, "slack-webhook")
	c := harness.StartCollector(t, harness.Config("trackers/slack.yaml"), map[string]string{"SLACK_WEBHOOK_URL": slack.URL + "/services/T0/B0/s3cr3t-t0ken-0123456789", "SETTLE": "0s"})
	burst(t, c)
	harness.Eventually(t, 30*time.Second, func() error {
		if len(slack.Tickets(t)) == 0 {
			return fmt.Errorf("no message")
		}
		return nil
	})
	time.Sleep(3 * time.Second) // for further ones, if there were any
	messages := slack.Tickets(t)
	assert.Len(t, messages, 1)
	assert.Contains(t, messages[0].Title, "BurstError")
}

// TestBurstIsOneThread: as a bot it is one message in the channel, which is edited to show the count, with a reply.
func TestBurstIsOneThread(t *testing.T) {
	slack := harness.StartTrackers(t).Service(t, "slack-bot")
	c := start(t, fileStore, `slack: {token: s3cr3t-t0ken-0123456789, channel: C0123456789, api_url: "`+slack.URL+`/api"}, updates: [10, 100, 1000, 10000], min_interval: 3s`)
	burst(t, c)
	harness.Eventually(t, 40*time.Second, func() error {
		m := slack.Tickets(t)
		if len(m) == 0 || !strings.Contains(m[0].Title, "*Occurrences:* 10,000") {
			return fmt.Errorf("the message is not up to date: %+v", m)
		}
		return nil
	})
	time.Sleep(4 * time.Second)
	messages := slack.Tickets(t)
	assert.Len(t, messages, 1)
	assert.Equal(t, messages[0].Edits, len(messages[0].Notes), "each edit has a reply")
	assert.LessOrEqual(t, len(messages[0].Notes), 4, "one reply for each milestone at most")
	assert.Contains(t, messages[0].Notes[len(messages[0].Notes)-1], "Seen 10,000 times")
}
