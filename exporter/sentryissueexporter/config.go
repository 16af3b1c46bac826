package sentryissueexporter

import (
	"encoding"
	"errors"
	"fmt"
	"maps"
	"slices"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/config/configretry"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/exporter/exporterhelper"

	"github.com/otel-culprit/culprit/internal/nearname"
	"github.com/otel-culprit/culprit/internal/sentryproto"
	"github.com/otel-culprit/culprit/internal/strictconfig"
)

// Config is the configuration of the exporter.
type Config struct {
	// DSN is the target of every service that has none of its own.
	DSN configopaque.String `mapstructure:"dsn"`
	// Routing gives services DSNs of their own.
	Routing RoutingConfig `mapstructure:"routing"`
	// Grouping says who decides which events are one issue.
	Grouping Grouping `mapstructure:"grouping"`
	// MaxRateLimitWait is how long an event waits for the end of a rate limit; it is dropped and
	// counted when the limit lasts longer.
	MaxRateLimitWait time.Duration `mapstructure:"max_rate_limit_wait"`

	HTTP  confighttp.ClientConfig                                  `mapstructure:"http"`
	Queue configoptional.Optional[exporterhelper.QueueBatchConfig] `mapstructure:"sending_queue"`
	Retry configretry.BackOffConfig                                `mapstructure:"retry_on_failure"`

	_ struct{}
}

// RoutingConfig finds an event's DSN.
type RoutingConfig struct {
	// Attribute is the resource attribute whose value is looked up in DSNs.
	Attribute string `mapstructure:"attribute"`
	// DSNs are the targets by value of Attribute.
	DSNs map[string]configopaque.String `mapstructure:"dsns"`

	_ struct{}
}

// Grouping says who decides which events are one issue.
type Grouping string

// The values of [Grouping].
const (
	ByIssue  Grouping = "issue"  // one issue here is one issue there: the fingerprint is the issue ID
	BySentry Grouping = "sentry" // no fingerprint: Sentry groups by its own rules
)

var (
	_ component.Config         = (*Config)(nil)
	_ confmap.Unmarshaler      = (*Config)(nil)
	_ encoding.TextUnmarshaler = (*Grouping)(nil)
)

var errGrouping = errors.New("'grouping' must be 'issue' (one issue here is one issue in Sentry) or 'sentry' (Sentry groups itself)")

// UnmarshalText reads a [Grouping].
func (g *Grouping) UnmarshalText(text []byte) error {
	switch v := Grouping(text); v {
	case ByIssue, BySentry:
		*g = v
		return nil
	default:
		return fmt.Errorf("%w: got %q%s", errGrouping, text, nearname.Hint(v, ByIssue, BySentry))
	}
}

// Unmarshal refuses unknown keys at every level.
func (c *Config) Unmarshal(conf *confmap.Conf) error { return strictconfig.Unmarshal(conf, c) }

const exampleDSN = "https://public_key@o1.ingest.sentry.io/42"

var (
	errNoDSN       = errors.New("'dsn' is missing: set the DSN of a Sentry project, e.g. dsn: " + exampleDSN + ", or one for each service under 'routing::dsns'")
	errAttribute   = errors.New("'routing::attribute' must name a resource attribute, e.g. service.name")
	errEndpoint    = errors.New("'http::endpoint' must not be set: the DSN says where events go")
	errCompression = errors.New("'http::compression' must be one of gzip, zstd, deflate, none: Sentry decodes no other")
	errWait        = errors.New("'max_rate_limit_wait' must not be negative, e.g. 60s")
)

// Validate checks the whole configuration. Its errors do not repeat DSNs, which hold keys.
func (c *Config) Validate() error {
	var errs []error
	if c.DSN == "" && len(c.Routing.DSNs) == 0 {
		errs = append(errs, errNoDSN)
	}
	if c.DSN != "" {
		errs = append(errs, validDSN("dsn", c.DSN))
	}
	for _, key := range slices.Sorted(maps.Keys(c.Routing.DSNs)) {
		errs = append(errs, validDSN("routing::dsns::"+key, c.Routing.DSNs[key]))
	}
	if c.Routing.Attribute == "" {
		errs = append(errs, errAttribute)
	}
	if c.Grouping != ByIssue && c.Grouping != BySentry {
		errs = append(errs, fmt.Errorf("%w: got %q", errGrouping, string(c.Grouping)))
	}
	if c.HTTP.Endpoint != "" {
		errs = append(errs, errEndpoint)
	}
	switch c.HTTP.Compression {
	case "", "none", "gzip", "zstd", "deflate":
	default:
		errs = append(errs, fmt.Errorf("%w: got %q", errCompression, string(c.HTTP.Compression)))
	}
	if c.MaxRateLimitWait < 0 {
		errs = append(errs, fmt.Errorf("%w: got %s", errWait, c.MaxRateLimitWait))
	}
	return errors.Join(errs...)
}

func validDSN(key string, dsn configopaque.String) error {
	if _, err := sentryproto.ParseDSN(string(dsn)); err != nil {
		return fmt.Errorf("'%s' is no DSN: %w, e.g. %s", key, err, exampleDSN)
	}
	return nil
}
