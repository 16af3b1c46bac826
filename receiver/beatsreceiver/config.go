package beatsreceiver

import (
	"errors"
	"fmt"
	"net"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/confignet"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/config/configtls"
	"go.opentelemetry.io/collector/confmap"

	"github.com/otel-culprit/culprit/internal/bytesize"
	"github.com/otel-culprit/culprit/internal/strictconfig"
)

// Config is the configuration of the receiver.
type Config struct {
	TCP confignet.TCPAddrConfig `mapstructure:"tcp"`
	// TLS is off when it is absent or empty.
	TLS configoptional.Optional[configtls.ServerConfig] `mapstructure:"tls"`
	// MaxConnections bounds how many clients are connected at a time; others are sent away.
	MaxConnections int `mapstructure:"max_connections"`
	// MaxEventSize bounds one event, as JSON; larger ones are skipped.
	MaxEventSize bytesize.Size `mapstructure:"max_event_size"`
	// MaxWindowSize bounds what is held of a window, which is what a client sends before it waits for an answer; a larger one is taken in parts.
	MaxWindowSize bytesize.Size `mapstructure:"max_window_size"`
	// Memory bounds the windows of all connections together.
	Memory bytesize.Size `mapstructure:"memory"`
	// KeepAlive is how often a client that waits for a slow pipeline is told that it is not forgotten.
	KeepAlive time.Duration `mapstructure:"keep_alive"`
	// IdleTimeout is how long a connection may be silent between two windows.
	IdleTimeout time.Duration `mapstructure:"idle_timeout"`
	// ReadTimeout is how long a window, or a part of a large one, may take to come in.
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

const (
	minEvent = 1 << 10
	// Beats send a window before they wait; one of few events must fit at least.
	minWindow = 64 << 10
)

var (
	errEndpoint    = errors.New("'tcp::endpoint' must be host and port to listen on, e.g. localhost:5044")
	errConnections = errors.New("'max_connections' must be at least 1, e.g. 1000")
	errEvent       = errors.New("'max_event_size' must be at least 1KiB and at most 'max_window_size', e.g. 10MiB")
	errWindow      = errors.New("'max_window_size' must be at least 64KiB and at most 2GiB, e.g. 32MiB")
	errMemory      = errors.New("'memory' must be at least twice 'max_window_size', e.g. 64MiB")
	errKeepAlive   = errors.New("'keep_alive' must be positive and shorter than the clients' timeout (30s in Filebeat), e.g. 5s")
	errTimeout     = errors.New("must be positive, e.g. 1m")
)

// Validate checks the whole configuration.
func (c *Config) Validate() error {
	var errs []error
	if _, port, err := net.SplitHostPort(c.TCP.Endpoint); err != nil || port == "" {
		errs = append(errs, fmt.Errorf("%w: got %q", errEndpoint, c.TCP.Endpoint))
	}
	if c.MaxConnections < 1 {
		errs = append(errs, fmt.Errorf("%w: got %d", errConnections, c.MaxConnections))
	}
	if c.MaxEventSize < minEvent || c.MaxEventSize > c.MaxWindowSize {
		errs = append(errs, fmt.Errorf("%w: got %d bytes", errEvent, c.MaxEventSize))
	}
	if c.MaxWindowSize < minWindow || c.MaxWindowSize > 2<<30 {
		errs = append(errs, fmt.Errorf("%w: got %d bytes", errWindow, c.MaxWindowSize))
	}
	if c.Memory < 2*c.MaxWindowSize {
		errs = append(errs, fmt.Errorf("%w: got %d and %d bytes", errMemory, c.Memory, c.MaxWindowSize))
	}
	if c.KeepAlive <= 0 || c.KeepAlive >= 30*time.Second {
		errs = append(errs, fmt.Errorf("%w: got %s", errKeepAlive, c.KeepAlive))
	}
	if c.IdleTimeout <= 0 {
		errs = append(errs, fmt.Errorf("'idle_timeout' %w: got %s", errTimeout, c.IdleTimeout))
	}
	if c.ReadTimeout <= 0 {
		errs = append(errs, fmt.Errorf("'read_timeout' %w: got %s", errTimeout, c.ReadTimeout))
	}
	return errors.Join(errs...)
}
