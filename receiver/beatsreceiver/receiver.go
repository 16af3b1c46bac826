package beatsreceiver

import (
	"context"
	"crypto/tls"
	"errors"
	"fmt"
	"net"
	"sync"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/collector/receiver/receiverhelper"
	"go.opentelemetry.io/otel/metric"
	"go.uber.org/zap"

	"github.com/otel-culprit/culprit/internal/lumberjack"
	"github.com/otel-culprit/culprit/receiver/beatsreceiver/internal/metadata"
)

// beatsReceiver is a Lumberjack server in front of a pipeline.
type beatsReceiver struct {
	cfg       *Config
	log       *zap.Logger
	telemetry *metadata.TelemetryBuilder
	obs       *receiverhelper.ObsReport
	next      consumer.Logs
	memory    *lumberjack.Memory

	mu      sync.Mutex // protects the ones below
	stopped bool
	server  *lumberjack.Server // nil until it is started
	address net.Addr           // where it listens
	serving sync.WaitGroup
}

func newReceiver(cfg *Config, set receiver.Settings, next consumer.Logs) (*beatsReceiver, error) {
	transport := "tcp"
	if cfg.TLS.HasValue() {
		transport = "tls"
	}
	obs, err := receiverhelper.NewObsReport(receiverhelper.ObsReportSettings{
		ReceiverID: set.ID, Transport: transport, ReceiverCreateSettings: set,
	})
	if err != nil {
		return nil, err
	}
	telemetry, err := metadata.NewTelemetryBuilder(set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	return &beatsReceiver{
		cfg: cfg, log: set.Logger, telemetry: telemetry, obs: obs, next: next,
		memory: lumberjack.NewMemory(int64(cfg.Memory)),
	}, nil
}

// Start listens.
func (r *beatsReceiver) Start(ctx context.Context, host component.Host) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.server != nil || r.stopped {
		return nil
	}
	if err := r.telemetry.RegisterReceiverBeatsMemoryCallback(func(_ context.Context, o metric.Int64Observer) error {
		o.Observe(r.memory.Used())
		return nil
	}); err != nil {
		return err
	}
	var encryption *tls.Config
	if r.cfg.TLS.HasValue() {
		var err error
		if encryption, err = r.cfg.TLS.Get().LoadTLSConfig(ctx); err != nil {
			return fmt.Errorf("load 'tls': %w", err)
		}
	}
	listener, err := r.cfg.TCP.Listen(ctx)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", r.cfg.TCP.Endpoint, err)
	}
	r.address = listener.Addr()
	if encryption != nil {
		listener = tls.NewListener(listener, encryption)
	}
	server := lumberjack.NewServer(lumberjack.Options{
		Limits:         lumberjack.Limits{EventBytes: int64(r.cfg.MaxEventSize), WindowBytes: int64(r.cfg.MaxWindowSize)},
		Memory:         r.memory,
		MaxConnections: r.cfg.MaxConnections,
		KeepAlive:      r.cfg.KeepAlive,
		IdleTimeout:    r.cfg.IdleTimeout,
		ReadTimeout:    r.cfg.ReadTimeout,
		Handle:         r.handle,
		Opened:         r.opened,
		Closed:         r.closed,
		Refused:        r.tooMany,
	})
	r.server = server
	r.serving.Go(func() {
		if err := server.Serve(listener); !errors.Is(err, lumberjack.ErrStopping) {
			componentstatus.ReportStatus(host, componentstatus.NewFatalErrorEvent(err))
		}
	})
	r.log.Info("Listening for Beats", zap.Stringer("endpoint", r.address), zap.Bool("tls", encryption != nil))
	return nil
}

// Shutdown acknowledges what the pipeline has taken and closes all connections; clients send the rest again.
func (r *beatsReceiver) Shutdown(ctx context.Context) error {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.stopped {
		return nil
	}
	r.stopped = true
	var err error
	if r.server != nil {
		err = r.server.Shutdown(ctx)
		r.serving.Wait()
	}
	r.telemetry.Shutdown()
	return err
}
