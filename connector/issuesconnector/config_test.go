package issuesconnector

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"

	"github.com/otel-culprit/culprit/internal/rate"
)

func TestConfigWhole(t *testing.T) {
	type m = map[string]any
	cfg := createDefaultConfig().(*Config)
	require.NoError(t, confmap.NewFromStringMap(m{
		"registry": "issue_registry/x", "emit": "lifecycle", "throttle": m{"per_issue": "5/30s", "total": "100/1m"},
		"milestones": []any{5, 50}, "settle": "2s", "outbox": 7, "metrics_interval": "15s", "max_series": 9,
		"attributes_as_tags": []any{"region"}, "in_app": m{"include": []any{"a"}, "exclude": []any{"b"}},
	}).Unmarshal(cfg))
	require.NoError(t, cfg.Validate())
	assert.Equal(t, &Config{
		Registry: "issue_registry/x", Emit: EmitLifecycle,
		Throttle:   ThrottleConfig{PerIssue: rate.New(5, 30*time.Second), Total: rate.New(100, time.Minute)},
		Milestones: []uint64{5, 50}, Settle: 2 * time.Second, Outbox: 7, MetricsInterval: 15 * time.Second, MaxSeries: 9,
		AttributesAsTags: []string{"region"}, InApp: InAppConfig{Include: []string{"a"}, Exclude: []string{"b"}},
	}, cfg)
}

func TestConfigDefaultIsValid(t *testing.T) {
	cfg := createDefaultConfig().(*Config)
	require.NoError(t, confmap.New().Unmarshal(cfg))
	require.NoError(t, cfg.Validate())
	assert.Equal(t, createDefaultConfig(), cfg)
}

func TestConfigFailure(t *testing.T) {
	type m = map[string]any
	f := func(raw m, wants ...string) {
		t.Helper()
		cfg := createDefaultConfig().(*Config)
		err := confmap.NewFromStringMap(raw).Unmarshal(cfg)
		if err == nil {
			err = cfg.Validate()
		}
		for _, want := range wants {
			require.ErrorContains(t, err, want)
		}
	}
	f(m{"emmit": "every"}, "'emmit'", "did you mean 'emit'?")
	f(m{"throttle": m{"per_isue": "1/1m"}}, "'throttle::per_isue'", "did you mean 'per_issue'?")
	f(m{"emit": "livecycle"}, `"livecycle" is not known (did you mean "lifecycle"?)`)
	f(m{"emit": "all"}, `"all" is not known`, "every", "lifecycle")
	f(m{"throttle": m{"per_issue": "ten"}}, `"ten" is not a rate`, "10/1m")
	f(m{"registry": "x y"}, "'registry'", "issue_registry")
	f(m{"milestones": []any{10, 5, 0}}, "'milestones::1': 5", "'milestones::2': 0", "[10, 100, 1000]")
	f(m{"settle": "-1s", "outbox": 0, "metrics_interval": "1ms", "max_series": 0, "attributes_as_tags": []any{" "}},
		"'settle': -1s", "'outbox': 0", "'metrics_interval': 1ms", "'max_series': 0", "'attributes_as_tags::0'")
}
