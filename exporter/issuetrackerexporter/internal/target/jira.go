package target

import (
	"encoding/base64"
	"errors"
	"fmt"
	"maps"
	"net/http"
	"regexp"
	"slices"
	"strings"
	"time"

	"go.opentelemetry.io/collector/config/configopaque"

	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/card"
	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/wire"
	"github.com/otel-culprit/culprit/internal/rate"
)

// JiraConfig is the target Jira: Cloud (REST API 3) or Data Center (REST API 2)
// (https://developer.atlassian.com/cloud/jira/platform/rest/v3, https://developer.atlassian.com/server/jira/platform/rest).
type JiraConfig struct {
	// URL is the site.
	URL string `mapstructure:"url"`
	// Deployment is cloud or datacenter; "" = cloud where there is a user, else datacenter.
	Deployment string `mapstructure:"deployment"`
	// Project is the key of the project.
	Project string `mapstructure:"project"`
	// IssueType is the name of the type.
	IssueType string `mapstructure:"issue_type"`
	// User is the e-mail address that the API token belongs to (Cloud).
	User string `mapstructure:"user"`
	// Token is an API token (Cloud), or a personal access token (Data Center).
	Token configopaque.String `mapstructure:"token"`
	// Labels are set beside the one that the ticket is found by.
	Labels []string `mapstructure:"labels"`
	// Priorities are the names from the highest to the lowest severity; [] = do not set it.
	Priorities []string `mapstructure:"priorities"`
	// Fields are further fields of a new ticket, as the API wants them.
	Fields map[string]any `mapstructure:"fields"`
	// ResolveTransition and ReopenTransition are names; "" = the first that leads to (or out of) a status of the category Done.
	ResolveTransition string `mapstructure:"resolve_transition"`
	ReopenTransition  string `mapstructure:"reopen_transition"`

	_ struct{}
}

// DefaultJira has the defaults.
func DefaultJira() JiraConfig {
	return JiraConfig{IssueType: "Bug", Priorities: []string{"Highest", "High", "Medium", "Low", "Lowest"}}
}

const (
	jiraURL        = "https://acme.atlassian.net"
	jiraCloud      = "cloud"
	jiraDataCenter = "datacenter"
	jiraSummary    = 255
	jiraText       = 32767
)

var jiraProject = regexp.MustCompile(`^[A-Za-z][A-Za-z0-9_]*$`)

func (c *JiraConfig) deployment() string {
	switch {
	case c.Deployment != "":
		return c.Deployment
	case c.User != "":
		return jiraCloud
	}
	return jiraDataCenter
}

// Validate names each mistake.
func (c *JiraConfig) Validate() error {
	var errs []error
	if c.URL == "" {
		errs = append(errs, missing("url", "the site", jiraURL))
	} else {
		errs = append(errs, baseURL("url", c.URL, jiraURL))
	}
	if c.Deployment != "" {
		errs = append(errs, oneOf("deployment", c.Deployment, jiraCloud, jiraDataCenter))
	}
	if c.Project == "" {
		errs = append(errs, missing("project", "the key of the project", "OPS"))
	} else {
		errs = append(errs, matches("project", c.Project, jiraProject, "is no key of a project: letters, digits and _ only", "OPS"))
	}
	if c.IssueType == "" {
		errs = append(errs, missing("issue_type", "the name of the type of ticket", "Bug"))
	}
	if c.Token == "" {
		errs = append(errs, missing("token", "an API token (Cloud) or a personal access token (Data Center)", "${env:JIRA_TOKEN}"))
	}
	if c.deployment() == jiraCloud && c.User == "" {
		errs = append(errs, missing("user", "the e-mail address that the API token belongs to", "bot@acme.com"))
	}
	for i, l := range c.Labels {
		if l == "" || len(l) > 255 || strings.ContainsAny(l, " \t\n") {
			errs = append(errs, fmt.Errorf("'labels::%d': %q must be 1 to 255 characters without blanks, e.g. culprit", i, l))
		}
	}
	if n := len(c.Priorities); n != 0 && n != 5 {
		errs = append(errs, fmt.Errorf("'priorities' must name 5 from the highest to the lowest, got %d; e.g. [Highest, High, Medium, Low, Lowest], or [] to leave the priority alone", n))
	}
	for _, f := range slices.Sorted(maps.Keys(c.Fields)) {
		if slices.Contains([]string{"project", "issuetype", "summary", "description", "labels"}, f) {
			errs = append(errs, fmt.Errorf("'fields::%s' is set by the exporter; use 'project', 'issue_type', 'templates' or 'labels'", f))
		}
	}
	return errors.Join(errs...)
}

// New makes the target.
func (c *JiraConfig) New(o Options) (Target, error) {
	t := &jira{cfg: c, site: strings.TrimRight(c.URL, "/"), cloud: c.deployment() == jiraCloud}
	auth := "Bearer " + string(c.Token)
	secrets := []string{string(c.Token)}
	if c.User != "" {
		basic := base64.StdEncoding.EncodeToString([]byte(c.User + ":" + string(c.Token)))
		auth = "Basic " + basic
		secrets = append(secrets, basic)
	}
	version := "2"
	t.lag = o.lag(10 * time.Second)
	if t.cloud {
		version, t.lag = "3", o.lag(30*time.Second)
	}
	t.api = wire.Join(c.URL, "rest/api", version)
	t.client = wire.New(o.HTTP, wire.Options{
		Header: http.Header{"Authorization": {auth}, "Accept": {"application/json"}, "Accept-Language": {"en"}, "X-Atlassian-Token": {"no-check"}},
		Agent:  o.Agent, Limit: o.limit(rate.New(10, time.Second)), DefaultWait: 10 * time.Second, Secrets: secrets, Judge: judgeJira,
	})
	return t, nil
}

// judgeJira: a limit on one issue's writes does not concern the others.
func judgeJira(a *wire.Answer, usual *wire.Error) *wire.Error {
	if usual != nil && usual.Kind == wire.Limited && strings.Contains(a.Header.Get("RateLimit-Reason"), "per-issue") {
		usual.Local = true
	}
	return usual
}

// jira is one project of one site.
type jira struct {
	cfg        *JiraConfig
	site, api  string
	cloud      bool
	lag        time.Duration
	client     *wire.Client
	noPriority flag // the project has no such field, or not these names
}

func (t *jira) Traits() Traits {
	m := card.Markup(card.Wiki{})
	if t.cloud {
		m = card.Plain{} // a template's output becomes paragraphs of ADF
	}
	return Traits{Markup: m, Search: true, Lag: t.lag, Quiet: true}
}

// text is a body in the API's form.
func (t *jira) text(s card.Text) any {
	if t.cloud {
		return card.ADF(s, jiraText-1024) // the limit is on the text; leave room for what Jira adds
	}
	return card.Render(card.Wiki{}, s, jiraText)
}
