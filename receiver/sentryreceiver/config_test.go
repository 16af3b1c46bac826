package sentryreceiver

import (
	"path/filepath"
	"testing"

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
	want.HTTP.NetAddr.Endpoint = "0.0.0.0:9001"
	want.HTTP.MaxRequestBodySize = 1 << 20
	want.Keys = []configopaque.String{"a1b2c3d4e5f60718293a4b5c6d7e8f90"}
	want.Projects = map[string]string{"42": "checkout", "my-app": "web"}
	want.Spool = 16 << 20
	want.Attachments = KeepAttachments
	want.MaxAttachment = 4096
	assert.Equal(t, want, cfg)
}

func TestDefaultIsValid(t *testing.T) {
	cfg, err := load(t, nil)
	require.NoError(t, err)
	assert.Equal(t, "localhost:9000", cfg.HTTP.NetAddr.Endpoint)
	assert.EqualValues(t, 64<<20, cfg.Spool)
}

func TestConfigErrors(t *testing.T) {
	f := func(raw map[string]any, want string) {
		t.Helper()
		_, err := load(t, raw)
		require.ErrorContains(t, err, want)
		assert.NotContains(t, err.Error(), "topsecret")
	}
	f(map[string]any{"http": map[string]any{"endpoint": ""}}, "'http::endpoint' is missing")
	f(map[string]any{"keys": []any{"https://topsecret@host/1"}}, "'keys' must hold public keys")
	f(map[string]any{"keys": []any{""}}, "entry 0 is none")
	f(map[string]any{"projects": map[string]any{"4 2": "x"}}, "'projects' must give each project ID a service name")
	f(map[string]any{"projects": map[string]any{"42": " "}}, `got {"42": " "}`)
	f(map[string]any{"spool": "64 parsecs"}, `"64 parsecs" is no size`)
	f(map[string]any{"spool": "1KiB"}, "'spool' must be at least 1MiB")
	f(map[string]any{"spool": "8MiB"}, "'http::max_request_body_size' must be smaller than 'spool'")
	f(map[string]any{"attachments": "maybe"}, "'attachments' must be 'drop'")
	f(map[string]any{"http": map[string]any{"compression_algorithms": []any{"gzip", "rar"}}}, "'http::compression_algorithms' may hold")
}

func TestUnknownKeys(t *testing.T) {
	for path, raw := range map[string]map[string]any{
		"key":                        {"key": "x"},
		"http::endpont":              {"http": map[string]any{"endpont": "x"}},
		"http::tls::cert":            {"http": map[string]any{"tls": map[string]any{"cert": "x"}}},
		"http::cors::allowed_origin": {"http": map[string]any{"cors": map[string]any{"allowed_origin": "x"}}},
	} {
		_, err := load(t, raw)
		require.ErrorContains(t, err, "'"+path+"': unknown key")
	}
}
