package lokiexporter

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
)

func load(raw map[string]any) (*Config, error) {
	cfg := createDefaultConfig().(*Config)
	return cfg, confmap.NewFromStringMap(raw).Unmarshal(cfg)
}

func TestConfigFailure(t *testing.T) {
	f := func(raw map[string]any, message string) {
		t.Helper()
		cfg, err := load(raw)
		if err == nil {
			err = cfg.Validate()
		}
		require.ErrorContains(t, err, message)
	}
	http := map[string]any{"endpoint": "http://localhost:3100/loki/api/v1/push"}
	f(nil, "'http::endpoint' is empty")
	f(map[string]any{"http": map[string]any{"endpoint": "localhost:3100"}}, "'http::endpoint' is \"localhost:3100\"")
	f(map[string]any{"http": map[string]any{"endpiont": "x"}}, "'http::endpiont': unknown key, did you mean 'endpoint'?")
	f(map[string]any{"http": map[string]any{"tls": map[string]any{"insecur": true}}}, "'http::tls::insecur': unknown key")
	f(map[string]any{"sending_queue": map[string]any{"size": 1}}, "'sending_queue::size': unknown key")
	f(map[string]any{"http": http, "endpoint": "http://x"}, "'endpoint' is the old place of 'http::endpoint'")
	f(map[string]any{"http": http, "line": "jsno"}, `is "jsno" (did you mean "json"?), must be one of`)
	f(map[string]any{"http": http, "line": "xml"}, "must be one of body, json, logfmt")
	f(map[string]any{"http": http, "labels": map[string]any{"max_values": 0}}, "'labels::max_values' is 0")
	f(map[string]any{"http": http, "labels": map[string]any{"static": map[string]any{"a-b": "c"}}}, `for example "a_b"`)
	f(map[string]any{"http": http, "labels": map[string]any{"attributes": []any{"service_name"}}}, `are the same label "service_name"`)
	f(map[string]any{"http": http, "limits": map[string]any{"max_line_bytes": 3}}, "'limits::max_line_bytes' is 3")
	f(map[string]any{"http": map[string]any{"endpoint": "http://x", "compression": "gzip"}}, "'http::compression' is \"gzip\"")
}

func TestRetiredExportersKeys(t *testing.T) {
	cfg, err := load(map[string]any{
		"endpoint": "http://loki:3100/loki/api/v1/push", "timeout": "3s",
		"headers":                map[string]any{"X-Scope-OrgID": "acme"},
		"tls":                    map[string]any{"insecure": true},
		"default_labels_enabled": map[string]any{"job": true, "level": false},
	})
	require.NoError(t, err)
	require.NoError(t, cfg.Validate())
	assert.Equal(t, "http://loki:3100/loki/api/v1/push", cfg.HTTP.Endpoint)
	assert.Equal(t, 3*time.Second, cfg.HTTP.Timeout)
	assert.True(t, cfg.HTTP.TLS.Insecure)
	assert.Equal(t, []string{
		"'endpoint' moved to 'http::endpoint'",
		"'headers' moved to 'http::headers'",
		"'tls' moved to 'http::tls'",
		"'timeout' moved to 'http::timeout'",
		"'default_labels_enabled::job' has no effect any more, its place takes `labels: {resource: [service.namespace, service.name]}`",
	}, cfg.migrated)
}

func TestEmptyConfigIsDefault(t *testing.T) {
	cfg, err := load(nil)
	require.NoError(t, err)
	assert.Equal(t, createDefaultConfig(), cfg)
}
