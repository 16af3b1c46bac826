package sentryissueexporter

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/config/configopaque"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/confmaptest"
)

func load(t *testing.T, raw map[string]any) (*Config, error) {
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
	want.DSN = "https://key@o1.ingest.de.sentry.io/42"
	want.Routing.DSNs = map[string]configopaque.String{"checkout": "https://key@host:9000/prefix/42", "a.b": "http://k@localhost:8000/1"}
	want.Routing.Attribute = "service.namespace"
	want.Grouping = BySentry
	want.MaxRateLimitWait = 5 * time.Minute
	want.HTTP.Compression = "zstd"
	want.HTTP.Timeout = 10 * time.Second
	want.Retry.MaxElapsedTime = 0
	want.Queue.Get().QueueSize = 500
	assert.Equal(t, want, cfg)
	text, err := cfg.DSN.MarshalText()
	require.NoError(t, err)
	assert.Equal(t, "[REDACTED]", string(text))
}

func TestDefaultNeedsDSN(t *testing.T) {
	_, err := load(t, nil)
	require.ErrorIs(t, err, errNoDSN)
}

func TestConfigErrors(t *testing.T) {
	const good = "https://key@host/42"
	f := func(raw map[string]any, want string) {
		t.Helper()
		_, err := load(t, raw)
		require.ErrorContains(t, err, want)
		assert.NotContains(t, err.Error(), "secretkey")
	}
	f(map[string]any{"dsn": "https://host/secretkey"}, "'dsn' is no DSN: the public key is missing")
	f(map[string]any{"dsn": "ftp://secretkey@host/42"}, "'dsn' is no DSN: the scheme must be http or https, e.g. https://public_key@")
	f(map[string]any{"dsn": "https://secretkey@host"}, "the project ID is missing")
	f(map[string]any{"dsn": "https://secretkey@host:port/42"}, "the port must be a number")
	f(map[string]any{"dsn": good, "routing": map[string]any{"dsns": map[string]any{"pay": "secretkey"}}}, "'routing::dsns::pay' is no DSN")
	f(map[string]any{"dsn": good, "routing": map[string]any{"attribute": ""}}, "'routing::attribute' must name")
	f(map[string]any{"dsn": good, "grouping": "mine"}, "'grouping' must be 'issue'")
	f(map[string]any{"dsn": good, "http": map[string]any{"endpoint": "http://x"}}, "'http::endpoint' must not be set")
	f(map[string]any{"dsn": good, "http": map[string]any{"compression": "snappy"}}, "'http::compression' must be one of gzip, zstd")
	f(map[string]any{"dsn": good, "max_rate_limit_wait": "-1s"}, "'max_rate_limit_wait' must not be negative")
}

func TestUnknownKeys(t *testing.T) {
	for path, raw := range map[string]map[string]any{
		"dns":                      {"dns": "x"},
		"routing::dsn":             {"routing": map[string]any{"dsn": "x"}},
		"http::time_out":           {"http": map[string]any{"time_out": "3s"}},
		"http::tls::insecur":       {"http": map[string]any{"tls": map[string]any{"insecur": true}}},
		"sending_queue::size":      {"sending_queue": map[string]any{"size": 3}},
		"retry_on_failure::enable": {"retry_on_failure": map[string]any{"enable": true}},
	} {
		_, err := load(t, raw)
		require.ErrorContains(t, err, "'"+path+"': unknown key")
	}
}
