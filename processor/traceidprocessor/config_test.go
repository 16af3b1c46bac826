package traceidprocessor

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestConfigWhole(t *testing.T) {
	cfg, err := parse(`
attributes: [my_trace]
body: false
request_ids: {enabled: true, attributes: [ticket], cache_size: 10, ttl: 1m}
derive: off
on_missing: generate
on_invalid_span: repair
required_attributes: [service.name, user.id]
normalize: false
trust_incoming: true
services:
  - {match: "legacy-*", on_missing: drop, derive: hash, on_invalid_span: pass, required_attributes: []}
`)
	require.NoError(t, err)
	require.Equal(t, &Config{
		Attributes: []string{"my_trace"}, RequestIDs: RequestIDsConfig{Enabled: true, Attributes: []string{"ticket"}, CacheSize: 10, TTL: time.Minute},
		Derive: "off", OnMissing: "generate", OnInvalidSpan: "repair", RequiredAttributes: []string{"service.name", "user.id"}, TrustIncoming: true,
		Services: []ServiceConfig{{Match: "legacy-*", OnMissing: "drop", Derive: "hash", OnInvalidSpan: "pass", RequiredAttributes: []string{}}},
	}, cfg)
}

func TestConfigDefault(t *testing.T) {
	cfg, err := parse("{}")
	require.NoError(t, err)
	require.Equal(t, createDefaultConfig(), cfg)
}

func TestConfigFailure(t *testing.T) {
	f := func(text string, wants ...string) {
		t.Helper()
		_, err := parse(text)
		require.Error(t, err)
		for _, want := range wants {
			require.ErrorContains(t, err, want)
		}
	}
	f("on_mising: drop", "on_mising", "did you mean 'on_missing'")
	f("request_ids: {tll: 1m}", "request_ids::tll", "did you mean 'ttl'")
	f("services: [{match: a, on_mising: drop}]", "services::0::on_mising")
	f("on_missing: discard", "'on_missing' is \"discard\"", "flag, pass, generate, drop")
	f("{derive: guid, on_invalid_span: fix}", "'derive' is \"guid\"", "'on_invalid_span' is \"fix\"")
	f("request_ids: {cache_size: 0}", "'request_ids::cache_size' is 0", "100000")
	f("request_ids: {ttl: 1ms}", "'request_ids::ttl' is 1ms", "10m")
	f("attributes: ['']", "'attributes::0'")
	f("attributes: [a1, a1]", "'attributes::1' repeats")
	f("{attributes: [x1], request_ids: {attributes: [x1]}}", "either a request ID or a trace ID")
	f("services: [{on_missing: drop}]", "'services::0::match' is empty", "legacy-*")
	f("services: [{match: a}]", "overrides nothing")
	f("services: [{match: a, on_missing: x}]", "'services::0::on_missing'")
}
