package fluentforwardreceiver

import (
	"context"
	"errors"
	"io"
	"net"
	"path/filepath"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/receiver/receivertest"

	"github.com/otel-culprit/culprit/receiver/fluentforwardreceiver/internal/metadata"
)

// message is one of a logger, with options behind it.
const (
	message      = "\x93\xa3app\x01\x81\xa3log\xa4boom"
	acknowledged = "\x94\xa3app\x01\x81\xa3log\xa4boom\x81\xa5chunk\xa2c1"
	ack          = "\x81\xa3ack\xda\x00\x02c1"
)

// listen runs a receiver on a port of its own.
func listen(t *testing.T, next consumer.Logs, change func(*Config)) (*fluentReceiver, string) {
	t.Helper()
	cfg := createDefaultConfig().(*Config)
	cfg.Endpoint = "127.0.0.1:0"
	if change != nil {
		change(cfg)
	}
	require.NoError(t, cfg.Validate())
	r, err := newReceiver(cfg, receivertest.NewNopSettings(metadata.Type), next)
	require.NoError(t, err)
	require.NoError(t, r.Start(t.Context(), componenttest.NewNopHost()))
	t.Cleanup(func() { assert.NoError(t, r.Shutdown(context.Background())) })
	return r, r.listener.Addr().String()
}

func dial(t *testing.T, network, address string) net.Conn {
	t.Helper()
	conn, err := net.Dial(network, address)
	require.NoError(t, err)
	t.Cleanup(func() { _ = conn.Close() })
	require.NoError(t, conn.SetDeadline(time.Now().Add(time.Minute)))
	return conn
}

func write(t *testing.T, conn net.Conn, text string) {
	t.Helper()
	_, err := io.WriteString(conn, text)
	require.NoError(t, err)
}

// answer reads what was acknowledged, or that the connection was closed.
func answer(t *testing.T, conn net.Conn) string {
	t.Helper()
	got := make([]byte, len(ack))
	n, err := io.ReadFull(conn, got)
	var timeout net.Error
	require.False(t, errors.As(err, &timeout) && timeout.Timeout(), "neither answered nor closed")
	return string(got[:n])
}

func TestAcknowledge(t *testing.T) {
	sink := &consumertest.LogsSink{}
	_, address := listen(t, sink, nil)
	conn := dial(t, "tcp", address)
	write(t, conn, message+acknowledged)
	assert.Equal(t, ack, answer(t, conn))
	assert.Equal(t, 2, sink.LogRecordCount())

	heartbeat := dial(t, "udp", address)
	write(t, heartbeat, "\x00")
	n, err := heartbeat.Read(make([]byte, 10))
	require.NoError(t, err)
	assert.Equal(t, 1, n)
}

func TestSocket(t *testing.T) {
	path := filepath.Join(t.TempDir(), "s")
	sink := &consumertest.LogsSink{}
	listen(t, sink, func(c *Config) { c.Endpoint = "unix://" + path })
	conn := dial(t, "unix", path)
	write(t, conn, acknowledged)
	assert.Equal(t, ack, answer(t, conn))
}

// refusing refuses so many times.
type refusing struct {
	consumertest.LogsSink
	times atomic.Int64
	err   error
}

func (r *refusing) ConsumeLogs(ctx context.Context, logs plog.Logs) error {
	if r.times.Add(-1) >= 0 {
		return r.err
	}
	return r.LogsSink.ConsumeLogs(ctx, logs)
}

// What is refused for now is offered again; what is refused for good is not sent again by the client.
func TestRefused(t *testing.T) {
	f := func(err error, want int) {
		t.Helper()
		next := &refusing{err: err}
		next.times.Store(2)
		_, address := listen(t, next, nil)
		conn := dial(t, "tcp", address)
		for range 3 {
			write(t, conn, acknowledged)
			assert.Equal(t, ack, answer(t, conn))
		}
		assert.Equal(t, want, next.LogRecordCount())
	}
	f(errors.New("full"), 3)
	f(consumererror.NewPermanent(errors.New("no")), 1)
}

// A shutdown does not wait for a pipeline that refuses: the client gets no answer.
func TestShutdownWhileRefused(t *testing.T) {
	next := &refusing{err: errors.New("full")}
	next.times.Store(1 << 30)
	r, address := listen(t, next, nil)
	conn := dial(t, "tcp", address)
	write(t, conn, acknowledged)
	require.Eventually(t, func() bool { return next.times.Load() < 1<<30 }, time.Minute, time.Millisecond)
	require.NoError(t, r.Shutdown(context.Background()))
	assert.Empty(t, answer(t, conn))
}

// Who stalls, floods or talks of something else is cut off.
func TestCutOff(t *testing.T) {
	f := func(name, text string, change func(*Config)) {
		t.Helper()
		_, address := listen(t, consumertest.NewNop(), change)
		conn := dial(t, "tcp", address)
		write(t, conn, text)
		assert.Empty(t, answer(t, conn), name)
	}
	short := func(c *Config) { c.ReadTimeout, c.IdleTimeout = 10*time.Millisecond, 10*time.Millisecond }
	f("stalls in a message", message[:8], short)
	f("stalls between two", message, short)
	f("says nothing", "", short)
	f("HTTP", "GET / HTTP/1.1\r\n\r\n", nil)
	f("four billion entries", "\x92\xa3app\xdd\xff\xff\xff\xff", short)

	_, address := listen(t, consumertest.NewNop(), func(c *Config) { c.MaxConnections = 1 })
	first := dial(t, "tcp", address)
	write(t, first, acknowledged)
	assert.Equal(t, ack, answer(t, first))
	assert.Empty(t, answer(t, dial(t, "tcp", address)), "a second connection")
	write(t, first, acknowledged)
	assert.Equal(t, ack, answer(t, first), "the first goes on")
}

func TestConfig(t *testing.T) {
	f := func(want string, values map[string]any) {
		t.Helper()
		cfg := createDefaultConfig().(*Config)
		err := confmap.NewFromStringMap(values).Unmarshal(cfg)
		if err == nil {
			err = cfg.Validate()
		}
		if want == "" {
			require.NoError(t, err)
			return
		}
		require.ErrorContains(t, err, want)
	}
	f("", map[string]any{"endpoint": "localhost:8006"})
	f("", map[string]any{"endpoint": "unix:///run/fluent.sock", "tls": map[string]any{}})
	f("", map[string]any{"endpoint": "/run/fluent.sock"})
	f("localhost:24224", map[string]any{"endpoint": "8006"})
	f("'max_connections'", map[string]any{"max_connections": 0})
	f("'max_record_bytes'", map[string]any{"max_record_bytes": 1 << 30})
	f("'max_message_bytes'", map[string]any{"max_message_bytes": 10})
	f("'idle_timeout'", map[string]any{"idle_timeout": "-1s"})
	f("'read_timeout'", map[string]any{"read_timeout": "0s"})
	f("cert_fil", map[string]any{"tls": map[string]any{"cert_fil": "x"}})
	f("listen_address", map[string]any{"listen_address": "x"})
}

// Names of the outcomes are those of metadata.yaml.
func TestOutcomes(t *testing.T) {
	why, hint := classify(errTooMany)
	assert.Equal(t, "too_many", why)
	assert.Contains(t, hint, "max_connections")
	why, _ = classify(io.ErrUnexpectedEOF)
	assert.Equal(t, "broken", why)
}
