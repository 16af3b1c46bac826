package errorissueprocessor

import (
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otel-culprit/culprit/internal/rate"
)

func TestConfigWhole(t *testing.T) {
	type m = map[string]any
	cfg := createDefaultConfig().(*Config)
	require.NoError(t, confmap.NewFromStringMap(m{
		"registry": "issue_registry/x", "severity": "WARN", "http_status": 0,
		"in_app":              m{"include": []any{"com.acme.*"}, "exclude": []any{"vendor/**"}},
		"grouping":            m{"by_service": false, "rules": []any{m{"match": m{"exception.type": "Timeout*"}, "fingerprint": []any{"timeout"}, "title": "timeout"}}},
		"owners":              []any{m{"match": m{"service.name": "pay*"}, "owner": "team-pay"}},
		"breadcrumbs":         m{"per_trace": 5, "traces": 10, "severity": "debug"},
		"max_new_per_service": "5/30s",
		"trust_incoming":      true,
	}).Unmarshal(cfg))
	require.NoError(t, cfg.Validate())
	assert.Equal(t, &Config{
		Registry: "issue_registry/x", Severity: Severity(plog.SeverityNumberWarn),
		InApp:            InAppConfig{Include: []string{"com.acme.*"}, Exclude: []string{"vendor/**"}},
		Grouping:         GroupingConfig{Rules: []RuleConfig{{Match: map[string]string{"exception.type": "Timeout*"}, Fingerprint: []string{"timeout"}, Title: "timeout"}}},
		Owners:           []OwnerConfig{{Match: map[string]string{"service.name": "pay*"}, Owner: "team-pay"}},
		Breadcrumbs:      BreadcrumbsConfig{PerTrace: 5, Traces: 10, Severity: Severity(plog.SeverityNumberDebug)},
		MaxNewPerService: rate.New(5, 30*time.Second),
		TrustIncoming:    true,
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
	f(m{"severty": "error"}, "'severty'", "did you mean 'severity'?")
	f(m{"grouping": m{"by_servce": true}}, "'grouping::by_servce'", "did you mean 'by_service'?")
	f(m{"owners": []any{m{"owner": "x", "mtch": m{}}}}, "'owners::0::mtch'")
	f(m{"severity": "loud"}, `"loud" is not a severity`, "use one of trace, debug")
	f(m{"severity": "eror"}, `"eror" is not a severity (did you mean "error"?); use one of`)
	f(m{"registry": "a/b/c d"}, "'registry'", "issue_registry")
	f(m{"http_status": 7}, "'http_status': 7", "for example 500")
	f(m{"in_app": m{"include": []any{""}}}, "'in_app::include::0'", "com.acme.*")
	f(m{"max_new_per_service": "100"}, "max_new_per_service", `"100" is not a rate`, "10/1m")
	f(m{"breadcrumbs": m{"per_trace": -1, "traces": 1 << 40}}, "'breadcrumbs::per_trace'", "'breadcrumbs::traces'")
	f(m{"owners": []any{m{"owner": "", "match": m{"file": ""}}, m{"owner": "x"}}}, "'owners::0::owner'", "'owners::0::match::file'", "'owners::1::match'")
	f(m{"grouping": m{"rules": []any{m{"match": m{"a": "b"}}}}}, "'grouping'", "fingerprint")
}
