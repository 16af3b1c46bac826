package strictconfig_test

import (
	"testing"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/config/configretry"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/exporter/exporterhelper"

	"github.com/otel-culprit/culprit/internal/strictconfig"
)

type config struct {
	Name   string                                                   `mapstructure:"name"`
	HTTP   confighttp.ClientConfig                                  `mapstructure:"http"`
	Server configoptional.Optional[confighttp.ServerConfig]         `mapstructure:"server"`
	Queue  configoptional.Optional[exporterhelper.QueueBatchConfig] `mapstructure:"sending_queue"`
	Retry  configretry.BackOffConfig                                `mapstructure:"retry_on_failure"`
	Free   map[string]any                                           `mapstructure:"free"`
	Rules  []rule                                                   `mapstructure:"rules"`
	Short  map[string]short                                         `mapstructure:"short"`
	_      struct{}
}

type rule struct {
	Match string `mapstructure:"match"`
}

// short is written as a word, or as a map.
type short struct {
	Type string `mapstructure:"type"`
}

func (s *short) UnmarshalText(text []byte) error {
	s.Type = string(text)
	return nil
}

func (c *config) Unmarshal(conf *confmap.Conf) error { return strictconfig.Unmarshal(conf, c) }

var _ component.Config = (*config)(nil)

func load(raw map[string]any) (*config, error) {
	cfg := &config{
		HTTP:  confighttp.NewDefaultClientConfig(),
		Queue: configoptional.Some(exporterhelper.NewDefaultQueueConfig()),
		Retry: configretry.NewDefaultBackOffConfig(),
	}
	return cfg, confmap.NewFromStringMap(raw).Unmarshal(cfg)
}

func TestUnmarshalSuccess(t *testing.T) {
	f := func(raw map[string]any) {
		t.Helper()
		_, err := load(raw)
		require.NoError(t, err)
	}
	f(nil)
	f(map[string]any{"http": nil, "sending_queue": nil})
	f(map[string]any{"http": map[string]any{
		"endpoint": "http://localhost:1", "timeout": "3s", "compression": "gzip",
		"headers": map[string]any{"X-Any": "v"}, "auth": map[string]any{"authenticator": "basicauth"},
		"tls":       map[string]any{"insecure": true, "ca_file": "x", "min_version": "1.2"},
		"keepalive": map[string]any{"max_idle_conns": 3},
	}})
	f(map[string]any{"server": map[string]any{
		"endpoint": "localhost:1", "cors": map[string]any{"allowed_origins": []any{"https://x"}},
		"auth": map[string]any{"authenticator": "basicauth", "request_params": []any{"a"}},
		"tls":  map[string]any{"cert_file": "x", "key_file": "y"},
	}})
	f(map[string]any{"sending_queue": map[string]any{"enabled": false}})
	f(map[string]any{"sending_queue": map[string]any{
		"storage": "file_storage", "sizer": "bytes", "queue_size": 1000, "block_on_overflow": false,
		"batch": map[string]any{"sizer": "bytes", "min_size": 10, "max_size": 100, "flush_timeout": "1s"},
	}})
	f(map[string]any{"free": map[string]any{"any": map[string]any{"key": 1}}, "rules": []any{map[string]any{"match": "x"}}})
}

func TestUnmarshalFailure(t *testing.T) {
	f := func(raw map[string]any, message string) {
		t.Helper()
		_, err := load(raw)
		require.ErrorContains(t, err, message)
	}
	f(map[string]any{"nam": "x"}, "'nam': unknown key, did you mean 'name'?")
	f(map[string]any{"http": map[string]any{"endpiont": "x"}}, "'http::endpiont': unknown key, did you mean 'endpoint'?")
	f(map[string]any{"http": map[string]any{"tls": map[string]any{"ca_fil": "x"}}}, "'http::tls::ca_fil': unknown key, did you mean 'ca_file'?")
	f(map[string]any{"http": map[string]any{"enabled": true}}, "'http::enabled': unknown key")
	f(map[string]any{"server": map[string]any{"tls": map[string]any{"cert": "x"}}}, "'server::tls::cert': unknown key")
	f(map[string]any{"sending_queue": map[string]any{"queue_siez": 1}}, "'sending_queue::queue_siez': unknown key, did you mean 'queue_size'?")
	f(map[string]any{"sending_queue": map[string]any{"batch": map[string]any{"zzz": 1}}}, "'sending_queue::batch::zzz': unknown key, known here: ")
	f(map[string]any{"retry_on_failure": map[string]any{"max_elapsed": "1s"}}, "'retry_on_failure::max_elapsed': unknown key, did you mean 'max_elapsed_time'?")
	f(map[string]any{"short": map[string]any{"email": map[string]any{"typ": "x"}}}, "'short::email::typ': unknown key, did you mean 'type'?")
	f(map[string]any{"rules": []any{map[string]any{"match": "x"}, map[string]any{"matchh": "x"}}}, "'rules::1::matchh': unknown key, did you mean 'match'?")
}
