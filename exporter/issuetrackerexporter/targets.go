package issuetrackerexporter

import (
	"fmt"
	"net/http"
	"strings"

	"go.opentelemetry.io/collector/config/configoptional"

	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/card"
	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/target"
)

// defaultTargets sets the defaults of the targets, none of which is set.
func defaultTargets(c *Config) {
	c.Alertmanager = configoptional.Default(target.DefaultAlertmanager())
	c.Bugsnag = configoptional.Default(target.DefaultBugsnag())
	c.ClickUp = configoptional.Default(target.DefaultClickUp())
	c.GitHub = configoptional.Default(target.DefaultGitHub())
	c.GitLab = configoptional.Default(target.DefaultGitLab())
	c.Jira = configoptional.Default(target.DefaultJira())
	c.Opsgenie = configoptional.Default(target.DefaultOpsgenie())
	c.PagerDuty = configoptional.Default(target.DefaultPagerDuty())
	c.Rollbar = configoptional.Default(target.DefaultRollbar())
	c.Slack = configoptional.Default(target.DefaultSlack())
	c.SNS = configoptional.Default(target.DefaultSNS())
	c.Trello = configoptional.Default(target.DefaultTrello())
	c.Webhook = configoptional.Default(target.DefaultWebhook())
}

// maker is the configuration of one target.
type maker interface {
	Validate() error
	New(target.Options) (target.Target, error)
}

type named struct {
	name string
	maker
}

// targets lists the targets that are set.
func (c *Config) targets() []named {
	var out []named
	add(&out, "alertmanager", &c.Alertmanager)
	add(&out, "bugsnag", &c.Bugsnag)
	add(&out, "clickup", &c.ClickUp)
	add(&out, "github", &c.GitHub)
	add(&out, "gitlab", &c.GitLab)
	add(&out, "jira", &c.Jira)
	add(&out, "opsgenie", &c.Opsgenie)
	add(&out, "pagerduty", &c.PagerDuty)
	add(&out, "rollbar", &c.Rollbar)
	add(&out, "slack", &c.Slack)
	add(&out, "sns", &c.SNS)
	add(&out, "trello", &c.Trello)
	add(&out, "webhook", &c.Webhook)
	return out
}

func add[T any, P interface {
	*T
	maker
}](out *[]named, name string, o *configoptional.Optional[T]) {
	if o.HasValue() {
		*out = append(*out, named{name, P(o.Get())})
	}
}

var targetNames = []string{"alertmanager", "bugsnag", "clickup", "github", "gitlab", "jira", "opsgenie", "pagerduty", "rollbar", "slack", "sns", "trello", "webhook"}

// target returns the one target.
func (c *Config) target() (maker, error) {
	set := c.targets()
	switch len(set) {
	case 1:
		return set[0].maker, nil
	case 0:
		return nil, fmt.Errorf("no target: set exactly one of %s, e.g. slack: {webhook_url: \"${env:SLACK_WEBHOOK}\"}", strings.Join(targetNames, ", "))
	}
	var names []string
	for _, s := range set {
		names = append(names, "'"+s.name+"'")
	}
	return nil, fmt.Errorf("%s are set, but an exporter has one target: make one exporter for each, e.g. issue_tracker/%s", strings.Join(names, " and "), set[0].name)
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
