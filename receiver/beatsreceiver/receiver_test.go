package beatsreceiver

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"io"
	"net"
	"os"
	"sync"
	"testing"
	"time"

	lumber "github.com/elastic/go-lumber/client/v2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/component/componenttest"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/config/configtls"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/consumer/consumererror"
	"go.opentelemetry.io/collector/consumer/consumertest"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/receiver/receivertest"
	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/sdk/metric/metricdata"
	"go.opentelemetry.io/otel/sdk/metric/metricdata/metricdatatest"

	"github.com/otel-culprit/culprit/receiver/beatsreceiver/internal/metadata"
	"github.com/otel-culprit/culprit/receiver/beatsreceiver/internal/metadatatest"
)

const clientTimeout = 20 * time.Second

// pipeline takes logs unless it is told what to answer.
type pipeline struct {
	consumertest.LogsSink

	mu      sync.Mutex // protects answers
	answers []error    // of the next calls
}

func (p *pipeline) ConsumeLogs(ctx context.Context, logs plog.Logs) error {
	p.mu.Lock()
	var err error
	if len(p.answers) > 0 {
		err, p.answers = p.answers[0], p.answers[1:]
	}
	p.mu.Unlock()
	if err != nil {
		return err
	}
	return p.LogsSink.ConsumeLogs(ctx, logs)
}

func (p *pipeline) bodies() []string {
	var out []string
	for _, logs := range p.AllLogs() {
		for _, rl := range logs.ResourceLogs().All() {
			for _, sl := range rl.ScopeLogs().All() {
				for _, lr := range sl.LogRecords().All() {
					out = append(out, lr.Body().AsString())
				}
			}
		}
	}
	return out
}

func start(t testing.TB, next consumer.Logs, tel *componenttest.Telemetry, change func(*Config)) (address string, stop func()) {
	t.Helper()
	cfg := createDefaultConfig().(*Config)
	cfg.TCP.Endpoint = "127.0.0.1:0"
	if change != nil {
		change(cfg)
	}
	set := receivertest.NewNopSettings(metadata.Type)
	if tel != nil {
		set.TelemetrySettings = tel.NewTelemetrySettings()
	}
	r, err := NewFactory().CreateLogs(t.Context(), set, cfg, next)
	require.NoError(t, err)
	require.NoError(t, r.Start(t.Context(), componenttest.NewNopHost()))
	var once sync.Once
	stop = func() {
		once.Do(func() {
			ctx, cancel := context.WithTimeout(context.Background(), clientTimeout)
			defer cancel()
			require.NoError(t, r.Shutdown(ctx))
		})
	}
	t.Cleanup(stop)
	return r.(*beatsReceiver).address.String(), stop
}

func connect(t *testing.T, address string, options ...lumber.Option) *lumber.SyncClient {
	t.Helper()
	c, err := lumber.SyncDial(address, append(options, lumber.Timeout(clientTimeout))...)
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.Close() })
	return c
}

func messages(texts ...string) []any {
	var out []any
	for _, text := range texts {
		out = append(out, m{"@timestamp": "2026-11-22T10:57:18.123Z", "message": text, "host": m{"name": "node-1"}, "log": m{"file": m{"path": "/var/log/a.log"}}})
	}
	return out
}

func TestReceive(t *testing.T) {
	for name, level := range map[string]int{"plain": 0, "compressed": 3} {
		t.Run(name, func(t *testing.T) {
			p := &pipeline{}
			address, _ := start(t, p, nil, nil)
			c := connect(t, address, lumber.CompressionLevel(level))
			for _, batch := range [][]string{{"a"}, {"b", "c", "d"}} {
				n, err := c.Send(messages(batch...))
				require.NoError(t, err)
				assert.Equal(t, len(batch), n)
			}
			assert.Equal(t, []string{"a", "b", "c", "d"}, p.bodies())
			assert.Equal(t, 1, p.AllLogs()[1].ResourceLogs().Len(), "one resource for one sender")
		})
	}
}

// Filebeat's default: the next window is sent before the last is acknowledged. A slow pipeline keeps the
// client waiting beyond its timeout.
func TestPipelining(t *testing.T) {
	t.Parallel()
	const timeout = 3 * time.Second // of the client: what it gets in between must come in time on a loaded machine, too
	p := &pipeline{}
	slow, err := consumer.NewLogs(func(ctx context.Context, logs plog.Logs) error {
		time.Sleep(timeout + timeout/5)
		return p.ConsumeLogs(ctx, logs)
	})
	require.NoError(t, err)
	address, _ := start(t, slow, nil, func(c *Config) { c.KeepAlive = timeout / 50 })
	c, err := lumber.AsyncDial(address, 2, lumber.CompressionLevel(3), lumber.Timeout(timeout))
	require.NoError(t, err)
	t.Cleanup(func() { _ = c.Close() })
	type answer struct {
		sequence uint32
		err      error
	}
	answers := make(chan answer, 2)
	for _, batch := range [][]any{messages("a", "b"), messages("c")} {
		require.NoError(t, c.Send(func(sequence uint32, err error) { answers <- answer{sequence, err} }, batch))
	}
	assert.Equal(t, answer{2, nil}, <-answers)
	assert.Equal(t, answer{1, nil}, <-answers)
	assert.Equal(t, []string{"a", "b", "c"}, p.bodies())
}

// A window that the pipeline refuses for now is not acknowledged; sent again, it arrives, once.
func TestRefusedIsSentAgain(t *testing.T) {
	tel := componenttest.NewTelemetry()
	t.Cleanup(func() { require.NoError(t, tel.Shutdown(context.Background())) })
	p := &pipeline{answers: []error{nil, errors.New("sending queue is full")}}
	address, stop := start(t, p, tel, nil)

	c := connect(t, address, lumber.CompressionLevel(3))
	_, err := c.Send(messages("a"))
	require.NoError(t, err)
	n, err := c.Send(messages("b", "c"))
	require.Error(t, err)
	assert.Zero(t, n)

	c = connect(t, address, lumber.CompressionLevel(3))
	n, err = c.Send(messages("b", "c"))
	require.NoError(t, err)
	assert.Equal(t, 2, n)
	assert.Equal(t, []string{"a", "b", "c"}, p.bodies())

	require.NoError(t, c.Close())
	assert.Eventually(t, func() bool {
		m, err := tel.GetMetric("otelcol_receiver_beats_connections")
		return err == nil && len(m.Data.(metricdata.Sum[int64]).DataPoints) == 2
	}, clientTimeout, time.Millisecond)
	metadatatest.AssertEqualReceiverBeatsConnections(t, tel, points("refused", 1, "closed", 1), metricdatatest.IgnoreTimestamp())
	metadatatest.AssertEqualReceiverBeatsWindows(t, tel, points("acknowledged", 2, "refused", 1), metricdatatest.IgnoreTimestamp())
	metadatatest.AssertEqualReceiverBeatsEvents(t, tel, points("accepted", 3, "refused", 2), metricdatatest.IgnoreTimestamp())
	metadatatest.AssertEqualReceiverBeatsOpenConnections(t, tel, []metricdata.DataPoint[int64]{{}}, metricdatatest.IgnoreTimestamp())
	metadatatest.AssertEqualReceiverBeatsMemory(t, tel, []metricdata.DataPoint[int64]{{}}, metricdatatest.IgnoreTimestamp())
	stop()
}

func points(pairs ...any) []metricdata.DataPoint[int64] {
	var out []metricdata.DataPoint[int64]
	for i := 0; i < len(pairs); i += 2 {
		out = append(out, metricdata.DataPoint[int64]{
			Attributes: attribute.NewSet(attribute.String("outcome", pairs[i].(string))), Value: int64(pairs[i+1].(int)),
		})
	}
	return out
}

// What is refused for good is acknowledged, else the client would never send anything else.
func TestRejectedIsAcknowledged(t *testing.T) {
	tel := componenttest.NewTelemetry()
	t.Cleanup(func() { require.NoError(t, tel.Shutdown(context.Background())) })
	p := &pipeline{answers: []error{consumererror.NewPermanent(errors.New("no such index"))}}
	address, _ := start(t, p, tel, nil)
	c := connect(t, address)
	n, err := c.Send(messages("a", "b"))
	require.NoError(t, err)
	assert.Equal(t, 2, n)
	_, err = c.Send(messages("c"))
	require.NoError(t, err)
	assert.Equal(t, []string{"c"}, p.bodies())
	metadatatest.AssertEqualReceiverBeatsEvents(t, tel, points("accepted", 1, "rejected", 2), metricdatatest.IgnoreTimestamp())
}

func TestForGood(t *testing.T) {
	later, never := errors.New("later"), consumererror.NewPermanent(errors.New("never"))
	for _, err := range []error{never, errors.Join(never, never), consumererror.NewPermanent(never), consumererror.NewPermanent(errors.Join(later, later)), fmt.Errorf("export: %w", never)} {
		assert.True(t, forGood(err), "%v", err)
	}
	for _, err := range []error{later, errors.Join(never, later), errors.Join(later, never)} {
		assert.False(t, forGood(err), "%v", err)
	}
}

func TestTooLargeEventIsSkipped(t *testing.T) {
	p := &pipeline{}
	address, _ := start(t, p, nil, func(c *Config) { c.MaxEventSize = minEvent })
	n, err := connect(t, address).Send(messages("a", string(make([]byte, minEvent)), "b"))
	require.NoError(t, err)
	assert.Equal(t, 3, n)
	assert.Equal(t, []string{"a", "b"}, p.bodies())
}

func TestTLS(t *testing.T) {
	cert, key := certificate(t)
	p := &pipeline{}
	address, _ := start(t, p, nil, func(c *Config) {
		c.TLS = configoptional.Some(configtls.ServerConfig{Config: configtls.Config{CertFile: cert, KeyFile: key}, ClientCAFile: cert})
	})
	pem, err := os.ReadFile(cert)
	require.NoError(t, err)
	pool := x509.NewCertPool()
	require.True(t, pool.AppendCertsFromPEM(pem))
	own, err := tls.LoadX509KeyPair(cert, key)
	require.NoError(t, err)
	dial := func(cfg *tls.Config) (*lumber.SyncClient, error) {
		return lumber.SyncDialWith(func(network, address string) (net.Conn, error) {
			return tls.DialWithDialer(&net.Dialer{Timeout: clientTimeout}, network, address, cfg)
		}, address, lumber.CompressionLevel(3), lumber.Timeout(clientTimeout))
	}
	c, err := dial(&tls.Config{RootCAs: pool, ServerName: "localhost", Certificates: []tls.Certificate{own}})
	require.NoError(t, err)
	defer c.Close()
	_, err = c.Send(messages("a"))
	require.NoError(t, err)

	if c, err := dial(&tls.Config{RootCAs: pool, ServerName: "localhost"}); err == nil { // TLS 1.3 tells it later
		_, err = c.Send(messages("no certificate"))
		require.Error(t, err)
		_ = c.Close()
	}
	_, err = connect(t, address).Send(messages("no TLS"))
	require.Error(t, err)
	assert.Equal(t, []string{"a"}, p.bodies())
}

// A probe of the port, as a load balancer's health check makes it, is no failed handshake and no warning.
func TestProbeOfTLSPort(t *testing.T) {
	tel := componenttest.NewTelemetry()
	t.Cleanup(func() { require.NoError(t, tel.Shutdown(context.Background())) })
	cert, key := certificate(t)
	address, stop := start(t, &pipeline{}, tel, func(c *Config) {
		c.TLS = configoptional.Some(configtls.ServerConfig{Config: configtls.Config{CertFile: cert, KeyFile: key}})
	})
	probe, err := net.Dial("tcp", address)
	require.NoError(t, err)
	require.NoError(t, probe.Close())
	plain, err := net.Dial("tcp", address)
	require.NoError(t, err)
	_, err = plain.Write([]byte("2W\x00\x00\x00\x01"))
	require.NoError(t, err)
	requireEnd(t, plain)
	stop()
	metadatatest.AssertEqualReceiverBeatsConnections(t, tel, points("closed", 1, "handshake", 1), metricdatatest.IgnoreTimestamp())
}

// requireEnd waits until the receiver closes a connection.
func requireEnd(t *testing.T, c net.Conn) {
	t.Helper()
	require.NoError(t, c.SetReadDeadline(time.Now().Add(clientTimeout)))
	_, err := io.Copy(io.Discard, c)
	var timeout net.Error
	require.False(t, errors.As(err, &timeout) && timeout.Timeout(), "still open")
	require.NoError(t, c.Close())
}

func TestPortInUse(t *testing.T) {
	address, _ := start(t, &pipeline{}, nil, nil)
	cfg := createDefaultConfig().(*Config)
	cfg.TCP.Endpoint = address
	r, err := NewFactory().CreateLogs(t.Context(), receivertest.NewNopSettings(metadata.Type), cfg, consumertest.NewNop())
	require.NoError(t, err)
	require.ErrorContains(t, r.Start(t.Context(), componenttest.NewNopHost()), "listen on "+address)
	require.NoError(t, r.Shutdown(context.Background()))
	require.NoError(t, r.Shutdown(context.Background()))
}
