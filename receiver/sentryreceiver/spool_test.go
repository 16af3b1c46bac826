package sentryreceiver

import (
	"context"
	"errors"
	"net/http"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/receiver/receivertest"

	"github.com/otel-culprit/culprit/receiver/sentryreceiver/internal/metadata"
)

// pipeline answers with an error as long as there is one.
type pipeline struct {
	consumertest.LogsSink
	err atomic.Pointer[error]
}

func (p *pipeline) fail(err error) { p.err.Store(&err) }

func (p *pipeline) ConsumeLogs(ctx context.Context, ld plog.Logs) error {
	if err := p.err.Load(); err != nil && *err != nil {
		return *err
	}
	return p.LogsSink.ConsumeLogs(ctx, ld)
}

func (p *pipeline) Capabilities() consumer.Capabilities {
	return consumer.Capabilities{MutatesData: true}
}

func startPipeline(t *testing.T, next consumer.Logs, change func(*Config)) (url string, s *sentryReceiver, stop func(context.Context) error) {
	t.Helper()
	cfg := createDefaultConfig().(*Config)
	cfg.HTTP.NetAddr.Endpoint = "127.0.0.1:0"
	if change != nil {
		change(cfg)
	}
	logs, err := NewFactory().CreateLogs(t.Context(), receivertest.NewNopSettings(metadata.Type), cfg, next)
	require.NoError(t, err)
	require.NoError(t, logs.Start(t.Context(), componenttest.NewNopHost()))
	s = logs.(*handle).sentryReceiver
	t.Cleanup(func() { _ = logs.Shutdown(context.Background()) }) // a second time, as a rule
	return "http://" + s.address.String() + "/api/42/envelope/?sentry_key=k", s, logs.Shutdown
}

var errFull = errors.New("sending queue is full")

// What was accepted arrives later, exactly once; when the spool is full, SDKs are told to wait.
func TestSpool(t *testing.T) {
	next := new(pipeline)
	next.fail(errFull)
	url, s, _ := startPipeline(t, next, func(c *Config) {
		c.Spool = minSpool
		c.HTTP.MaxRequestBodySize = 512 << 10
	})
	accepted := 0
	var refused *http.Response
	body := envelope + spaces(20_000)
	for range 100 {
		resp, _ := post(t, url, body)
		if resp.StatusCode != 200 {
			refused = resp
			break
		}
		accepted++
	}
	require.NotNil(t, refused, "the spool must be bounded")
	assert.Greater(t, accepted, 5)
	assert.Equal(t, http.StatusTooManyRequests, refused.StatusCode)
	assert.Equal(t, "10::organization:spool_full", refused.Header.Get("X-Sentry-Rate-Limits"))
	assert.Equal(t, "10", refused.Header.Get("Retry-After"))

	next.fail(nil)
	require.Eventually(t, func() bool { return next.LogRecordCount() >= accepted }, time.Minute, 5*time.Millisecond)
	require.Eventually(t, func() bool { return s.memory.used.Load() == 0 }, time.Minute, time.Millisecond)
	assert.Equal(t, accepted, next.LogRecordCount())
	resp, _ := post(t, url, body)
	assert.Equal(t, 200, resp.StatusCode)
}

func spaces(n int) string {
	b := make([]byte, n)
	for i := range b {
		b[i] = ' '
	}
	return string(b)
}

// Shutdown delivers what the spool holds.
func TestShutdownDrains(t *testing.T) {
	next := new(pipeline)
	next.fail(errFull)
	url, _, stop := startPipeline(t, next, nil)
	for range 3 {
		resp, _ := post(t, url, envelope)
		require.Equal(t, 200, resp.StatusCode)
	}
	next.fail(nil)
	require.NoError(t, stop(context.Background()))
	assert.Equal(t, 3, next.LogRecordCount())
	require.NoError(t, stop(context.Background()))
}

// What cannot be delivered by the deadline is reported, not forgotten.
func TestShutdownReportsLoss(t *testing.T) {
	next := new(pipeline)
	next.fail(errFull)
	url, s, stop := startPipeline(t, next, nil)
	resp, _ := post(t, url, envelope)
	require.Equal(t, 200, resp.StatusCode)
	ctx, cancel := context.WithTimeout(t.Context(), 100*time.Millisecond)
	defer cancel()
	err := stop(ctx)
	require.ErrorIs(t, err, errFull)
	require.ErrorContains(t, err, "1 requests that were accepted are lost")
	assert.Zero(t, s.memory.used.Load())
}

// A permanent error is no reason to try again.
func TestRefusedForGood(t *testing.T) {
	next := new(pipeline)
	next.fail(consumererror.NewPermanent(errors.New("not like this")))
	url, s, _ := startPipeline(t, next, nil)
	resp, got := post(t, url, envelope)
	assert.Equal(t, http.StatusBadRequest, resp.StatusCode)
	assert.Contains(t, got, "not like this")
	assert.Nil(t, s.spool.head())
}

// Only what a pipeline could not take is offered again.
func TestPartialError(t *testing.T) {
	next := new(pipeline)
	url, _, _ := startPipeline(t, next, nil)
	rest := plog.NewLogs()
	rest.ResourceLogs().AppendEmpty().ScopeLogs().AppendEmpty().LogRecords().AppendEmpty().Body().SetStr("the rest")
	next.fail(consumererror.NewLogs(errFull, rest))
	resp, _ := post(t, url, envelope)
	require.Equal(t, 200, resp.StatusCode)
	next.fail(nil)
	require.Eventually(t, func() bool { return next.LogRecordCount() == 1 }, time.Minute, 5*time.Millisecond)
	lr := next.AllLogs()[0].ResourceLogs().At(0).ScopeLogs().At(0).LogRecords().At(0)
	assert.Equal(t, "the rest", lr.Body().Str())
}

// Many small values take much more memory than their text: the budget counts them.
func TestValuesCount(t *testing.T) {
	url, s, _ := startPipeline(t, new(pipeline), func(c *Config) {
		c.Spool = 8 << 20
		c.HTTP.MaxRequestBodySize = 4 << 20
	})
	resp, _ := post(t, url, "{}\n{\"type\":\"event\"}\n{\"extra\":["+strings.Repeat("0,", 400_000)+"0]}")
	assert.Equal(t, http.StatusTooManyRequests, resp.StatusCode)
	resp, _ = post(t, url, "{}\n{\"type\":\"event\"}\n{\"extra\":["+strings.Repeat("0,", 100_000)+"0]}")
	assert.Equal(t, http.StatusOK, resp.StatusCode)
	assert.Zero(t, s.memory.used.Load())
}
