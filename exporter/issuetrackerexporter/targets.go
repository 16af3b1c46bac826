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
	Jira         configoptional.Optional[target.JiraConfig]         `mapstructure:"jira"`
	Slack        configoptional.Optional[target.SlackConfig]        `mapstructure:"slack"`
	Webhook      configoptional.Optional[target.WebhookConfig]      `mapstructure:"webhook"`

	_ struct{}
}

func defaultTargets() Targets {
	return Targets{
		Alertmanager: configoptional.Default(target.DefaultAlertmanager()),
		Jira:         configoptional.Default(target.DefaultJira()),
		Slack:        configoptional.Default(target.DefaultSlack()),
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
	add(&out, "jira", &t.Jira)
	add(&out, "slack", &t.Slack)
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

var targetNames = []string{"alertmanager", "jira", "slack", "webhook"}

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
