package errorissueprocessor

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otel-culprit/culprit/internal/grouping"
	"github.com/otel-culprit/culprit/internal/issue/record"
	"github.com/otel-culprit/culprit/internal/nearname"
	"github.com/otel-culprit/culprit/internal/rate"
	"github.com/otel-culprit/culprit/internal/stacktrace"
	"github.com/otel-culprit/culprit/internal/strictconfig"
)

// Config is the configuration of processor error_issue.
type Config struct {
	// Registry is the ID of the extension that remembers the issues; none = stamp statelessly.
	Registry string `mapstructure:"registry"`
	// Severity is the lowest severity of a log record that is an error.
	Severity Severity `mapstructure:"severity"`
	// HTTPStatus is the lowest status of a server span that is an error; 0 = no status is.
	HTTPStatus int `mapstructure:"http_status"`
	// InApp are rules about which frames of a stack trace are the application's own.
	InApp InAppConfig `mapstructure:"in_app"`
	// Grouping are rules about which errors are one issue.
	Grouping GroupingConfig `mapstructure:"grouping"`
	// Owners name the owner of an issue; the first that matches does.
	Owners []OwnerConfig `mapstructure:"owners"`
	// Breadcrumbs are the last records of each trace, kept until an error asks for them.
	Breadcrumbs BreadcrumbsConfig `mapstructure:"breadcrumbs"`
	// MaxNewPerService bounds how many new issues a service may make; the rest go into one overflow issue.
	MaxNewPerService rate.Limit `mapstructure:"max_new_per_service"`
	// TrustIncoming keeps the issue.* and culprit.* attributes that records come with.
	TrustIncoming bool `mapstructure:"trust_incoming"`

	_ struct{}
}

// InAppConfig are globs over modules and files.
type InAppConfig struct {
	Include []string `mapstructure:"include"`
	Exclude []string `mapstructure:"exclude"`

	_ struct{}
}

// GroupingConfig says which errors are one issue.
type GroupingConfig struct {
	// Rules are tried in order before the built-in fingerprint.
	Rules []RuleConfig `mapstructure:"rules"`
	// ByService makes the same error in two services two issues.
	ByService bool `mapstructure:"by_service"`

	_ struct{}
}

// RuleConfig is a fingerprint of the user's own.
type RuleConfig struct {
	Match       map[string]string `mapstructure:"match"`
	Fingerprint []string          `mapstructure:"fingerprint"`
	Title       string            `mapstructure:"title"`

	_ struct{}
}

// OwnerConfig names the owner of the errors that match all globs.
type OwnerConfig struct {
	Match map[string]string `mapstructure:"match"`
	Owner string            `mapstructure:"owner"`

	_ struct{}
}

// BreadcrumbsConfig bounds the breadcrumbs.
type BreadcrumbsConfig struct {
	PerTrace int      `mapstructure:"per_trace"` // 0 = keep none
	Traces   int      `mapstructure:"traces"`
	Severity Severity `mapstructure:"severity"` // the lowest of a log record that becomes a breadcrumb

	_ struct{}
}

// Severity is a severity of log records, written as its name.
type Severity plog.SeverityNumber

var severities = []struct {
	name   string
	number plog.SeverityNumber
}{
	{"trace", plog.SeverityNumberTrace},
	{"debug", plog.SeverityNumberDebug},
	{"info", plog.SeverityNumberInfo},
	{"warn", plog.SeverityNumberWarn},
	{"error", plog.SeverityNumberError},
	{"fatal", plog.SeverityNumberFatal},
}

// UnmarshalText reads a severity's name.
func (s *Severity) UnmarshalText(text []byte) error {
	name := strings.ToLower(string(text))
	if name == "warning" {
		name = "warn"
	}
	var names []string
	for _, known := range severities {
		if known.name == name {
			*s = Severity(known.number)
			return nil
		}
		names = append(names, known.name)
	}
	return fmt.Errorf("%q is not a severity%s; use one of %s", text, nearname.Hint(name, names...), strings.Join(names, ", "))
}

// MarshalText writes the severity's name.
func (s Severity) MarshalText() ([]byte, error) {
	for _, known := range severities {
		if known.number == plog.SeverityNumber(s) {
			return []byte(known.name), nil
		}
	}
	return nil, fmt.Errorf("severity %d has no name", s)
}

// noRegistry is the value of `registry` for stamping without a memory.
const noRegistry = "none"

// The bounds of the breadcrumbs' memory: one takes about 300 bytes.
const (
	maxPerTrace = 1000
	maxTraces   = 10_000_000
)

func createDefaultConfig() component.Config {
	return &Config{
		Registry:         "issue_registry",
		Severity:         Severity(plog.SeverityNumberError),
		HTTPStatus:       500,
		Grouping:         GroupingConfig{ByService: true},
		Breadcrumbs:      BreadcrumbsConfig{PerTrace: 30, Traces: 20000, Severity: Severity(plog.SeverityNumberInfo)},
		MaxNewPerService: rate.New(100, time.Minute),
	}
}

// Unmarshal refuses unknown keys.
func (c *Config) Unmarshal(conf *confmap.Conf) error { return strictconfig.Unmarshal(conf, c) }

// Validate compiles everything and names each mistake.
func (c *Config) Validate() error {
	var errs []error
	if _, err := c.registryID(); err != nil {
		errs = append(errs, err)
	}
	if c.HTTPStatus != 0 && (c.HTTPStatus < 100 || c.HTTPStatus > 599) {
		errs = append(errs, fmt.Errorf("'http_status': %d is no HTTP status; use 100 to 599, for example 500, or 0 to ignore statuses", c.HTTPStatus))
	}
	for _, list := range []struct {
		name     string
		patterns []string
	}{{"include", c.InApp.Include}, {"exclude", c.InApp.Exclude}} {
		for i, p := range list.patterns {
			if strings.TrimSpace(p) == "" {
				errs = append(errs, fmt.Errorf(`'in_app::%s::%d': the pattern is empty; use a glob over modules or files, for example "com.acme.*" or "billing/**"`, list.name, i))
			}
		}
	}
	if _, err := c.grouper(); err != nil {
		errs = append(errs, fmt.Errorf("'grouping': %w", err))
	}
	if _, err := compileOwners(c.Owners); err != nil {
		errs = append(errs, err)
	}
	if n := c.Breadcrumbs.PerTrace; n < 0 || n > maxPerTrace {
		errs = append(errs, fmt.Errorf("'breadcrumbs::per_trace': %d must be between 0 (none) and %d, for example 30", n, maxPerTrace))
	}
	if n := c.Breadcrumbs.Traces; n < 0 || n > maxTraces {
		errs = append(errs, fmt.Errorf("'breadcrumbs::traces': %d must be between 0 (none) and %d, for example 20000", n, maxTraces))
	}
	return errors.Join(errs...)
}

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

func (c *Config) grouper() (*grouping.Grouper, error) {
	cfg := grouping.Config{
		ByService: c.Grouping.ByService,
		InApp:     stacktrace.InApp{Include: c.InApp.Include, Exclude: c.InApp.Exclude},
	}
	for _, r := range c.Grouping.Rules {
		cfg.Rules = append(cfg.Rules, grouping.Rule{Match: r.Match, Fingerprint: r.Fingerprint, Title: r.Title})
	}
	return grouping.New(cfg)
}

func (c *Config) rules() record.Rules {
	return record.Rules{Severity: plog.SeverityNumber(c.Severity), HTTPStatus: c.HTTPStatus}
}
