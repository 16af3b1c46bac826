package sentryreceiver

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/collector/confmap"

	"github.com/otel-culprit/culprit/internal/bytesize"
	"github.com/otel-culprit/culprit/internal/nearname"
	"github.com/otel-culprit/culprit/internal/strictconfig"
)

// Config is the configuration of the receiver.
type Config struct {
	HTTP confighttp.ServerConfig `mapstructure:"http"`
	// Keys are the public keys that are accepted; empty = any.
	Keys []configopaque.String `mapstructure:"keys"`
	// Projects gives projects, by ID, the service.name of what they send. Others are called
	// sentry-<project>.
	Projects map[string]string `mapstructure:"projects"`
	// Spool bounds the memory that accepted data takes until the pipelines take it.
	Spool bytesize.Size `mapstructure:"spool"`
	// Storage is the extension that keeps accepted data over a kill; nil = the spool is memory only.
	Storage *component.ID `mapstructure:"storage"`
	// Attachments says what becomes of the files that SDKs attach to events.
	Attachments Attachments `mapstructure:"attachments"`
	// MaxAttachment is the length up to which the text of a kept attachment is kept.
	MaxAttachment bytesize.Size `mapstructure:"max_attachment"`

	_ struct{}
}

// Attachments says what becomes of attached files.
type Attachments string

// The values of [Attachments]. In both cases name, type and size of the file stay with its event.
const (
	DropAttachments Attachments = "drop"
	KeepAttachments Attachments = "keep"
)

var (
	_ component.Config    = (*Config)(nil)
	_ confmap.Unmarshaler = (*Config)(nil)
)

// Unmarshal refuses unknown keys at every level.
func (c *Config) Unmarshal(conf *confmap.Conf) error { return strictconfig.Unmarshal(conf, c) }

// Encodings that can be decoded; Sentry's own list plus the absent one.
var encodings = []string{"", "identity", "gzip", "x-gzip", "deflate", "zlib", "zstd", "br"}

const minSpool = 1 << 20

var (
	errEndpoint    = errors.New("'http::endpoint' is missing: set host and port to listen on, e.g. localhost:9000")
	errKey         = errors.New("'keys' must hold public keys, the part of a DSN before the @, e.g. [a1b2c3d4e5f60718293a4b5c6d7e8f90]; leave it out to accept any")
	errProject     = errors.New("'projects' must give each project ID a service name, e.g. {\"42\": checkout}")
	errSpool       = errors.New("'spool' must be at least 1MiB, e.g. 64MiB")
	errAttachments = errors.New("'attachments' must be 'drop' (name and size stay) or 'keep' (text up to 'max_attachment' too)")
	errEncoding    = errors.New("'http::compression_algorithms' may hold gzip, x-gzip, deflate, zlib, zstd, br, identity and \"\"")
	errBody        = errors.New("'http::max_request_body_size' must be smaller than 'spool'")
)

// Validate checks the whole configuration.
func (c *Config) Validate() error {
	var errs []error
	if c.HTTP.NetAddr.Endpoint == "" {
		errs = append(errs, errEndpoint)
	}
	for i, key := range c.Keys {
		if key == "" || strings.ContainsAny(string(key), " :/@,") {
			errs = append(errs, fmt.Errorf("%w: entry %d is none", errKey, i))
		}
	}
	for _, id := range slices.Sorted(maps.Keys(c.Projects)) {
		if !validProject(id) || strings.TrimSpace(c.Projects[id]) == "" {
			errs = append(errs, fmt.Errorf("%w: got {%q: %q}", errProject, id, c.Projects[id]))
		}
	}
	if c.Spool < minSpool {
		errs = append(errs, fmt.Errorf("%w: got %d bytes", errSpool, c.Spool))
	}
	if c.HTTP.MaxRequestBodySize > 0 && c.HTTP.MaxRequestBodySize >= int64(c.Spool) {
		errs = append(errs, fmt.Errorf("%w: got %d and %d bytes", errBody, c.HTTP.MaxRequestBodySize, c.Spool))
	}
	if c.Attachments != DropAttachments && c.Attachments != KeepAttachments {
		errs = append(errs, fmt.Errorf("%w: got %q%s", errAttachments, string(c.Attachments), nearname.Hint(c.Attachments, DropAttachments, KeepAttachments)))
	}
	for _, name := range c.HTTP.CompressionAlgorithms {
		if !slices.Contains(encodings, name) {
			errs = append(errs, fmt.Errorf("%w: got %q", errEncoding, name))
		}
	}
	return errors.Join(errs...)
}

// validProject tells a project ID: a number in Sentry, a word elsewhere.
func validProject(id string) bool {
	if id == "" || len(id) > 64 {
		return false
	}
	for i := range len(id) {
		c := id[i]
		if (c < '0' || c > '9') && (c|0x20 < 'a' || c|0x20 > 'z') && c != '-' && c != '_' {
			return false
		}
	}
	return true
}
