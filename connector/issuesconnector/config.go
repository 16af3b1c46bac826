package issuesconnector

import (
	"errors"
	"fmt"
	"strings"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"

	"github.com/otel-culprit/culprit/internal/grouping"
	"github.com/otel-culprit/culprit/internal/issue/record"
	"github.com/otel-culprit/culprit/internal/nearname"
	"github.com/otel-culprit/culprit/internal/rate"
	"github.com/otel-culprit/culprit/internal/stacktrace"
	"github.com/otel-culprit/culprit/internal/strictconfig"
)

// Config is the configuration of connector issues.
type Config struct {
	// Registry is the ID of the extension that remembers the issues; none = what the records say.
	Registry string `mapstructure:"registry"`
	// Emit says which events are emitted: every occurrence, or the lifecycle only.
	Emit Emit `mapstructure:"emit"`
	// Throttle bounds the occurrences that are emitted.
	Throttle ThrottleConfig `mapstructure:"throttle"`
	// Milestones are the counts at which an event tells of an issue again; ascending.
	Milestones []uint64 `mapstructure:"milestones"`
	// Settle is how long an event waits for the deeper span of its trace.
	Settle time.Duration `mapstructure:"settle"`
	// Outbox bounds the occurrence events that wait for the side pipeline.
	Outbox int `mapstructure:"outbox"`
	// MetricsInterval is how often all metrics are sent.
	MetricsInterval time.Duration `mapstructure:"metrics_interval"`
	// MaxSeries bounds the issues that have series of their own.
	MaxSeries int `mapstructure:"max_series"`
	// AttributesAsTags are the attributes of record, span and resource that become tags of the event.
	AttributesAsTags []string `mapstructure:"attributes_as_tags"`
	// InApp are rules about which frames are the application's own; the same as those of error_issue.
	InApp InAppConfig `mapstructure:"in_app"`

	_ struct{}
}

// InAppConfig are globs over modules and files.
type InAppConfig struct {
	Include []string `mapstructure:"include"`
	Exclude []string `mapstructure:"exclude"`

	_ struct{}
}

// ThrottleConfig bounds the occurrences that are emitted; all are counted.
type ThrottleConfig struct {
	PerIssue rate.Limit `mapstructure:"per_issue"`
	Total    rate.Limit `mapstructure:"total"`

	_ struct{}
}

// Emit says which events are emitted.
type Emit string

// The values of `emit`.
const (
	EmitEvery     Emit = "every"
	EmitLifecycle Emit = "lifecycle"
)

// UnmarshalText refuses other values.
func (e *Emit) UnmarshalText(text []byte) error {
	switch v := Emit(text); v {
	case EmitEvery, EmitLifecycle:
		*e = v
		return nil
	default:
		return fmt.Errorf("%q is not known%s; use every (each occurrence, within throttle) or lifecycle (new issues, changes of state, milestones)", text, nearname.Hint(v, EmitEvery, EmitLifecycle))
	}
}

const noRegistry = "none"

// Bounds of the configuration.
const (
	maxOutbox = 10_000_000
	maxSeries = 1_000_000
	maxSettle = 10 * time.Minute
)

func createDefaultConfig() component.Config {
	return &Config{
		Registry:         "issue_registry",
		Emit:             EmitEvery,
		Throttle:         ThrottleConfig{PerIssue: rate.New(10, time.Minute)},
		Milestones:       []uint64{10, 100, 1000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000},
		Outbox:           10_000,
		MetricsInterval:  30 * time.Second,
		MaxSeries:        2000,
		AttributesAsTags: append([]string(nil), record.DefaultTags...),
	}
}

// Unmarshal refuses unknown keys.
func (c *Config) Unmarshal(conf *confmap.Conf) error { return strictconfig.Unmarshal(conf, c) }

// Validate names each mistake.
func (c *Config) Validate() error {
	var errs []error
	if _, err := c.registryID(); err != nil {
		errs = append(errs, err)
	}
	if c.Emit != EmitEvery && c.Emit != EmitLifecycle {
		errs = append(errs, fmt.Errorf("'emit': %q is not known; use every or lifecycle", c.Emit))
	}
	for i, m := range c.Milestones {
		if m == 0 || i > 0 && m <= c.Milestones[i-1] {
			errs = append(errs, fmt.Errorf("'milestones::%d': %d must be positive and greater than the one before, for example [10, 100, 1000]", i, m))
		}
	}
	if c.Settle < 0 || c.Settle > maxSettle {
		errs = append(errs, fmt.Errorf("'settle': %s must be between 0s and %s, for example 5s", c.Settle, maxSettle))
	}
	if c.Outbox < 1 || c.Outbox > maxOutbox {
		errs = append(errs, fmt.Errorf("'outbox': %d must be between 1 and %d events, for example 10000", c.Outbox, maxOutbox))
	}
	if c.MetricsInterval < 100*time.Millisecond {
		errs = append(errs, fmt.Errorf("'metrics_interval': %s must be at least 100ms, for example 30s", c.MetricsInterval))
	}
	if c.MaxSeries < 1 || c.MaxSeries > maxSeries {
		errs = append(errs, fmt.Errorf("'max_series': %d must be between 1 and %d, for example 2000", c.MaxSeries, maxSeries))
	}
	for i, key := range c.AttributesAsTags {
		if strings.TrimSpace(key) == "" {
			errs = append(errs, fmt.Errorf("'attributes_as_tags::%d': is empty; name an attribute, for example http.route", i))
		}
	}
	if _, err := c.grouper(); err != nil {
		errs = append(errs, err)
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

// grouper parses the stacks of emitted events; which issue they belong to was decided before.
func (c *Config) grouper() (*grouping.Grouper, error) {
	return grouping.New(grouping.Config{InApp: stacktrace.InApp{Include: c.InApp.Include, Exclude: c.InApp.Exclude}})
}
