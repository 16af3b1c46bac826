package beatsreceiver

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/config/configtls"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/confmaptest"
)

type m = map[string]any

func load(t *testing.T, raw m) (*Config, error) {
	t.Helper()
	cfg := createDefaultConfig().(*Config)
	if err := confmap.NewFromStringMap(raw).Unmarshal(cfg); err != nil {
		return cfg, err
	}
	return cfg, confmap.Validate(cfg)
}

func TestConfig(t *testing.T) {
	conf, err := confmaptest.LoadConf(filepath.Join("testdata", "config.yaml"))
	require.NoError(t, err)
	cfg, err := load(t, conf.ToStringMap())
	require.NoError(t, err)
	want := createDefaultConfig().(*Config)
	want.TCP.Endpoint = "0.0.0.0:5045"
	want.TLS = configoptional.Some(configtls.ServerConfig{Config: configtls.Config{CertFile: "/etc/certs/tls.crt", KeyFile: "/etc/certs/tls.key"}})
	want.MaxConnections = 20
	want.MaxEventSize = 1 << 20
	want.MaxWindowSize = 8 << 20
	want.Memory = 128 << 20
	want.KeepAlive = 2 * time.Second
	want.IdleTimeout = time.Minute
	want.ReadTimeout = 30 * time.Second
	assert.Equal(t, want, cfg)
}

func TestDefaultIsValid(t *testing.T) {
	for _, raw := range []m{nil, {"tcp": m{"endpoint": "localhost:5044"}, "tls": m{}}, {"tls": nil}} {
		cfg, err := load(t, raw)
		require.NoError(t, err)
		assert.Equal(t, createDefaultConfig(), cfg)
		assert.Equal(t, "localhost:5044", cfg.TCP.Endpoint)
		assert.False(t, cfg.TLS.HasValue())
	}
}

func TestConfigErrors(t *testing.T) {
	f := func(raw m, want ...string) {
		t.Helper()
		_, err := load(t, raw)
		for _, w := range want {
			require.ErrorContains(t, err, w)
		}
	}
	f(m{"tcp": m{"endpoint": ""}}, `'tcp::endpoint' must be host and port to listen on, e.g. localhost:5044: got ""`)
	f(m{"tcp": m{"endpoint": "localhost"}}, `got "localhost"`)
	f(m{"max_connections": 0}, "'max_connections' must be at least 1")
	f(m{"max_event_size": "64MiB"}, "'max_event_size' must be at least 1KiB and at most 'max_window_size'")
	f(m{"max_event_size": "big"}, `"big" is no size`)
	f(m{"max_window_size": "1KiB"}, "'max_window_size' must be at least 64KiB")
	f(m{"memory": "40MiB"}, "'memory' must be at least twice 'max_window_size'")
	f(m{"keep_alive": "1m"}, "'keep_alive' must be positive and shorter")
	f(m{"idle_timeout": "0s", "read_timeout": "-1s"}, "'idle_timeout' must be positive", "'read_timeout' must be positive, e.g. 1m: got -1s")
	f(m{"tls": m{"cert_file": "a"}}, "both certificate and key")
}

func TestUnknownKeys(t *testing.T) {
	f := func(raw m, path string) {
		t.Helper()
		_, err := load(t, raw)
		require.ErrorContains(t, err, "'"+path+"': unknown key")
	}
	f(m{"endpoint": "x"}, "endpoint")
	f(m{"tcp": m{"endpont": "x"}}, "tcp::endpont")
	f(m{"tls": m{"cert": "x"}}, "tls::cert")
}
