package traceidprocessor

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"

	"github.com/otel-culprit/culprit/internal/nearname"
	"github.com/otel-culprit/culprit/internal/strictconfig"
	"github.com/otel-culprit/culprit/internal/tracecontext"
)

// Policies for log records without a trace ID.
const (
	missingPass     = "pass"
	missingFlag     = "flag"
	missingGenerate = "generate"
	missingDrop     = "drop"
)

// Policies for spans whose IDs cannot be used.
const (
	spanPass   = "pass"
	spanFlag   = "flag"
	spanDrop   = "drop"
	spanRepair = "repair"
)

// Ways to make a trace ID of a request ID.
const (
	deriveOff  = "off"
	deriveUUID = "uuid"
	deriveHash = "hash"
)

var (
	missingPolicies = []string{missingFlag, missingPass, missingGenerate, missingDrop}
	spanPolicies    = []string{spanDrop, spanFlag, spanRepair, spanPass}
	deriveModes     = []string{deriveOff, deriveUUID, deriveHash}
)

// Config is the configuration of the processor trace_id.
type Config struct {
	// Attributes are keys of trace IDs that are tried before the built-in ones, anywhere a key can be.
	Attributes []string `mapstructure:"attributes"`
	// Body says whether bodies are searched.
	Body bool `mapstructure:"body"`
	// RequestIDs configures the table of request IDs.
	RequestIDs RequestIDsConfig `mapstructure:"request_ids"`
	// Derive says whether a trace ID is made of a request ID: off, uuid or hash.
	Derive string `mapstructure:"derive"`
	// OnMissing says what happens to a log record without a trace ID: flag, pass, generate or drop.
	OnMissing string `mapstructure:"on_missing"`
	// OnInvalidSpan says what happens to a span with unusable IDs: drop, flag, repair or pass.
	OnInvalidSpan string `mapstructure:"on_invalid_span"`
	// RequiredAttributes must be on a record or its resource; a record that lacks one is flagged.
	RequiredAttributes []string `mapstructure:"required_attributes"`
	// Normalize says whether request and user IDs are also set as request.id and user.id.
	Normalize bool `mapstructure:"normalize"`
	// TrustIncoming keeps attributes culprit.* and issue.* that come with the records: for a gateway
	// behind agents that run this distribution too.
	TrustIncoming bool `mapstructure:"trust_incoming"`
	// Services overrides policies for some services; the first match wins.
	Services []ServiceConfig `mapstructure:"services"`

	_ struct{}
}

// RequestIDsConfig configures the table that joins records by their request ID.
type RequestIDsConfig struct {
	// Enabled says whether request IDs are learned and looked up.
	Enabled bool `mapstructure:"enabled"`
	// Attributes are keys of request IDs that are tried before the built-in ones.
	Attributes []string `mapstructure:"attributes"`
	// CacheSize is the greatest number of request IDs that are remembered, about 150 bytes each.
	CacheSize int `mapstructure:"cache_size"`
	// TTL is how long a request ID is remembered after it was last seen with a trace.
	TTL time.Duration `mapstructure:"ttl"`

	_ struct{}
}

// ServiceConfig overrides policies for the services whose name matches; an empty value inherits.
type ServiceConfig struct {
	// Match is a pattern of service.name: `*` is any text, `?` any character.
	Match string `mapstructure:"match"`
	// Derive, OnMissing, OnInvalidSpan and RequiredAttributes are as in Config.
	Derive             string   `mapstructure:"derive"`
	OnMissing          string   `mapstructure:"on_missing"`
	OnInvalidSpan      string   `mapstructure:"on_invalid_span"`
	RequiredAttributes []string `mapstructure:"required_attributes"`

	_ struct{}
}

var (
	_ component.Config              = (*Config)(nil)
	_ confmap.Unmarshaler           = (*Config)(nil)
	_ interface{ Validate() error } = (*Config)(nil)
)

// The defaults and bounds of numbers.
const (
	defaultCacheSize = 100_000
	maxCacheSize     = 10_000_000
	defaultTTL       = 10 * time.Minute
	minTTL           = time.Second
)

func createDefaultConfig() component.Config {
	return &Config{
		Body:          true,
		RequestIDs:    RequestIDsConfig{Enabled: true, CacheSize: defaultCacheSize, TTL: defaultTTL},
		Derive:        deriveOff,
		OnMissing:     missingFlag,
		OnInvalidSpan: spanDrop,
		Normalize:     true,
	}
}

// Unmarshal refuses unknown keys.
func (c *Config) Unmarshal(conf *confmap.Conf) error { return strictconfig.Unmarshal(conf, c) }

// Validate checks all values and returns all mistakes.
func (c *Config) Validate() error {
	errs := []error{
		checkNames("attributes", c.Attributes),
		checkNames("request_ids::attributes", c.RequestIDs.Attributes),
		checkNames("required_attributes", c.RequiredAttributes),
		checkOneOf("derive", c.Derive, deriveModes),
		checkOneOf("on_missing", c.OnMissing, missingPolicies),
		checkOneOf("on_invalid_span", c.OnInvalidSpan, spanPolicies),
	}
	for _, name := range c.RequestIDs.Attributes {
		if slices.Contains(c.Attributes, name) {
			errs = append(errs, fmt.Errorf("'request_ids::attributes' and 'attributes' both have %q: a key holds either a request ID or a trace ID", name))
		}
	}
	if c.RequestIDs.Enabled {
		if n := c.RequestIDs.CacheSize; n < 1 || n > maxCacheSize {
			errs = append(errs, fmt.Errorf("'request_ids::cache_size' is %d, must be between 1 and %d, for example %d; to switch the table off use 'request_ids::enabled: false'", n, maxCacheSize, defaultCacheSize))
		}
		if c.RequestIDs.TTL < minTTL {
			errs = append(errs, fmt.Errorf("'request_ids::ttl' is %v, must be at least %v, for example 10m", c.RequestIDs.TTL, minTTL))
		}
	}
	for i, s := range c.Services {
		at := fmt.Sprintf("services::%d::", i)
		if s.Match == "" {
			errs = append(errs, fmt.Errorf("'%smatch' is empty, must be a pattern of service.name, for example \"legacy-*\"", at))
		}
		if s.Derive == "" && s.OnMissing == "" && s.OnInvalidSpan == "" && s.RequiredAttributes == nil {
			errs = append(errs, fmt.Errorf("'services::%d' overrides nothing, set at least one of 'on_missing', 'on_invalid_span', 'derive', 'required_attributes', for example 'on_missing: generate'", i))
		}
		errs = append(errs,
			checkOptional(at+"derive", s.Derive, deriveModes),
			checkOptional(at+"on_missing", s.OnMissing, missingPolicies),
			checkOptional(at+"on_invalid_span", s.OnInvalidSpan, spanPolicies),
			checkNames(at+"required_attributes", s.RequiredAttributes))
	}
	return errors.Join(errs...)
}

func checkOptional(key, value string, allowed []string) error {
	if value == "" {
		return nil
	}
	return checkOneOf(key, value, allowed)
}

func checkOneOf(key, value string, allowed []string) error {
	if slices.Contains(allowed, value) {
		return nil
	}
	return fmt.Errorf("'%s' is %q%s, must be one of %s; for example '%s'", key, value, nearname.Hint(value, allowed...), strings.Join(allowed, ", "), allowed[0])
}

func checkNames(key string, names []string) error {
	var errs []error
	for i, name := range names {
		switch {
		case strings.TrimSpace(name) == "" || tracecontext.Normalize(name) == "":
			errs = append(errs, fmt.Errorf("'%s::%d' is %q, must be the name of an attribute, for example \"x_trace\"", key, i, name))
		case slices.Contains(names[:i], name):
			errs = append(errs, fmt.Errorf("'%s::%d' repeats %q, each name may be there once", key, i, name))
		}
	}
	return errors.Join(errs...)
}
