package lokiexporter

import (
	"errors"
	"fmt"
	"net/url"
	"slices"
	"strings"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configcompression"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/config/configretry"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/exporter/exporterhelper"

	"github.com/otel-culprit/culprit/internal/nearname"
	"github.com/otel-culprit/culprit/internal/strictconfig"
)

// Loki's own limits, which are the defaults here
// (https://grafana.com/docs/loki/latest/configure/#limits_config).
const (
	defaultMaxLineBytes     = 256 << 10 // max_line_size
	defaultMaxMetadataBytes = 64 << 10  // max_structured_metadata_size
	defaultMaxMetadataCount = 128       // max_structured_metadata_entries_count
	defaultMaxRequestBytes  = 4 << 20   // uncompressed; distributors commonly sit behind proxies with small bodies
	defaultMaxLabelValues   = 1000      // per label
	defaultTimeout          = 30 * time.Second
	maxLabels               = 15 // max_label_names_per_series
)

// Config is the configuration of exporter loki.
type Config struct {
	// HTTP is the client; its endpoint is the whole URL of the push API.
	HTTP confighttp.ClientConfig `mapstructure:"http"`
	// Queue holds batches while Loki is away.
	Queue configoptional.Optional[exporterhelper.QueueBatchConfig] `mapstructure:"sending_queue"`
	// Retry is how refused batches are sent again.
	Retry configretry.BackOffConfig `mapstructure:"retry_on_failure"`
	// Labels chooses what becomes an index label.
	Labels LabelsConfig `mapstructure:"labels"`
	// Tenant chooses the value of the header X-Scope-OrgID.
	Tenant TenantConfig `mapstructure:"tenant"`
	// Line is what the log line is made of.
	Line LineFormat `mapstructure:"line"`
	// Limits are those of the Loki server; longer entries are cut, larger requests divided.
	Limits LimitsConfig `mapstructure:"limits"`

	migrated []string // keys of the retired upstream exporter that were found
	_        struct{}
}

// LabelsConfig chooses the index labels. Dots and other characters that a label name cannot have become underscores.
type LabelsConfig struct {
	// Resource lists resource attributes.
	Resource []string `mapstructure:"resource"`
	// Attributes lists log record attributes. Each distinct set of values is a stream: keep them few.
	Attributes []string `mapstructure:"attributes"`
	// Static labels have the same value on every stream.
	Static map[string]string `mapstructure:"static"`
	// MaxValues bounds the distinct values of each label; further values become structured metadata.
	MaxValues int `mapstructure:"max_values"`
	_         struct{}
}

// TenantConfig chooses the tenant of a record.
type TenantConfig struct {
	// Attribute of the log record, else of the resource, whose value is the tenant; empty = no header.
	Attribute string `mapstructure:"attribute"`
	// Default is the tenant of records without the attribute; empty = no header.
	Default string `mapstructure:"default"`
	_       struct{}
}

// LimitsConfig repeats limits of the Loki server.
type LimitsConfig struct {
	MaxLineBytes     int `mapstructure:"max_line_bytes"`
	MaxMetadataBytes int `mapstructure:"max_metadata_bytes"`
	MaxMetadataCount int `mapstructure:"max_metadata_count"`
	MaxRequestBytes  int `mapstructure:"max_request_bytes"`
	_                struct{}
}

// LineFormat is what the log line is made of.
type LineFormat string

// The line formats.
const (
	LineBody   LineFormat = "body"   // the body's text; maps and lists as JSON
	LineJSON   LineFormat = "json"   // the whole record as one JSON object
	LineLogfmt LineFormat = "logfmt" // the whole record as key=value pairs
)

// UnmarshalText accepts the formats and `raw`, which is another word for body.
func (f *LineFormat) UnmarshalText(text []byte) error {
	switch s := LineFormat(text); s {
	case LineBody, LineJSON, LineLogfmt:
		*f = s
	case "raw", "":
		*f = LineBody
	default:
		return fmt.Errorf("'line' is %q%s, must be one of body, json, logfmt; for example `line: body`", string(text), nearname.Hint(s, LineBody, LineJSON, LineLogfmt))
	}
	return nil
}

var (
	_ component.Config    = (*Config)(nil)
	_ confmap.Unmarshaler = (*Config)(nil)
)

func createDefaultConfig() component.Config {
	http := confighttp.NewDefaultClientConfig()
	http.Timeout = defaultTimeout
	http.Compression = "" // the push API's protobuf is snappy-compressed by itself
	return &Config{
		HTTP:  http,
		Queue: configoptional.Some(exporterhelper.NewDefaultQueueConfig()),
		Retry: configretry.NewDefaultBackOffConfig(),
		Labels: LabelsConfig{
			Resource:  []string{"service.name", "deployment.environment.name"},
			MaxValues: defaultMaxLabelValues,
		},
		Line: LineBody,
		Limits: LimitsConfig{
			MaxLineBytes:     defaultMaxLineBytes,
			MaxMetadataBytes: defaultMaxMetadataBytes,
			MaxMetadataCount: defaultMaxMetadataCount,
			MaxRequestBytes:  defaultMaxRequestBytes,
		},
	}
}

// Unmarshal moves the keys of the retired upstream exporter to their new place and refuses unknown ones.
func (c *Config) Unmarshal(conf *confmap.Conf) error {
	migrated, err := migrate(conf)
	if err != nil {
		return err
	}
	c.migrated = migrated
	return strictconfig.Unmarshal(conf, c)
}

// Validate checks everything that can be known without the server.
func (c *Config) Validate() error {
	var errs []error
	if err := validEndpoint(c.HTTP.Endpoint); err != nil {
		errs = append(errs, err)
	}
	if c.HTTP.Compression.IsCompressed() && c.HTTP.Compression != configcompression.TypeSnappy {
		errs = append(errs, fmt.Errorf("'http::compression' is %q, but pushes are snappy-compressed protobuf already; leave it out", c.HTTP.Compression))
	}
	errs = append(errs, c.Labels.validate(), c.Limits.validate())
	return errors.Join(errs...)
}

func validEndpoint(endpoint string) error {
	const example = "for example `endpoint: http://localhost:3100/loki/api/v1/push`"
	if endpoint == "" {
		return errors.New("'http::endpoint' is empty, must be the URL of Loki's push API; " + example)
	}
	u, err := url.Parse(endpoint)
	if err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
		return fmt.Errorf("'http::endpoint' is %q, must be an http or https URL; %s", endpoint, example)
	}
	return nil
}

func (l *LabelsConfig) validate() error {
	var errs []error
	if l.MaxValues <= 0 {
		errs = append(errs, fmt.Errorf("'labels::max_values' is %d, must be positive; for example `max_values: 1000`", l.MaxValues))
	}
	if n := len(l.Resource) + len(l.Attributes) + len(l.Static); n > maxLabels {
		errs = append(errs, fmt.Errorf("'labels' has %d labels, Loki takes at most %d of a stream; leave those that you do not select streams by to structured metadata", n, maxLabels))
	}
	for name := range l.Static {
		if sanitize(name) != name {
			errs = append(errs, fmt.Errorf("'labels::static' has the name %q, must match [a-zA-Z_][a-zA-Z0-9_]*; for example %q", name, sanitize(name)))
		}
	}
	seen := map[string]string{}
	for _, key := range slices.Concat(l.Resource, l.Attributes) {
		if strings.TrimSpace(key) == "" {
			errs = append(errs, errors.New("'labels' has an empty attribute name; for example `resource: [service.name]`"))
			continue
		}
		if other, ok := seen[sanitize(key)]; ok {
			errs = append(errs, fmt.Errorf("'labels' has %q and %q, which are the same label %q; take one of them out", other, key, sanitize(key)))
		}
		seen[sanitize(key)] = key
	}
	return errors.Join(errs...)
}

func (l *LimitsConfig) validate() error {
	var errs []error
	for _, f := range []struct {
		name       string
		value, min int
	}{
		{"max_line_bytes", l.MaxLineBytes, 256},
		{"max_metadata_bytes", l.MaxMetadataBytes, 256},
		{"max_metadata_count", l.MaxMetadataCount, 8},
		{"max_request_bytes", l.MaxRequestBytes, 64 << 10},
	} {
		if f.value < f.min {
			errs = append(errs, fmt.Errorf("'limits::%s' is %d, must be at least %d", f.name, f.value, f.min))
		}
	}
	return errors.Join(errs...)
}
