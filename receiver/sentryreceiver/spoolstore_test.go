package sentryreceiver

import (
	"context"
	"errors"
	"maps"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/extension/xextension/storage"
	"go.opentelemetry.io/collector/receiver/receivertest"

	"github.com/otel-culprit/culprit/receiver/sentryreceiver/internal/metadata"
)

// disk is a storage extension whose content stays when the receiver goes.
type disk struct {
	component.StartFunc
	component.ShutdownFunc
	mu   sync.Mutex
	data map[string][]byte
	err  error // what writing answers
}

func (d *disk) GetClient(context.Context, component.Kind, component.ID, string) (storage.Client, error) {
	return d, nil
}

func (d *disk) Get(_ context.Context, key string) ([]byte, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.data[key], nil
}

func (d *disk) Set(ctx context.Context, key string, value []byte) error {
	return d.Batch(ctx, storage.SetOperation(key, value))
}

func (d *disk) Delete(ctx context.Context, key string) error {
	return d.Batch(ctx, storage.DeleteOperation(key))
}

func (d *disk) Close(context.Context) error { return nil }

func (d *disk) Batch(_ context.Context, operations ...*storage.Operation) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	for _, o := range operations {
		switch {
		case o.Type == storage.Get:
			o.Value = d.data[o.Key]
		case d.err != nil:
			return d.err
		case o.Type == storage.Set:
			d.data[o.Key] = o.Value
		default:
			delete(d.data, o.Key)
		}
	}
	return nil
}

// copied is what a kill leaves at this moment.
func (d *disk) copied() *disk {
	d.mu.Lock()
	defer d.mu.Unlock()
	return &disk{data: maps.Clone(d.data)}
}

type withExtensions map[component.ID]component.Component

func (e withExtensions) GetExtensions() map[component.ID]component.Component { return e }

var diskID = component.MustNewID("disk")

func startStored(t *testing.T, next consumer.Logs, d *disk) (url string, s *sentryReceiver, stop func(context.Context) error) {
	t.Helper()
	cfg := createDefaultConfig().(*Config)
	cfg.HTTP.NetAddr.Endpoint = "127.0.0.1:0"
	cfg.Storage = &diskID
	cfg.Spool = 1 << 20
	cfg.HTTP.MaxRequestBodySize = 1 << 19
	cfg.Projects = map[string]string{"42": "checkout"}
	logs, err := NewFactory().CreateLogs(t.Context(), receivertest.NewNopSettings(metadata.Type), cfg, next)
	require.NoError(t, err)
	require.NoError(t, logs.Start(t.Context(), withExtensions{diskID: d}))
	s = logs.(*handle).sentryReceiver
	t.Cleanup(func() { _ = logs.Shutdown(context.Background()) })
	return "http://" + s.address.String(), s, logs.Shutdown
}

// What was acknowledged is delivered by the next process after a kill, as it would have been by the first.
func TestSpoolSurvivesKill(t *testing.T) {
	d := &disk{data: map[string][]byte{}}
	next := new(pipeline)
	next.fail(errFull)
	url, s, _ := startStored(t, next, d)
	const event = `{"event_id":"9ec79c33ec9942ab8353589fcb2e04dc","message":"stored"}`
	for _, r := range []struct{ path, body string }{
		{"/api/42/envelope/?sentry_key=k&sentry_client=sentry.python/2.1", "{}\n{\"type\":\"event\"}\n" + event},
		{"/api/42/store/?sentry_key=k&sentry_client=sentry.python/2.1", event},
		{"/api/42/cron/nightly?sentry_key=k&status=error", ""},
	} {
		resp, got := post(t, url+r.path, r.body)
		require.Equal(t, 200, resp.StatusCode, got)
	}
	assert.Positive(t, s.memory.used.Load())

	after := new(pipeline)
	_, again, _ := startStored(t, after, d.copied())
	require.Eventually(t, func() bool { return after.LogRecordCount() == 3 }, time.Minute, 5*time.Millisecond)
	require.Eventually(t, func() bool { return again.memory.used.Load() == 0 }, time.Minute, 5*time.Millisecond)
	for i, ld := range after.AllLogs() {
		attrs := ld.ResourceLogs().At(0).Resource().Attributes().AsRaw()
		assert.Equal(t, "checkout", attrs["service.name"])
		lr := ld.ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
		assert.WithinDuration(t, time.Now(), lr.ObservedTimestamp().AsTime(), time.Minute)
		if i < 2 {
			assert.Equal(t, "sentry.python", attrs["telemetry.sdk.name"])
			id, _ := lr.Attributes().Get("sentry.event_id")
			assert.Equal(t, "9ec79c33ec9942ab8353589fcb2e04dc", id.Str())
		}
	}

	// The first process was not killed: it delivers, and nothing stays behind.
	next.fail(nil)
	require.Eventually(t, func() bool { return next.LogRecordCount() == 3 && s.memory.used.Load() == 0 }, time.Minute, 5*time.Millisecond)
	assert.Equal(t, map[string][]byte{"first": []byte("3"), "next": []byte("3")}, d.copied().data)
}

// With a storage shutdown does not wait for a pipeline that takes nothing, and nothing is lost.
func TestShutdownKeepsStored(t *testing.T) {
	d := &disk{data: map[string][]byte{}}
	next := new(pipeline)
	next.fail(errFull)
	url, _, stop := startStored(t, next, d)
	for range 3 {
		resp, _ := post(t, url+"/api/42/envelope/?sentry_key=k", envelope)
		require.Equal(t, 200, resp.StatusCode)
	}
	require.NoError(t, stop(context.Background()))
	delete(d.data, parcelKey(0)) // damaged
	after := new(pipeline)
	_, _, stop = startStored(t, after, d)
	require.Eventually(t, func() bool { return after.LogRecordCount() == 2 }, time.Minute, 5*time.Millisecond)
	require.NoError(t, stop(context.Background()))
	assert.Len(t, d.data, 2)
}

// What cannot be stored is not accepted.
func TestStorageFails(t *testing.T) {
	d := &disk{data: map[string][]byte{}, err: errors.New("no space left on device")}
	next := new(pipeline)
	next.fail(errFull)
	url, s, _ := startStored(t, next, d)
	resp, _ := post(t, url+"/api/42/envelope/?sentry_key=k", envelope)
	assert.Equal(t, 429, resp.StatusCode)
	assert.Zero(t, s.memory.used.Load())
	assert.Nil(t, s.spool.head())
}

func TestStorageIsChecked(t *testing.T) {
	f := func(host component.Host, want string) {
		t.Helper()
		cfg := createDefaultConfig().(*Config)
		cfg.HTTP.NetAddr.Endpoint = "127.0.0.1:0"
		cfg.Storage = &diskID
		logs, err := NewFactory().CreateLogs(t.Context(), receivertest.NewNopSettings(metadata.Type), cfg, new(pipeline))
		require.NoError(t, err)
		require.ErrorContains(t, logs.Start(t.Context(), host), want)
		require.NoError(t, logs.Shutdown(t.Context()))
	}
	f(componenttest.NewNopHost(), "names the extension disk, which does not run: add it")
	f(withExtensions{diskID: struct {
		component.StartFunc
		component.ShutdownFunc
	}{}}, "which is no storage")
}

func TestDamagedParcels(t *testing.T) {
	for _, data := range []string{"", "{}", "x\ny", "{\"received\":\"soon\"}\n{}"} {
		_, err := unmarshalParcel([]byte(data))
		require.Error(t, err, data)
	}
}
