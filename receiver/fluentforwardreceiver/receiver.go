package fluentforwardreceiver

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/collector/receiver/receiverhelper"
	"go.uber.org/zap"

	"github.com/otel-culprit/culprit/internal/fluent"
	"github.com/otel-culprit/culprit/receiver/fluentforwardreceiver/internal/metadata"
)

const (
	memoryBytes = 128 << 20             // of the records of all connections that were not handed over
	acceptPause = 50 * time.Millisecond // after an error of accept, such as too many open files
)

// fluentReceiver is a server of the forward protocol in front of a pipeline.
type fluentReceiver struct {
	cfg       *Config
	log       *zap.Logger
	telemetry *metadata.TelemetryBuilder
	obs       *receiverhelper.ObsReport
	next      consumer.Logs
	memory    *fluent.Memory

	ctx     context.Context // of what is done with records; ends when a shutdown runs out of time
	cancel  context.CancelFunc
	serving sync.WaitGroup

	mu        sync.Mutex // protects the ones below
	stopping  bool
	listener  net.Listener   // nil until it is started
	heartbeat net.PacketConn // nil with a Unix socket
	conns     map[net.Conn]struct{}
}

func newReceiver(cfg *Config, set receiver.Settings, next consumer.Logs) (*fluentReceiver, error) {
	obs, err := receiverhelper.NewObsReport(receiverhelper.ObsReportSettings{ReceiverID: set.ID, Transport: "tcp", ReceiverCreateSettings: set})
	if err != nil {
		return nil, err
	}
	telemetry, err := metadata.NewTelemetryBuilder(set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	r := &fluentReceiver{
		cfg: cfg, log: set.Logger, telemetry: telemetry, obs: obs, next: next,
		memory: fluent.NewMemory(memoryBytes), conns: map[net.Conn]struct{}{},
	}
	r.ctx, r.cancel = context.WithCancel(context.Background())
	return r, nil
}

// Start listens.
func (r *fluentReceiver) Start(ctx context.Context, host component.Host) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.listener != nil || r.stopping {
		return nil
	}
	var encryption *tls.Config
	if r.cfg.TLS.HasValue() {
		var err error
		if encryption, err = r.cfg.TLS.Get().LoadTLSConfig(ctx); err != nil {
			return fmt.Errorf("load 'tls': %w", err)
		}
	}
	listener, heartbeat, err := r.listen(ctx)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", r.cfg.Endpoint, err)
	}
	if r.heartbeat = heartbeat; heartbeat != nil {
		r.serving.Go(func() { answerHeartbeats(heartbeat) })
	}
	if encryption != nil {
		listener = tls.NewListener(listener, encryption)
	}
	r.listener = listener
	r.serving.Go(func() {
		if err := r.accept(listener); err != nil {
			componentstatus.ReportStatus(host, componentstatus.NewFatalErrorEvent(err))
		}
	})
	r.log.Info("Listening for Fluent", zap.Stringer("endpoint", listener.Addr()), zap.Bool("tls", encryption != nil))
	return nil
}

func (r *fluentReceiver) listen(ctx context.Context) (net.Listener, net.PacketConn, error) {
	var config net.ListenConfig
	if path := r.cfg.socket(); path != "" {
		listener, err := config.Listen(ctx, "unix", path)
		return listener, nil, err
	}
	listener, err := config.Listen(ctx, "tcp", r.cfg.Endpoint)
	if err != nil {
		return nil, nil, err
	}
	// The same port, also where the configured one is 0.
	heartbeat, err := config.ListenPacket(ctx, "udp", listener.Addr().String())
	if err != nil {
		_ = listener.Close()
		return nil, nil, err
	}
	return listener, heartbeat, nil
}

// answerHeartbeats sends a byte back, by which old Fluentds see that the collector runs.
func answerHeartbeats(conn net.PacketConn) {
	for {
		b := make([]byte, 1)
		_, from, err := conn.ReadFrom(b)
		if errors.Is(err, net.ErrClosed) {
			return
		}
		if err == nil {
			_, _ = conn.WriteTo(b, from)
		}
	}
}

// accept serves connections until the shutdown.
func (r *fluentReceiver) accept(listener net.Listener) error {
	for {
		c, err := listener.Accept()
		switch {
		case err == nil:
			r.open(c)
		case r.isStopping():
			return nil
		case errors.Is(err, net.ErrClosed):
			return err
		default:
			select {
			case <-time.After(acceptPause):
			case <-r.ctx.Done():
			}
		}
	}
}

func (r *fluentReceiver) isStopping() bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	return r.stopping
}

// open starts serving a connection unless there are too many.
func (r *fluentReceiver) open(raw net.Conn) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stopping || len(r.conns) >= r.cfg.MaxConnections { // closed at once, so that the client goes to another host
		_ = raw.Close()
		if !r.stopping {
			r.ended(raw.RemoteAddr(), errTooMany)
		}
		return
	}
	r.conns[raw] = struct{}{}
	r.telemetry.ReceiverFluentForwardOpenConnections.Add(r.ctx, 1)
	r.serving.Go(func() {
		err := (&conn{Conn: raw, receiver: r}).serve()
		_ = raw.Close()
		r.mu.Lock()
		delete(r.conns, raw)
		r.mu.Unlock()
		r.telemetry.ReceiverFluentForwardOpenConnections.Add(context.Background(), -1)
		r.ended(raw.RemoteAddr(), err)
	})
}

// Shutdown lets what the pipeline has be acknowledged and closes all connections; clients that want acknowledgements send the rest again.
func (r *fluentReceiver) Shutdown(ctx context.Context) error {
	r.mu.Lock()
	if r.stopping {
		r.mu.Unlock()
		return nil
	}
	r.stopping = true
	var err error
	if r.listener != nil {
		err = r.listener.Close()
	}
	if r.heartbeat != nil {
		err = errors.Join(err, r.heartbeat.Close())
	}
	for c := range r.conns {
		_ = c.SetReadDeadline(time.Unix(1, 0)) // wakes up readers only
	}
	r.mu.Unlock()
	stop := context.AfterFunc(ctx, r.cancel)
	r.serving.Wait()
	stop()
	r.cancel()
	r.telemetry.Shutdown()
	return errors.Join(err, ctx.Err())
}
