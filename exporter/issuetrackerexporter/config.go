package issuetrackerexporter

import (
	"errors"
	"fmt"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/config/configretry"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/exporter/exporterhelper"

	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/card"
	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/target"
	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/nearname"
	"github.com/otel-culprit/culprit/internal/rate"
	"github.com/otel-culprit/culprit/internal/strictconfig"
)

// Config is the configuration of the exporter. Exactly one target is set.
type Config struct {
	// The targets. They are fields of their own, not a struct that is squashed, so that errors name their keys.
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

	// Registry is the ID of the extension that remembers which issue has which ticket; none = memory of this process.
	Registry string `mapstructure:"registry"`
	// Rules say which issues get a ticket; the first that matches decides. None at all = all issues.
	Rules []Rule `mapstructure:"rules"`
	// Templates replace the texts.
	Templates TemplatesConfig `mapstructure:"templates"`
	// Updates are the counts of occurrences at which a ticket is updated; ascending.
	Updates []uint64 `mapstructure:"updates"`
	// UpdateEvery is after how long a ticket is updated while its issue goes on; 0 = never.
	UpdateEvery time.Duration `mapstructure:"update_every"`
	// MinInterval is the least time between two updates of a ticket. Changes of state do not wait.
	MinInterval time.Duration `mapstructure:"min_interval"`
	// OnResolve is what happens when an issue is resolved.
	OnResolve OnResolve `mapstructure:"on_resolve"`
	// QuietHours are times in which nothing is sent but what is worth waking somebody for.
	QuietHours configoptional.Optional[QuietHours] `mapstructure:"quiet_hours"`
	// Digest gathers what there is to tell into one message; for chat.
	Digest configoptional.Optional[DigestConfig] `mapstructure:"digest"`
	// Links are templates of URLs; "" = those of the registry.
	Links LinksConfig `mapstructure:"links"`
	// DryRun logs what would be sent, and sends nothing.
	DryRun bool `mapstructure:"dry_run"`
	// RateLimit bounds the requests to the target; unset = the target's own.
	RateLimit rate.Limit `mapstructure:"rate_limit"`
	// SearchLag is how long the target's search may not see a new ticket; 0 = the target's own.
	SearchLag time.Duration `mapstructure:"search_lag"`

	HTTP  confighttp.ClientConfig                                  `mapstructure:"http"`
	Queue configoptional.Optional[exporterhelper.QueueBatchConfig] `mapstructure:"sending_queue"`
	Retry configretry.BackOffConfig                                `mapstructure:"retry_on_failure"`

	_ struct{}
}

// TemplatesConfig are texts in text/template.
type TemplatesConfig struct {
	Title   string `mapstructure:"title"`
	Body    string `mapstructure:"body"`
	Comment string `mapstructure:"comment"`

	_ struct{}
}

// LinksConfig are templates of URLs with {trace_id}, {span_id}, {issue_id} and {service}.
type LinksConfig struct {
	Trace string `mapstructure:"trace"`
	Logs  string `mapstructure:"logs"`
	Issue string `mapstructure:"issue"`

	_ struct{}
}

// DigestConfig gathers messages.
type DigestConfig struct {
	// Every is how often a digest is sent, at whole multiples of it.
	Every time.Duration `mapstructure:"every"`
	// Except are the levels that are told at once.
	Except []string `mapstructure:"except"`

	_ struct{}
}

// OnResolve says what happens to the ticket of a resolved issue.
type OnResolve string

// The values of `on_resolve`.
const (
	ResolveTicket  OnResolve = "resolve"
	ResolveComment OnResolve = "comment"
	ResolveIgnore  OnResolve = "ignore"
)

// UnmarshalText refuses other values.
func (o *OnResolve) UnmarshalText(text []byte) error {
	switch v := OnResolve(text); v {
	case ResolveTicket, ResolveComment, ResolveIgnore:
		*o = v
		return nil
	default:
		return fmt.Errorf("%q is not known%s; use resolve (close the ticket), comment (say so in it) or ignore", text, nearname.Hint(v, ResolveTicket, ResolveComment, ResolveIgnore))
	}
}

var (
	_ component.Config    = (*Config)(nil)
	_ confmap.Unmarshaler = (*Config)(nil)
)

// Unmarshal refuses unknown keys at every level.
func (c *Config) Unmarshal(conf *confmap.Conf) error { return strictconfig.Unmarshal(conf, c) }

// noRegistry is the value of `registry` for a memory of this process alone.
const noRegistry = "none"

// registryID returns the ID of the registry's extension; nil for none.
func (c *Config) registryID() (*component.ID, error) {
	if c.Registry == noRegistry {
		return nil, nil
	}
	var id component.ID
	if err := id.UnmarshalText([]byte(c.Registry)); err != nil {
		return nil, fmt.Errorf("'registry': %q is not the ID of an extension (%w); use issue_registry, issue_registry/name, or none", c.Registry, err)
	}
	return &id, nil
}

// Validate names each mistake.
func (c *Config) Validate() error {
	var errs []error
	t, err := c.target()
	if err != nil {
		errs = append(errs, err)
	}
	if _, err := c.registryID(); err != nil {
		errs = append(errs, err)
	}
	if _, err := compileRules(c.Rules); err != nil {
		errs = append(errs, err)
	}
	if _, err := c.compileTemplates(markupOf(t)); err != nil {
		errs = append(errs, err)
	}
	for i, m := range c.Updates {
		if m == 0 || i > 0 && m <= c.Updates[i-1] {
			errs = append(errs, fmt.Errorf("'updates::%d': %d must be positive and greater than the one before, e.g. [10, 100, 1000]", i, m))
		}
	}
	if c.OnResolve != ResolveTicket && c.OnResolve != ResolveComment && c.OnResolve != ResolveIgnore {
		errs = append(errs, fmt.Errorf("'on_resolve': %q is not known; use resolve, comment or ignore", string(c.OnResolve)))
	}
	for key, d := range map[string]time.Duration{"update_every": c.UpdateEvery, "min_interval": c.MinInterval, "search_lag": c.SearchLag} {
		if d < 0 {
			errs = append(errs, fmt.Errorf("'%s': %s must not be negative, e.g. 15m", key, d))
		}
	}
	if c.SearchLag > 10*time.Minute {
		errs = append(errs, fmt.Errorf("'search_lag': %s must be at most 10m: a ticket waits so long when the answer to its creation was lost; e.g. 30s", c.SearchLag))
	}
	if c.QuietHours.HasValue() {
		if _, err := c.QuietHours.Get().compile(); err != nil {
			errs = append(errs, err)
		}
	}
	if c.Digest.HasValue() {
		d := c.Digest.Get()
		if d.Every < time.Minute || d.Every > 24*time.Hour {
			errs = append(errs, fmt.Errorf("'digest::every': %s must be 1m to 24h, e.g. 1h", d.Every))
		}
		if err := levels("digest::except", d.Except); err != nil {
			errs = append(errs, err)
		}
		if t != nil && !c.Slack.HasValue() {
			errs = append(errs, errors.New("'digest' is for chat: it needs the target 'slack'; other targets have one ticket for each issue"))
		}
	}
	errs = append(errs,
		issue.CheckLink("links::trace", c.Links.Trace, "http://localhost:16686/trace/{trace_id}"),
		issue.CheckLink("links::logs", c.Links.Logs, "http://localhost:3000/explore?trace={trace_id}"),
		issue.CheckLink("links::issue", c.Links.Issue, "http://localhost:4380/issues/{issue_id}"))
	if c.HTTP.Endpoint != "" {
		errs = append(errs, errors.New("'http::endpoint' must not be set: the target says where to, e.g. jira: {url: https://acme.atlassian.net}"))
	}
	if s := c.HTTP.Compression; s != "" && s != "none" {
		errs = append(errs, fmt.Errorf("'http::compression' must be none, got %q: trackers do not decode it", string(s)))
	}
	return errors.Join(errs...)
}

// templates are the compiled texts; nil = the default.
type templates struct{ title, body, comment *card.Template }

func (c *Config) compileTemplates(m card.Markup) (templates, error) {
	var out templates
	var errs []error
	compile := func(key, source string, m card.Markup, line bool) *card.Template {
		if source == "" {
			return nil
		}
		t, err := card.Compile("templates::"+key, source, m, line)
		if err != nil {
			errs = append(errs, fmt.Errorf("'templates::%s': %w; e.g. \"{{.Service}}: {{.Title}}\"", key, err))
		}
		return t
	}
	out.title = compile("title", c.Templates.Title, card.Plain{}, true) // targets escape it themselves
	out.body = compile("body", c.Templates.Body, m, false)
	out.comment = compile("comment", c.Templates.Comment, m, false)
	return out, errors.Join(errs...)
}
