package lumberjack

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"net"
	"sync/atomic"
	"testing"
	"time"

	lumber "github.com/elastic/go-lumber/client/v2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.uber.org/goleak"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

// testServer is a server with what it told.
type testServer struct {
	*Server
	address string
	memory  *Memory
	refused atomic.Int64
	closed  chan error
}

func startServer(t *testing.T, change func(*Options), handle func(ctx context.Context, w *Window) error) *testServer {
	t.Helper()
	s := &testServer{memory: NewMemory(1 << 20), closed: make(chan error, 100)}
	opts := Options{
		Limits: testLimits, Memory: s.memory, MaxConnections: 10,
		KeepAlive: time.Minute, IdleTimeout: time.Minute, ReadTimeout: time.Minute,
		Handle:  func(ctx context.Context, _ net.Addr, w *Window) error { return handle(ctx, w) },
		Opened:  func() {},
		Closed:  func(_ net.Addr, err error) { s.closed <- err },
		Refused: func(net.Addr) { s.refused.Add(1) },
	}
	if change != nil {
		change(&opts)
	}
	s.Server = NewServer(opts)
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	s.address = l.Addr().String()
	served := make(chan error)
	go func() { served <- s.Serve(l) }()
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 10*time.Second)
		defer cancel()
		_ = s.Shutdown(ctx)
		require.ErrorIs(t, <-served, ErrStopping)
		assert.Zero(t, s.memory.Used())
	})
	return s
}

func accept(context.Context, *Window) error { return nil }

func dial(t *testing.T, s *testServer) net.Conn {
	t.Helper()
	c, err := net.Dial("tcp", s.address)
	require.NoError(t, err)
	t.Cleanup(func() { c.Close() })
	require.NoError(t, c.SetDeadline(time.Now().Add(20*time.Second)))
	return c
}

func readAck(t *testing.T, c net.Conn) (version byte, sequence uint32) {
	t.Helper()
	var frame [6]byte
	_, err := io.ReadFull(c, frame[:])
	require.NoError(t, err)
	require.Equal(t, typeAck, frame[1])
	return frame[0], binary.BigEndian.Uint32(frame[2:])
}

// requireClosed waits until the server closes the connection without another byte.
func requireClosed(t *testing.T, c net.Conn) {
	t.Helper()
	n, err := c.Read(make([]byte, 1))
	require.Error(t, err)
	require.Zero(t, n)
	var timeout net.Error
	require.False(t, errors.As(err, &timeout) && timeout.Timeout(), "still open")
}

// Elastic's own client, which Filebeat has inside.
func TestClient(t *testing.T) {
	var events atomic.Int64
	s := startServer(t, nil, func(_ context.Context, w *Window) error {
		events.Add(int64(len(w.Events)))
		return nil
	})
	for _, level := range []int{0, 3, 9} {
		client, err := lumber.SyncDial(s.address, lumber.CompressionLevel(level), lumber.Timeout(20*time.Second))
		require.NoError(t, err)
		for n := 1; n <= 3; n++ {
			batch := make([]any, n)
			for i := range batch {
				batch[i] = map[string]any{"message": "x"}
			}
			sent, err := client.Send(batch)
			require.NoError(t, err)
			assert.Equal(t, n, sent)
		}
		require.NoError(t, client.Close())
		require.NoError(t, <-s.closed)
	}
	assert.EqualValues(t, 18, events.Load())
}

func TestRefusedWindowIsNotAcknowledged(t *testing.T) {
	full := errors.New("queue is full")
	s := startServer(t, nil, func(context.Context, *Window) error { return full })
	c := dial(t, s)
	_, err := c.Write(join(window(1), jsonFrame(1, `{}`)))
	require.NoError(t, err)
	requireClosed(t, c)
	require.ErrorIs(t, <-s.closed, full)
}

func TestKeepAlive(t *testing.T) {
	slow := make(chan struct{})
	s := startServer(t, func(o *Options) { o.KeepAlive = time.Millisecond }, func(context.Context, *Window) error {
		<-slow
		return nil
	})
	c := dial(t, s)
	_, err := c.Write(join(window(2), jsonFrame(1, `{}`), jsonFrame(2, `{}`)))
	require.NoError(t, err)
	for range 3 {
		version, sequence := readAck(t, c)
		assert.Equal(t, Version2, version)
		assert.Zero(t, sequence)
	}
	close(slow)
	for sequence := uint32(0); sequence != 2; _, sequence = readAck(t, c) {
		assert.Zero(t, sequence)
	}
}

// A client of version 1 would take the first answer for the acknowledgement.
func TestNoKeepAliveForVersion1(t *testing.T) {
	s := startServer(t, func(o *Options) { o.KeepAlive = time.Millisecond }, func(context.Context, *Window) error {
		time.Sleep(50 * time.Millisecond)
		return nil
	})
	c := dial(t, s)
	_, err := c.Write(join([]byte("1W\x00\x00\x00\x01"), dataFrame(7, "line", "x")))
	require.NoError(t, err)
	version, sequence := readAck(t, c)
	assert.Equal(t, Version1, version)
	assert.EqualValues(t, 7, sequence)
}

// One that trickles does not hold a window open for ever.
func TestSlowClient(t *testing.T) {
	s := startServer(t, func(o *Options) { o.ReadTimeout = 50 * time.Millisecond }, accept)
	c := dial(t, s)
	_, err := c.Write(window(100))
	require.NoError(t, err)
	stop := make(chan struct{})
	go func() {
		defer close(stop)
		for {
			if _, err := c.Write(jsonFrame(1, `{}`)); err != nil {
				return
			}
			time.Sleep(5 * time.Millisecond)
		}
	}()
	var timeout net.Error
	require.ErrorAs(t, <-s.closed, &timeout)
	assert.True(t, timeout.Timeout())
	<-stop
}

func TestIdleConnectionIsClosed(t *testing.T) {
	s := startServer(t, func(o *Options) { o.IdleTimeout = 20 * time.Millisecond }, accept)
	requireClosed(t, dial(t, s))
	require.NoError(t, <-s.closed)
}

func TestTooManyConnections(t *testing.T) {
	s := startServer(t, func(o *Options) { o.MaxConnections = 1 }, accept)
	first := dial(t, s)
	_, err := first.Write(join(window(1), jsonFrame(1, `{}`)))
	require.NoError(t, err)
	readAck(t, first)
	requireClosed(t, dial(t, s))
	assert.EqualValues(t, 1, s.refused.Load())
	first.Close()
	<-s.closed
	third := dial(t, s)
	_, err = third.Write(join(window(1), jsonFrame(1, `{}`)))
	require.NoError(t, err)
	readAck(t, third)
}

// A window that waits for memory is not read, and its client is told to wait.
func TestWindowWaitsForMemory(t *testing.T) {
	s := startServer(t, func(o *Options) { o.KeepAlive = time.Millisecond }, accept)
	require.NoError(t, s.memory.take(600<<10))
	c := dial(t, s)
	_, err := c.Write(join(window(1), jsonFrame(1, `{}`)))
	require.NoError(t, err)
	_, sequence := readAck(t, c)
	assert.Zero(t, sequence)
	s.memory.give(600 << 10)
	for sequence != 1 {
		_, sequence = readAck(t, c)
	}
}

// What the pipeline has at the end is acknowledged; the next window, although sent, is not.
func TestShutdownAcknowledges(t *testing.T) {
	began, end := make(chan struct{}), make(chan struct{})
	s := startServer(t, nil, func(context.Context, *Window) error {
		close(began)
		<-end
		return nil
	})
	idle, c := dial(t, s), dial(t, s)
	_, err := c.Write(join(window(1), jsonFrame(1, `{}`), window(1), jsonFrame(2, `{}`)))
	require.NoError(t, err)
	<-began
	done := make(chan error)
	go func() { done <- s.Shutdown(context.Background()) }()
	requireClosed(t, idle)
	close(end)
	_, sequence := readAck(t, c)
	assert.EqualValues(t, 1, sequence)
	requireClosed(t, c)
	require.NoError(t, <-done)
	require.NoError(t, <-s.closed)
	require.NoError(t, <-s.closed)
	require.NoError(t, s.Shutdown(context.Background()))
}

func TestShutdownDeadline(t *testing.T) {
	began := make(chan struct{})
	s := startServer(t, nil, func(ctx context.Context, _ *Window) error {
		close(began)
		<-ctx.Done()
		return ctx.Err()
	})
	c := dial(t, s)
	_, err := c.Write(join(window(1), jsonFrame(1, `{}`)))
	require.NoError(t, err)
	<-began
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	require.ErrorIs(t, s.Shutdown(ctx), context.Canceled)
	requireClosed(t, c)
}

func TestShutdownWithoutServe(t *testing.T) {
	s := NewServer(Options{})
	require.NoError(t, s.Shutdown(context.Background()))
}
