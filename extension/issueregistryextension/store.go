package issueregistryextension

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strings"
	"time"

	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/config/configtls"
	"go.uber.org/zap"

	"github.com/otel-culprit/culprit/internal/bytesize"
	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/issue/store/file"
	"github.com/otel-culprit/culprit/internal/issue/store/memory"
	"github.com/otel-culprit/culprit/internal/issue/store/redis"
	"github.com/otel-culprit/culprit/internal/nearname"
)

// The types of stores.
const (
	storeFile   = "file"
	storeMemory = "memory"
	storeRedis  = "redis"
)

// StoreConfig says where the issues are kept.
type StoreConfig struct {
	// Type is file (one collector, survives restarts), memory, or redis (any number of collectors).
	Type string `mapstructure:"type"`

	// Path is the folder of the file; "" = $STATE_DIRECTORY, else /var/lib/otelcol-culprit.
	Path string `mapstructure:"path"`
	// MaxBytes bounds the file, in bytes or with a unit; the oldest issues go.
	MaxBytes bytesize.Size `mapstructure:"max_bytes"`

	// Endpoint of Redis, host:port.
	Endpoint string              `mapstructure:"endpoint"`
	Username string              `mapstructure:"username"`
	Password configopaque.String `mapstructure:"password"`
	DB       int                 `mapstructure:"db"`
	// TLS of the connection; absent = none.
	TLS configoptional.Optional[configtls.ClientConfig] `mapstructure:"tls"`
	// Timeout of a round trip while records wait for it. After one nobody waits until Redis has answered again.
	Timeout time.Duration `mapstructure:"timeout"`
	// Prefix of all keys: collectors with the same prefix share their issues.
	Prefix string `mapstructure:"prefix"`

	_ struct{}
}

func defaultStoreConfig() StoreConfig {
	return StoreConfig{Type: storeFile, MaxBytes: 1 << 30, Timeout: 250 * time.Millisecond, Prefix: "culprit"}
}

// minBytes leaves room for the file's own structure.
const minBytes = 16 << 20

func (s *StoreConfig) validate() (errs []error) {
	only := func(set bool, key, kind string) {
		if set && s.Type != kind {
			errs = append(errs, fmt.Errorf("'store::%s' is for 'type: %s', but 'store::type' is %q", key, kind, s.Type))
		}
	}
	switch s.Type {
	case storeFile, storeMemory:
	case storeRedis:
		if _, port, err := net.SplitHostPort(s.Endpoint); err != nil || port == "" {
			errs = append(errs, fmt.Errorf("'store::endpoint' must be host:port, got %q; for example 'localhost:6379'", s.Endpoint))
		}
		if s.Timeout < time.Millisecond || s.Timeout > 10*time.Second {
			errs = append(errs, fmt.Errorf("'store::timeout' must be 1ms to 10s, got %s; for example '250ms'", s.Timeout))
		}
		if s.Prefix == "" || strings.ContainsAny(s.Prefix, "{} \n") {
			errs = append(errs, fmt.Errorf("'store::prefix' must be a name without spaces and braces, got %q; for example 'culprit'", s.Prefix))
		}
		if s.DB < 0 {
			errs = append(errs, fmt.Errorf("'store::db' must not be negative, got %d; for example 0", s.DB))
		}
	default:
		return append(errs, fmt.Errorf("'store::type' must be 'file', 'memory' or 'redis', got %q%s", s.Type, nearname.Hint(s.Type, storeFile, storeMemory, storeRedis)))
	}
	if s.MaxBytes < minBytes {
		errs = append(errs, fmt.Errorf("'store::max_bytes' must be at least 16MiB, got %d bytes; for example '1GiB'", s.MaxBytes))
	}
	only(s.Path != "", "path", storeFile)
	only(s.Endpoint != "", "endpoint", storeRedis)
	only(s.Username != "", "username", storeRedis)
	only(s.Password != "", "password", storeRedis)
	only(s.DB != 0, "db", storeRedis)
	only(s.TLS.HasValue(), "tls", storeRedis)
	return errs
}

// open opens the store.
func (s *StoreConfig) open(ctx context.Context, logger *zap.Logger) (issue.Store, error) {
	switch s.Type {
	case storeMemory:
		return memory.New(), nil
	case storeRedis:
		opt := redis.Options{
			Address: s.Endpoint, Username: s.Username, Password: string(s.Password), DB: s.DB, Timeout: s.Timeout, Prefix: s.Prefix, Logger: logger,
		}
		if s.TLS.HasValue() {
			t, err := s.TLS.Get().LoadTLSConfig(ctx)
			if err != nil {
				return nil, fmt.Errorf("load 'store::tls': %w", err)
			}
			opt.TLS = t
		}
		return redis.New(opt), nil
	}
	dir := cmp.Or(s.Path, stateDirectory())
	st, err := file.Open(dir, logger)
	if err != nil && s.Path == "" && errors.Is(err, os.ErrPermission) {
		return nil, fmt.Errorf("the issues can't be kept in %q: %w; make it writable, or set 'store::path' to a folder of your own "+
			"(for example './culprit-data'), or 'store: {type: memory}' to keep nothing", dir, err)
	}
	if err != nil {
		return nil, fmt.Errorf("open the issues in 'store::path' %q: %w", dir, err)
	}
	return st, nil
}

// stateDirectory is what systemd's StateDirectory= sets (the first of several), or the place of the packages.
func stateDirectory() string {
	if d, _, _ := strings.Cut(os.Getenv("STATE_DIRECTORY"), ":"); d != "" {
		return d
	}
	return filepath.FromSlash("/var/lib/otelcol-culprit")
}
