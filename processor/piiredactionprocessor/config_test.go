package piiredactionprocessor

import (
	"fmt"
	"path/filepath"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap/confmaptest"

	"github.com/otel-culprit/culprit/internal/pii"
)

func fmtMetric(v any) string { return fmt.Sprintf("%+v", v) }

func load(t *testing.T, name string) (*Config, error) {
	t.Helper()
	conf, err := confmaptest.LoadConf(filepath.Join("testdata", name))
	require.NoError(t, err)
	cfg := createDefaultConfig().(*Config)
	if err := conf.Unmarshal(cfg); err != nil {
		return nil, err
	}
	return cfg, cfg.Validate()
}

func TestConfig(t *testing.T) {
	cfg, err := load(t, "config.yaml")
	require.NoError(t, err)
	assert.Equal(t, &Config{
		Detectors: []string{"default", "kr", "us"}, Disable: []string{"ipv6"}, Action: pii.Action{Type: pii.Mask},
		Actions: map[string]pii.Action{
			"credit_card": {Type: pii.Partial, KeepLast: 4}, "email": {Type: pii.Hash, Length: 12}, "sensitive_keys": {Type: pii.Replace},
		},
		HashKey: "0123456789abcdef0123456789abcdef", HashKeyID: "k2",
		SensitiveKeys: pii.SensitiveKeys{Defaults: true, Add: []string{"x-internal-id"}, Except: []string{"auth"}},
		Patterns: []pii.Pattern{{
			Name: "employee_id", Regex: `EMP-\d{6}`, Keywords: []string{"employee"}, Action: pii.Action{Type: pii.Mask},
		}},
		Allow:    pii.Allow{Keys: []string{"k8s.pod.ip"}, Values: []string{"support@example.com"}, Patterns: []string{`.*@example\.org`}},
		MinScore: 0.6, MaxValueBytes: 65536, KeepPrivateIPs: true, PhoneRegions: []string{"KR"}, UserHash: false,
		Audit: AuditTypes, DryRun: true, OnError: OnErrorCut, TrustIncoming: true,
	}, cfg)
}

func TestDefaultConfigIsValid(t *testing.T) {
	require.NoError(t, createDefaultConfig().(*Config).Validate())
}

func TestConfigErrors(t *testing.T) {
	f := func(file string, want ...string) {
		t.Helper()
		_, err := load(t, file)
		require.Error(t, err, file)
		for _, w := range want {
			assert.ErrorContains(t, err, w, file)
		}
	}
	f("bad_key.yaml", "detector", "did you mean 'detectors'")
	f("bad_nested_key.yaml", "keywrods", "keywords")
	f("bad_values.yaml", `unknown detector or group "emial" (did you mean "email"?)`, "'action'", `"shred"`, "'actions::nobody'", "'audit'", "'on_error'", "'min_score'",
		"'hash_key' has 5 bytes", "'max_value_bytes'", "'patterns::0::regex'", "'phone_regions::0'", "'allow::patterns::0'")
	f("bad_options.yaml", "'action': keep_last belongs to partial, not to replace; example: {type: partial, keep_last: 4}",
		"'actions::email': length belongs to hash, not to mask", "'patterns::0::action': type is \"\"", "'sensitive_keys::add::1' is \"-\"")
	f("bad_hash.yaml", "hash needs 'hash_key' with at least 16 bytes")
}
