package issuetrackerexporter

import (
	"fmt"
	"net/http"
	"strings"

	"go.opentelemetry.io/collector/config/configoptional"

	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/card"
	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/target"
)

// slots are the targets that a configuration may set. A new target is a field of [Config] and a line here.
func (c *Config) slots() []slot {
	return []slot{
		slotOf("alertmanager", &c.Alertmanager, target.DefaultAlertmanager),
		slotOf("bugsnag", &c.Bugsnag, target.DefaultBugsnag),
		slotOf("clickup", &c.ClickUp, target.DefaultClickUp),
		slotOf("github", &c.GitHub, target.DefaultGitHub),
		slotOf("gitlab", &c.GitLab, target.DefaultGitLab),
		slotOf("jira", &c.Jira, target.DefaultJira),
		slotOf("opsgenie", &c.Opsgenie, target.DefaultOpsgenie),
		slotOf("pagerduty", &c.PagerDuty, target.DefaultPagerDuty),
		slotOf("rollbar", &c.Rollbar, target.DefaultRollbar),
		slotOf("slack", &c.Slack, target.DefaultSlack),
		slotOf("sns", &c.SNS, target.DefaultSNS),
		slotOf("trello", &c.Trello, target.DefaultTrello),
		slotOf("webhook", &c.Webhook, target.DefaultWebhook),
	}
}

// maker is the configuration of one target.
type maker interface {
	Validate() error
	New(target.Options) (target.Target, error)
}

// slot is the place of one target in a configuration.
type slot struct {
	name  string
	reset func()       // gives it its defaults, not set
	made  func() maker // nil = not set
}

func slotOf[T any, P interface {
	*T
	maker
}](name string, o *configoptional.Optional[T], defaults func() T) slot {
	return slot{
		name:  name,
		reset: func() { *o = configoptional.Default(defaults()) },
		made: func() maker {
			if !o.HasValue() {
				return nil
			}
			return P(o.Get())
		},
	}
}

// target returns the one target.
func (c *Config) target() (maker, error) {
	var one maker
	var known, set []string
	for _, s := range c.slots() {
		known = append(known, s.name)
		if m := s.made(); m != nil {
			one, set = m, append(set, s.name)
		}
	}
	switch len(set) {
	case 1:
		return one, nil
	case 0:
		return nil, fmt.Errorf("no target: set exactly one of %s, e.g. slack: {webhook_url: \"${env:SLACK_WEBHOOK}\"}", strings.Join(known, ", "))
	}
	return nil, fmt.Errorf("'%s' are set, but an exporter has one target: make one exporter for each, e.g. issue_tracker/%s", strings.Join(set, "' and '"), set[0])
}

// markupOf returns the markup that templates of a target are written in.
func markupOf(m maker) card.Markup {
	if m == nil || m.Validate() != nil {
		return card.Plain{}
	}
	t, err := m.New(target.Options{HTTP: http.DefaultClient}) // sends nothing
	if err != nil {
		return card.Plain{}
	}
	return t.Traits().Markup
}
