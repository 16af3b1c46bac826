package issueregistryextension

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/confmaptest"

	"github.com/otel-culprit/culprit/internal/bytesize"
)

func load(t *testing.T, name string) (*Config, error) {
	t.Helper()
	all, err := confmaptest.LoadConf(filepath.Join("testdata", "config.yaml"))
	require.NoError(t, err)
	conf, err := all.Sub(name)
	require.NoError(t, err)
	return unmarshal(conf)
}

func unmarshal(conf *confmap.Conf) (*Config, error) {
	cfg := createDefaultConfig().(*Config)
	if err := conf.Unmarshal(cfg); err != nil {
		return cfg, err
	}
	return cfg, confmap.Validate(cfg)
}

func TestDefaultConfig(t *testing.T) {
	cfg, err := load(t, "issue_registry")
	require.NoError(t, err)
	require.Equal(t, createDefaultConfig(), component.Config(cfg))
	require.Equal(t, "localhost:4380", cfg.HTTP.Get().NetAddr.Endpoint)
	require.Equal(t, storeFile, cfg.Store.Type)
}

func TestFullConfig(t *testing.T) {
	cfg, err := load(t, "issue_registry/full")
	require.NoError(t, err)
	require.Equal(t, "0.0.0.0:4380", cfg.HTTP.Get().NetAddr.Endpoint)
	require.Equal(t, "basicauth", cfg.HTTP.Get().Auth.Get().Config.AuthenticatorID.String())
	require.Equal(t, []string{"issues.example.com", "*.internal"}, cfg.AllowedHosts)
	require.Equal(t, bytesize.Size(512<<20), cfg.Store.MaxBytes)
	require.Equal(t, redactOff, cfg.Redact)
	require.Equal(t, 5000, cfg.MaxIssues)
	require.Equal(t, 48*time.Hour, cfg.Retention)
	require.Equal(t, "https://jaeger/trace/{trace_id}", cfg.Links.Trace)
	require.Equal(t, time.Hour, cfg.States.OngoingAfter)
	require.Equal(t, []component.ID{component.MustNewID("basicauth")}, newRegistry(settings(), cfg).Dependencies())
}

func TestLinkToTheOwnPage(t *testing.T) {
	f := func(raw map[string]any, want string) {
		t.Helper()
		cfg, err := unmarshal(confmap.NewFromStringMap(raw))
		require.NoError(t, err)
		require.Equal(t, want, cfg.Links.Issue)
	}
	page := func(endpoint string) map[string]any {
		return map[string]any{"http": map[string]any{"endpoint": endpoint}, "allow_unauthenticated": true}
	}
	f(nil, "http://localhost:4380/issues/{issue_id}")
	f(map[string]any{"http": nil}, "http://localhost:4380/issues/{issue_id}")
	f(page("localhost:0"), "http://localhost:4380/issues/{issue_id}")
	f(page("localhost:9999"), "http://localhost:9999/issues/{issue_id}")
	f(page("0.0.0.0:9999"), "http://localhost:9999/issues/{issue_id}")
	f(page(":9999"), "http://localhost:9999/issues/{issue_id}")
	f(page("[::1]:9999"), "http://localhost:9999/issues/{issue_id}")
	f(page("issues.example.com:80"), "http://issues.example.com:80/issues/{issue_id}")
	secure := page("10.1.2.3:443")
	secure["http"].(map[string]any)["tls"] = map[string]any{"cert_file": "cert.pem", "key_file": "key.pem"}
	f(secure, "https://10.1.2.3:443/issues/{issue_id}")
	own := page("localhost:9999")
	own["links"] = map[string]any{"issue": "https://issues.example.com/{issue_id}"}
	f(own, "https://issues.example.com/{issue_id}")
	own["links"] = map[string]any{"issue": ""}
	f(own, "")
}

func TestNoPage(t *testing.T) {
	for _, name := range []string{"issue_registry/null", "issue_registry/disabled"} {
		cfg, err := load(t, name)
		require.NoError(t, err, name)
		require.False(t, cfg.HTTP.HasValue(), name)
	}
}

func TestRedisConfig(t *testing.T) {
	cfg, err := load(t, "issue_registry/redis")
	require.NoError(t, err)
	require.Equal(t, "localhost:6379", cfg.Store.Endpoint)
	require.True(t, cfg.Store.TLS.HasValue())
	require.Equal(t, "[REDACTED]", cfg.Store.Password.String())
	require.Equal(t, "team-a", cfg.Store.Prefix)
	require.Equal(t, 80*time.Millisecond, cfg.Store.Timeout)
}

func TestBadConfigs(t *testing.T) {
	f := func(yaml map[string]any, wants ...string) {
		t.Helper()
		_, err := unmarshal(confmap.NewFromStringMap(yaml))
		require.Error(t, err)
		for _, w := range wants {
			require.ErrorContains(t, err, w)
		}
	}
	m := func(kv ...any) map[string]any {
		out := map[string]any{}
		for i := 0; i < len(kv); i += 2 {
			out[kv[i].(string)] = kv[i+1]
		}
		return out
	}
	f(m("retentoin", "1h"), "retentoin", "did you mean 'retention'")
	f(m("http", m("endpoit", "localhost:1")), "http::endpoit", "did you mean 'endpoint'")
	f(m("http", m("tls", m("cert_fil", "x"))), "http::tls::cert_fil")
	f(m("store", m("pth", "x")), "store::pth")
	f(m("http", m("endpoint", "0.0.0.0:4380")), "'http::endpoint'", "allow_unauthenticated: true", "authenticator")
	f(m("http", m("endpoint", "example.com:4380")), "'http::endpoint'")
	f(m("http", m("endpoint", ":4380")), "'http::endpoint'")
	f(m("http", m("endpoint", "nonsense")), "'http::endpoint' must be host:port")
	f(m("http", m("cors", m("allowed_origins", []any{"*"}))), "'http::cors'")
	f(m("allowed_hosts", []any{"http://x/"}), "'allowed_hosts::0'")
	f(m("store", m("type", "postgres")), "'store::type'", "postgres")
	f(m("store", m("type", "redis")), "'store::endpoint'", "localhost:6379")
	f(m("store", m("type", "memory", "path", "/x")), "'store::path' is for 'type: file'")
	f(m("store", m("endpoint", "localhost:6379")), "'store::endpoint' is for 'type: redis'")
	f(m("store", m("max_bytes", "1GiBB")), "max_bytes")
	f(m("store", m("max_bytes", "1KiB")), "'store::max_bytes' must be at least 16MiB")
	f(m("redact", "yes please"), "'redact'")
	f(m("max_issues", 1, "retention", "1s"), "'max_issues'", "'retention'")
	f(m("links", m("trace", "javascript:alert(1)")), "'links::trace'")
	f(m("links", m("logs", "http://localhost/{trace}")), "'links::logs'", "{trace_id}")
	f(m("states", m("ongoing_after", "0s")), "'states::ongoing_after'")
}
