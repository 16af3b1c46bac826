package issuetrackerexporter

import (
	"fmt"
	"net/http"
	"strings"

	"go.opentelemetry.io/collector/config/configoptional"

	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/card"
	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/target"
)

// Targets are the trackers, of which one is set.
type Targets struct {
	Alertmanager configoptional.Optional[target.AlertmanagerConfig] `mapstructure:"alertmanager"`
	Bugsnag      configoptional.Optional[target.BugsnagConfig]      `mapstructure:"bugsnag"`
	ClickUp      configoptional.Optional[target.ClickUpConfig]      `mapstructure:"clickup"`
	GitHub       configoptional.Optional[target.GitHubConfig]       `mapstructure:"github"`
	GitLab       configoptional.Optional[target.GitLabConfig]       `mapstructure:"gitlab"`
	Jira         configoptional.Optional[target.JiraConfig]         `mapstructure:"jira"`
	Opsgenie     configoptional.Optional[target.OpsgenieConfig]     `mapstructure:"opsgenie"`
	PagerDuty    configoptional.Optional[target.PagerDutyConfig]    `mapstructure:"pagerduty"`
	Rollbar      configoptional.Optional[target.RollbarConfig]      `mapstructure:"rollbar"`
	Slack        configoptional.Optional[target.SlackConfig]        `mapstructure:"slack"`
	SNS          configoptional.Optional[target.SNSConfig]          `mapstructure:"sns"`
	Trello       configoptional.Optional[target.TrelloConfig]       `mapstructure:"trello"`
	Webhook      configoptional.Optional[target.WebhookConfig]      `mapstructure:"webhook"`

	_ struct{}
}

func defaultTargets() Targets {
	return Targets{
		Alertmanager: configoptional.Default(target.DefaultAlertmanager()),
		Bugsnag:      configoptional.Default(target.DefaultBugsnag()),
		ClickUp:      configoptional.Default(target.DefaultClickUp()),
		GitHub:       configoptional.Default(target.DefaultGitHub()),
		GitLab:       configoptional.Default(target.DefaultGitLab()),
		Jira:         configoptional.Default(target.DefaultJira()),
		Opsgenie:     configoptional.Default(target.DefaultOpsgenie()),
		PagerDuty:    configoptional.Default(target.DefaultPagerDuty()),
		Rollbar:      configoptional.Default(target.DefaultRollbar()),
		Slack:        configoptional.Default(target.DefaultSlack()),
		SNS:          configoptional.Default(target.DefaultSNS()),
		Trello:       configoptional.Default(target.DefaultTrello()),
		Webhook:      configoptional.Default(target.DefaultWebhook()),
	}
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

// all lists the targets that are set.
func (t *Targets) all() []named {
	var out []named
	add(&out, "alertmanager", &t.Alertmanager)
	add(&out, "bugsnag", &t.Bugsnag)
	add(&out, "clickup", &t.ClickUp)
	add(&out, "github", &t.GitHub)
	add(&out, "gitlab", &t.GitLab)
	add(&out, "jira", &t.Jira)
	add(&out, "opsgenie", &t.Opsgenie)
	add(&out, "pagerduty", &t.PagerDuty)
	add(&out, "rollbar", &t.Rollbar)
	add(&out, "slack", &t.Slack)
	add(&out, "sns", &t.SNS)
	add(&out, "trello", &t.Trello)
	add(&out, "webhook", &t.Webhook)
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

// chosen returns the one target.
func (t *Targets) chosen() (maker, error) {
	set := t.all()
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
