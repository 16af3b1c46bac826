package issuetrackerexporter

import (
	"context"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/confmaptest"

	"github.com/otel-culprit/culprit/internal/rate"
)

func TestConfig(t *testing.T) {
	conf, err := confmaptest.LoadConf(filepath.Join("testdata", "config.yaml"))
	require.NoError(t, err)
	cfg, err := load(t, conf.ToStringMap())
	require.NoError(t, err)

	want := createDefaultConfig().(*Config)
	jira := want.Jira.GetOrInsertDefault()
	jira.URL, jira.Project, jira.User, jira.Token = "https://acme.atlassian.net", "OPS", "bot@acme.com", "secret"
	jira.Labels, jira.Priorities = []string{"culprit"}, []string{"P1", "P2", "P3", "P4", "P5"}
	jira.Fields = map[string]any{"components": []any{map[string]any{"name": "shop"}}}
	want.Registry = "issue_registry/main"
	want.Rules = []Rule{{Match: Match{Service: []string{"pay*"}, Level: []string{"error", "fatal"}}}, {Match: Match{Tags: map[string][]string{"region": {"eu"}}}, Action: "skip"}}
	want.Templates.Title = "{{.Service}}: {{.Title}}"
	want.Updates, want.UpdateEvery, want.MinInterval = []uint64{10, 100}, 12*time.Hour, time.Minute
	want.OnResolve = ResolveComment
	quiet := want.QuietHours.GetOrInsertDefault()
	quiet.From, quiet.To, quiet.Timezone, quiet.Days = "22:00", "07:00", "Europe/Berlin", []string{"sat", "sun"}
	want.Links.Trace = "http://localhost:16686/trace/{trace_id}"
	want.RateLimit = rate.New(5, time.Second)
	want.SearchLag = 45 * time.Second
	want.HTTP.Timeout = 10 * time.Second
	want.Retry.MaxElapsedTime = 0
	assert.Equal(t, want, cfg)
	text, err := jira.Token.MarshalText()
	require.NoError(t, err)
	assert.Equal(t, "[REDACTED]", string(text))
}

func TestConfigErrors(t *testing.T) {
	slack := map[string]any{"webhook_url": "https://hooks.slack.com/services/T0/B0/secretpath"}
	f := func(raw map[string]any, want ...string) {
		t.Helper()
		_, err := load(t, raw)
		for _, w := range want {
			require.ErrorContains(t, err, w)
		}
		assert.NotContains(t, err.Error(), "secretpath")
	}
	with := func(key string, value any) map[string]any { return map[string]any{"slack": slack, key: value} }
	f(map[string]any{}, "no target: set exactly one of alertmanager, bugsnag")
	f(with("jira", map[string]any{"url": "https://x", "project": "OPS", "user": "u", "token": "t"}), "'jira' and 'slack' are set, but an exporter has one target")
	f(with("registry", "Not An ID"), "'registry': \"Not An ID\" is not the ID of an extension")
	f(with("updates", []any{10, 10}), "'updates::1': 10 must be positive and greater")
	f(with("on_resolve", "close"), "'on_resolve' \"close\" is not known; use resolve")
	f(with("update_every", "-1s"), "'update_every': -1s must not be negative")
	f(with("search_lag", "1h"), "'search_lag': 1h0m0s must be at most 10m")
	f(with("links", map[string]any{"trace": "http://x/{traceid}", "logs": "x"}), "'links::trace' may use {trace_id}", "'links::logs' must be an http or https URL")
	f(with("http", map[string]any{"endpoint": "http://x"}), "'http::endpoint' must not be set")
	f(with("http", map[string]any{"compression": "gzip"}), "'http::compression' must be none")
	f(with("rules", []any{map[string]any{"action": "drop"}}), "'rules::0::action': \"drop\" is not known; use send or skip")
	f(with("rules", []any{map[string]any{"match": map[string]any{"level": "eror"}}}), "'rules::0::match::level': \"eror\" is no level (did you mean \"error\"?)")
	f(with("rules", []any{map[string]any{"match": map[string]any{"state": "resolved"}}}), "opens no ticket")
	f(with("rules", []any{map[string]any{"match": map[string]any{"service": "pay["}}}), "\"pay[\" is no glob")
	f(with("templates", map[string]any{"title": "{{.Titel}}", "body": "{{if}}"}), "'templates::title'", "Titel", "'templates::body'")
	f(with("quiet_hours", map[string]any{}), "'quiet_hours' needs 'from' and 'to'")
	f(with("quiet_hours", map[string]any{"from": "25:00", "to": "7", "days": []any{"noday"}, "timezone": "Mars/Olympus"}),
		"'quiet_hours::from': \"25:00\" is no time", "'quiet_hours::to'", "\"noday\" is no day", "\"Mars/Olympus\" is no time zone")
	f(with("digest", map[string]any{"every": "1s"}), "'digest::every': 1s must be 1m to 24h")
	f(map[string]any{"alertmanager": map[string]any{"url": "http://x"}, "digest": map[string]any{}}, "'digest' is for chat")
	for key, c := range map[string]struct {
		raw  map[string]any
		want string
	}{
		"alertmanager": {map[string]any{"url": "localhost:9093", "labels": map[string]any{"service.name": "x"}}, "is no name of a label"},
		"bugsnag":      {map[string]any{"api_key": "short"}, "'api_key' must be 32 hex digits, got 5"},
		"clickup":      {map[string]any{"token": "pk_1"}, "'list' is missing"},
		"github":       {map[string]any{"repository": "shop", "token": "x"}, "\"shop\" must be owner/name"},
		"gitlab":       {map[string]any{"alert_url": "https://gitlab.com/secretpath"}, "'alert_key' is missing"},
		"jira":         {map[string]any{"url": "https://x", "project": "A B", "token": "x"}, "is no key of a project"},
		"opsgenie":     {map[string]any{"url": "https://x?y=1"}, "must have no query"},
		"pagerduty":    {map[string]any{"routing_key": "short"}, "'routing_key' must be 32 letters and digits, got 5"},
		"rollbar":      {map[string]any{"environment": ""}, "'token' is missing"},
		"slack":        {map[string]any{"token": "xoxb"}, "'channel' is missing"},
		"sns":          {map[string]any{"topic_arn": "errors"}, "is no ARN of a topic"},
		"trello":       {map[string]any{"key": "k", "token": "t"}, "'list' is missing"},
		"webhook":      {map[string]any{"url": "https://x", "template": "{{.Title}}"}, "the output is no JSON"},
	} {
		f(map[string]any{key: c.raw}, c.want, key+": '") // the place is that of the YAML
	}
}

func TestUnknownKeys(t *testing.T) {
	for path, raw := range map[string]map[string]any{
		"slak":                   {"slak": map[string]any{}},
		"slack::webhook":         {"slack": map[string]any{"webhook": "x"}},
		"http::time_out":         {"http": map[string]any{"time_out": "3s"}},
		"http::tls::insecur":     {"http": map[string]any{"tls": map[string]any{"insecur": true}}},
		"sending_queue::size":    {"sending_queue": map[string]any{"size": 3}},
		"rules::0::match::sevic": {"rules": []any{map[string]any{"match": map[string]any{"sevic": "x"}}}},
	} {
		_, err := load(t, raw)
		require.ErrorContains(t, err, "'"+path+"': unknown key")
	}
}

// defaults is a provider of ${env:NAME:-default} that knows no variable.
type defaults struct{}

func (defaults) Retrieve(_ context.Context, uri string, _ confmap.WatcherFunc) (*confmap.Retrieved, error) {
	_, value, _ := strings.Cut(uri, ":-")
	return confmap.NewRetrievedFromYAML([]byte(value))
}
func (defaults) Scheme() string                 { return "env" }
func (defaults) Shutdown(context.Context) error { return nil }

// whole is a provider of files.
type whole struct{ defaults }

func (whole) Scheme() string { return "file" }
func (whole) Retrieve(_ context.Context, uri string, _ confmap.WatcherFunc) (*confmap.Retrieved, error) {
	text, err := os.ReadFile(strings.TrimPrefix(uri, "file:"))
	if err != nil {
		return nil, err
	}
	return confmap.NewRetrievedFromYAML(text)
}

// Each configuration for a tracker is valid without any variable set, and there is one for each target.
func TestTrackerConfigs(t *testing.T) {
	files, err := filepath.Glob("../../configs/trackers/*.yaml")
	require.NoError(t, err)
	seen := map[string]bool{}
	for _, file := range files {
		r, err := confmap.NewResolver(confmap.ResolverSettings{URIs: []string{"file:" + file}, ProviderFactories: []confmap.ProviderFactory{
			confmap.NewProviderFactory(func(confmap.ProviderSettings) confmap.Provider { return whole{} }),
			confmap.NewProviderFactory(func(confmap.ProviderSettings) confmap.Provider { return defaults{} }),
		}})
		require.NoError(t, err)
		conf, err := r.Resolve(context.Background())
		require.NoError(t, err, file)
		exporters, err := conf.Sub("exporters")
		require.NoError(t, err)
		for id := range exporters.ToStringMap() {
			var full component.ID
			require.NoError(t, full.UnmarshalText([]byte(id)))
			if full.Type().String() != "issue_tracker" {
				continue
			}
			sub, err := exporters.Sub(id)
			require.NoError(t, err)
			cfg := createDefaultConfig().(*Config)
			require.NoError(t, sub.Unmarshal(cfg), file)
			require.NoError(t, confmap.Validate(cfg), file)
			for _, s := range cfg.slots() {
				seen[s.name] = seen[s.name] || s.made() != nil
			}
		}
	}
	for _, s := range (&Config{}).slots() {
		assert.True(t, seen[s.name], "configs/trackers has nothing for %s", s.name)
	}
}

// Each target that a configuration can hold is known by its key.
func TestSlots(t *testing.T) {
	var keys, names []string
	config := reflect.TypeFor[Config]()
	for i := range config.NumField() {
		if f := config.Field(i); strings.Contains(f.Type.String(), "/internal/target.") {
			keys = append(keys, f.Tag.Get("mapstructure"))
		}
	}
	for _, s := range (&Config{}).slots() {
		names = append(names, s.name)
	}
	assert.Equal(t, keys, names)
}
