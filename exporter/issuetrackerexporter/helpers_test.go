package issuetrackerexporter

import (
	"context"
	"crypto/sha256"
	"fmt"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/exporter/exportertest"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otel-culprit/culprit/exporter/issuetrackerexporter/internal/metadata"
	"github.com/otel-culprit/culprit/internal/grouping"
	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/issue/eventlog"
	"github.com/otel-culprit/culprit/internal/issue/store/memory"
	"github.com/otel-culprit/culprit/internal/stacktrace"
)

// registryExtension is the real registry as an extension.
type registryExtension struct{ *issue.Core }

func (registryExtension) Start(context.Context, component.Host) error { return nil }
func (registryExtension) Shutdown(context.Context) error              { return nil }

func newRegistry(t *testing.T, store issue.Store, process string) registryExtension {
	if store == nil {
		store = memory.New()
	}
	core := issue.NewCore(issue.Options{Store: store, Process: process, MaxNew: -1, FlushNew: time.Millisecond, Flush: 5 * time.Millisecond})
	require.NoError(t, core.Start(context.Background()))
	t.Cleanup(func() { _ = core.Shutdown(context.Background()) })
	return registryExtension{core}
}

// seed makes the registry know an issue.
func (r registryExtension) seed(id string) { r.occurs(id, 1) }

// occurs makes the registry count the nth occurrence of an issue.
func (r registryExtension) occurs(id string, n int) {
	sum := sha256.Sum256([]byte(id + strconv.Itoa(n)))
	r.Judge(context.Background(), []issue.Occurrence{{
		Key: issue.Key(sum[:16]), Issue: id, Title: "ValueError: bad " + id, Service: "billing", Level: "error", Time: time.Now(), Signal: issue.LogRecord,
		Basis: grouping.ByStack, Fingerprint: []grouping.Part{{Name: "type", Value: id}},
	}}, nil)
}

type host struct{ registry issue.Registry }

func (h host) GetExtensions() map[component.ID]component.Component {
	if h.registry == nil {
		return nil
	}
	return map[component.ID]component.Component{component.MustNewID("issue_registry"): h.registry.(component.Component)}
}

func load(t *testing.T, raw map[string]any) (*Config, error) {
	t.Helper()
	cfg := createDefaultConfig().(*Config)
	if err := confmap.NewFromStringMap(raw).Unmarshal(cfg); err != nil {
		return cfg, err
	}
	return cfg, confmap.Validate(cfg)
}

// fast are settings under which a test does not wait.
func fast(raw map[string]any) map[string]any {
	out := map[string]any{
		"retry_on_failure": map[string]any{"initial_interval": "5ms", "max_interval": "50ms", "max_elapsed_time": 0},
		"rate_limit":       "1000/1s",
		"http":             map[string]any{"timeout": "500ms"},
	}
	for k, v := range raw {
		out[k] = v
	}
	return out
}

// start starts an exporter through the public factory.
func start(t *testing.T, raw map[string]any, h component.Host) exporter.Logs {
	t.Helper()
	cfg, err := load(t, raw)
	require.NoError(t, err)
	e, err := NewFactory().CreateLogs(context.Background(), settings(), cfg)
	require.NoError(t, err)
	require.NoError(t, e.Start(context.Background(), h))
	once := &stopOnce{Logs: e}
	t.Cleanup(func() { _ = once.Shutdown(context.Background()) })
	return once
}

// stopOnce is an exporter that a test may have shut down already, which upstream's helper does not allow twice.
type stopOnce struct {
	exporter.Logs
	once sync.Once
	err  error
}

func (s *stopOnce) Shutdown(ctx context.Context) error {
	s.once.Do(func() { s.err = s.Logs.Shutdown(ctx) })
	return s.err
}

// direct starts an exporter whose parts can be looked at, without queue and retry.
func direct(t *testing.T, raw map[string]any, h component.Host) *trackerExporter {
	t.Helper()
	cfg, err := load(t, raw)
	require.NoError(t, err)
	e, err := newExporter(cfg, settings())
	require.NoError(t, err)
	require.NoError(t, e.start(context.Background(), h))
	t.Cleanup(func() { _ = e.shutdown(context.Background()) })
	return e
}

// settings have the same ID after a restart.
func settings() exporter.Settings {
	set := exportertest.NewNopSettings(metadata.Type)
	set.ID = component.NewID(metadata.Type)
	return set
}

var nopHost = componenttest.NewNopHost()

// notice is an occurrence of an issue.
func notice(id string, count uint64) issue.Notice {
	at := time.Now().Add(-time.Hour).Add(time.Duration(count) * time.Millisecond)
	return issue.Notice{
		Name: issue.EventOccurrence, Time: at,
		Issue: issue.Summary{ID: id, Title: "ValueError: bad " + id, Culprit: "charge in pay.py", Service: "billing", Level: "error", State: issue.New, Count: count, FirstSeen: at, LastSeen: at},
		Event: &issue.Event{
			ID: fmt.Sprintf("%032x", count), Time: at, TraceID: "0102030405060708090a0b0c0d0e0f10", Service: "billing", Environment: "prod", Release: "1.4.0", Level: "error",
			Exceptions: []stacktrace.Exception{{Type: "ValueError", Message: "bad", Parent: -1}},
		},
	}
}

// change is a change of state.
func change(id string, from, to issue.State, at time.Time) issue.Notice {
	n := notice(id, 1)
	n.Name, n.Time, n.Previous, n.Issue.State, n.Reason = issue.EventStateChanged, at, from, to, "said so"
	return n
}

func logs(notices ...issue.Notice) plog.Logs {
	ld := plog.NewLogs()
	for _, n := range notices {
		rl := ld.ResourceLogs().AppendEmpty()
		eventlog.Write(n, rl.Resource(), rl.ScopeLogs().AppendEmpty().LogRecords().AppendEmpty())
	}
	return ld
}
