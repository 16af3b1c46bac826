package fluentforwardreceiver

import (
	"errors"
	"fmt"
	"net"
	"strings"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/config/configtls"
	"go.opentelemetry.io/collector/confmap"

	"github.com/otel-culprit/culprit/internal/strictconfig"
)

// Config is the configuration of the receiver.
type Config struct {
	// Endpoint is host and port, for TCP and for heartbeats over UDP, or unix:///path of a socket.
	Endpoint string `mapstructure:"endpoint"`
	// TLS is off when it is absent or empty. With client_ca_file only clients that show a certificate are served.
	TLS configoptional.Optional[configtls.ServerConfig] `mapstructure:"tls"`
	// MaxConnections bounds how many clients are connected at a time; others are sent away.
	MaxConnections int `mapstructure:"max_connections"`
	// MaxRecordBytes bounds what one record takes in memory; what is beyond is left out and counted in dropped_attributes_count.
	MaxRecordBytes int64 `mapstructure:"max_record_bytes"`
	// MaxMessageBytes bounds what a compressed message may become.
	MaxMessageBytes int64 `mapstructure:"max_message_bytes"`
	// IdleTimeout is how long a connection may be silent between two messages; 0s is for ever, since loggers that want no
	// acknowledgement lose what they send into a connection that was closed.
	IdleTimeout time.Duration `mapstructure:"idle_timeout"`
	// ReadTimeout is how long a message, or a part of a large one, may take to come in.
	ReadTimeout time.Duration `mapstructure:"read_timeout"`

	_ struct{}
}

var (
	_ component.Config    = (*Config)(nil)
	_ confmap.Unmarshaler = (*Config)(nil)
)

// Unmarshal refuses unknown keys at every level. An empty `tls` is the same as none.
func (c *Config) Unmarshal(conf *confmap.Conf) error {
	if err := strictconfig.Unmarshal(conf, c); err != nil {
		return err
	}
	if strictconfig.Empty(conf, "tls") {
		c.TLS = configoptional.None[configtls.ServerConfig]()
	}
	return nil
}

var (
	errEndpoint    = errors.New("'endpoint' must be host and port to listen on, e.g. localhost:24224, or unix:///path of a socket")
	errConnections = errors.New("'max_connections' must be at least 1, e.g. 1000")
	errRecord      = errors.New("'max_record_bytes' must be at least 1024 and at most 67108864, e.g. 10485760")
	errMessage     = errors.New("'max_message_bytes' must be at least 1048576, e.g. 268435456")
	errIdle        = errors.New("'idle_timeout' must not be negative, e.g. 5m, or 0s for none")
	errRead        = errors.New("'read_timeout' must be positive, e.g. 1m")
)

// Validate checks the whole configuration.
func (c *Config) Validate() error {
	var errs []error
	if _, port, err := net.SplitHostPort(c.Endpoint); c.socket() == "" && (err != nil || port == "") {
		errs = append(errs, fmt.Errorf("%w: got %q", errEndpoint, c.Endpoint))
	}
	if c.MaxConnections < 1 {
		errs = append(errs, fmt.Errorf("%w: got %d", errConnections, c.MaxConnections))
	}
	if c.MaxRecordBytes < 1<<10 || c.MaxRecordBytes > memoryBytes/2 {
		errs = append(errs, fmt.Errorf("%w: got %d", errRecord, c.MaxRecordBytes))
	}
	if c.MaxMessageBytes < 1<<20 {
		errs = append(errs, fmt.Errorf("%w: got %d", errMessage, c.MaxMessageBytes))
	}
	if c.IdleTimeout < 0 {
		errs = append(errs, fmt.Errorf("%w: got %s", errIdle, c.IdleTimeout))
	}
	if c.ReadTimeout <= 0 {
		errs = append(errs, fmt.Errorf("%w: got %s", errRead, c.ReadTimeout))
	}
	return errors.Join(errs...)
}

// socket is the path of a Unix socket, written as upstream takes it.
func (c *Config) socket() string {
	if path, ok := strings.CutPrefix(c.Endpoint, "unix://"); ok {
		return path
	}
	if strings.HasPrefix(c.Endpoint, "/") {
		return c.Endpoint
	}
	return ""
}
