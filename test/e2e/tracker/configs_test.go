package tracker

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/test/e2e/harness"
)

const secret = "s3cr3t-t0ken-0123456789"

// shipped says how a file of configs/trackers is pointed at the fake of its service.
type shipped struct {
	service string
	env     map[string]string // URL stands for that of the fake
	// How the service shows what becomes of an issue.
	messages bool // each step is a message of its own
	anew     bool // what is closed stays so: coming back makes another
	noClose  bool // it cannot be closed from outside
	noNotes  bool // it shows no comments
	rules    bool // its rules wake somebody for what comes back in production, not for what is new
}

var configs = map[string]shipped{
	"alertmanager.yaml": {service: "alertmanager", env: map[string]string{"ALERTMANAGER_URL": "URL"}, noNotes: true},
	"bugsnag.yaml":      {service: "bugsnag", env: map[string]string{"BUGSNAG_URL": "URL", "BUGSNAG_API_KEY": "c9d60ae4c7e70c4b6c4ebd3e8056d2b8"}, noClose: true, noNotes: true},
	"clickup.yaml":      {service: "clickup", env: map[string]string{"CLICKUP_URL": "URL", "CLICKUP_TOKEN": secret, "CLICKUP_LIST": "901"}},
	"github.yaml":       {service: "github", env: map[string]string{"GITHUB_API_URL": "URL", "GITHUB_TOKEN": secret}},
	"gitlab.yaml":       {service: "gitlab", env: map[string]string{"GITLAB_URL": "URL", "GITLAB_TOKEN": secret}},
	"jira.yaml":         {service: "jira-cloud", env: map[string]string{"JIRA_URL": "URL", "JIRA_USER": "bot@acme.com", "JIRA_TOKEN": secret}},
	"jsm.yaml":          {service: "jsm", env: map[string]string{"JSM_URL": "URL/jsm/ops/integration", "JSM_API_KEY": secret}, anew: true},
	"opsgenie.yaml":     {service: "opsgenie", env: map[string]string{"OPSGENIE_URL": "URL", "OPSGENIE_API_KEY": secret}, anew: true},
	"pagerduty.yaml":    {service: "pagerduty", env: map[string]string{"PAGERDUTY_URL": "URL", "PAGERDUTY_ROUTING_KEY": "0123456789abcdef0123456789abcdef"}, rules: true},
	"rollbar.yaml":      {service: "rollbar", env: map[string]string{"ROLLBAR_URL": "URL", "ROLLBAR_TOKEN": secret, "ROLLBAR_WRITE_TOKEN": secret + "-write"}, noNotes: true},
	"slack-bot.yaml":    {service: "slack-bot", env: map[string]string{"SLACK_API_URL": "URL/api", "SLACK_TOKEN": secret}},
	"slack.yaml":        {service: "slack-webhook", env: map[string]string{"SLACK_WEBHOOK_URL": "URL/services/T0/B0/" + secret}, messages: true},
	"sns.yaml": {service: "sns", env: map[string]string{"AWS_ENDPOINT_URL_SNS": "URL", "AWS_ACCESS_KEY_ID": "AKID", "AWS_SECRET_ACCESS_KEY": "SECRET",
		"AWS_EC2_METADATA_DISABLED": "true", "AWS_CONFIG_FILE": "/nonexistent", "AWS_SHARED_CREDENTIALS_FILE": "/nonexistent"}, messages: true},
	"trello.yaml":  {service: "trello", env: map[string]string{"TRELLO_URL": "URL", "TRELLO_KEY": "trellokey", "TRELLO_TOKEN": secret, "TRELLO_LIST": "list1"}},
	"webhook.yaml": {service: "webhook", env: map[string]string{"WEBHOOK_URL": "URL/issues", "WEBHOOK_SECRET": secret}, messages: true},
}

// TestShippedConfigs: each file of configs/trackers runs in the built collector against a server that keeps to the letter of
// its service: a bug opens a ticket, resolving the issue over the API closes it, and a newer release that fails opens it again
// with a comment that names release and trace.
func TestShippedConfigs(t *testing.T) {
	files, err := filepath.Glob(harness.Config("trackers/*.yaml"))
	require.NoError(t, err)
	require.Len(t, files, len(configs), "a file without a test, or a test without a file")
	trackers := harness.StartTrackers(t)
	for _, file := range files {
		s, ok := configs[filepath.Base(file)]
		require.True(t, ok, file)
		t.Run(filepath.Base(file), func(t *testing.T) { wholeLife(t, trackers, file, s) })
	}
}

func wholeLife(t *testing.T, trackers *harness.Trackers, file string, s shipped) {
	service := trackers.Service(t, s.service)
	env := map[string]string{"SETTLE": "0s"}
	for k, v := range s.env {
		env[k] = strings.Replace(v, "URL", service.URL, 1)
	}
	c := harness.StartCollector(t, file, env)
	tickets := func(what string, ok func([]harness.Ticket) bool) []harness.Ticket {
		t.Helper()
		var out []harness.Ticket
		harness.Eventually(t, 40*time.Second, func() error {
			if out = service.Tickets(t); !ok(out) {
				return fmt.Errorf("not %s: %+v", what, out)
			}
			return nil
		})
		return out
	}
	bug := failure{service: "checkout", class: "StockError", version: "1.0.0"}
	bug.send(t, c, 2)
	if s.rules {
		onlyRegressed(t, c, bug, tickets)
		return
	}
	one := tickets("opened", func(list []harness.Ticket) bool { return len(list) > 0 })
	require.Len(t, one, 1)
	assert.Contains(t, one[0].Title, "StockError")

	for _, id := range issues(t, c) {
		require.NoError(t, resolve(c, id))
	}
	before := len(service.Tickets(t))
	switch {
	case s.messages:
		before = len(tickets("told that it is resolved", func(list []harness.Ticket) bool { return len(list) == 2 }))
	case !s.noClose:
		tickets("closed", func(list []harness.Ticket) bool { return list[0].Closed })
	}
	bug.version = "2.0.0"
	trace := bug.send(t, c, 1)
	again := tickets("opened again", func(list []harness.Ticket) bool {
		last := list[len(list)-1]
		switch {
		case s.messages:
			return len(list) == before+1
		case s.noClose:
			return last.Opens > 1
		}
		return !last.Closed && (s.noNotes || len(last.Notes) > 0 && strings.Contains(last.Notes[len(last.Notes)-1], trace))
	})
	last := again[len(again)-1]
	switch {
	case s.messages:
	case s.anew:
		assert.Len(t, again, 2)
		assert.Equal(t, again[0].Key, again[1].Key)
	default:
		assert.Len(t, again, 1)
	}
	if !s.messages && !s.noNotes {
		note := last.Notes[len(last.Notes)-1]
		assert.Contains(t, note, "2.0.0", "the release in which it came back")
		assert.Contains(t, note, "Regressed")
	}
	assert.NotContains(t, c.Output(), secret, "a credential in the collector's log")
	c.Stop()
}

// onlyRegressed: what is new is not told; what comes back is, and its end too.
func onlyRegressed(t *testing.T, c *harness.Collector, bug failure, tickets func(string, func([]harness.Ticket) bool) []harness.Ticket) {
	resolveAll := func() {
		harness.Eventually(t, 30*time.Second, func() error {
			known := issues(t, c)
			if len(known) == 0 {
				return errors.New("no issue")
			}
			for _, id := range known {
				if err := resolve(c, id); err != nil {
					return err
				}
			}
			return nil
		})
	}
	resolveAll()
	time.Sleep(time.Second)
	tickets("filtered", func(list []harness.Ticket) bool { return len(list) == 0 })
	bug.version = "2.0.0"
	bug.send(t, c, 1)
	list := tickets("opened", func(list []harness.Ticket) bool { return len(list) == 1 })
	assert.Contains(t, list[0].Title, "StockError")
	resolveAll()
	tickets("closed", func(list []harness.Ticket) bool { return len(list) == 1 && list[0].Closed })
}
