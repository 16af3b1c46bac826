package sentryreceiver

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/collector/receiver/receiverhelper"
	"go.opentelemetry.io/otel/metric"
	"go.uber.org/zap"

	"github.com/otel-culprit/culprit/receiver/sentryreceiver/internal/metadata"
)

// sentryReceiver is the server that the components of all signals share.
type sentryReceiver struct {
	cfg       *Config
	set       receiver.Settings
	log       *zap.Logger
	telemetry *metadata.TelemetryBuilder
	obs       *receiverhelper.ObsReport
	keys      map[string]bool // nil = any
	memory    budget
	spool     *spool
	forget    func() // takes the receiver out of the factory's map

	// Set by the factory before Start; nil where no pipeline has the signal.
	logs    consumer.Logs
	traces  consumer.Traces
	metrics consumer.Metrics

	mu      sync.Mutex // protects the three below
	started bool
	stopped bool
	server  *http.Server
	serving sync.WaitGroup
	address net.Addr // where it listens
}

func newReceiver(cfg *Config, set receiver.Settings, forget func()) (*sentryReceiver, error) {
	obs, err := receiverhelper.NewObsReport(receiverhelper.ObsReportSettings{
		ReceiverID: set.ID, Transport: "http", ReceiverCreateSettings: set,
	})
	if err != nil {
		return nil, err
	}
	telemetry, err := metadata.NewTelemetryBuilder(set.TelemetrySettings)
	if err != nil {
		return nil, err
	}
	s := &sentryReceiver{cfg: cfg, set: set, log: set.Logger, telemetry: telemetry, obs: obs, forget: forget}
	s.memory.limit = int64(cfg.Spool)
	s.spool = newSpool(s, &s.memory)
	if len(cfg.Keys) > 0 {
		s.keys = make(map[string]bool, len(cfg.Keys))
		for _, k := range cfg.Keys {
			s.keys[string(k)] = true
		}
	}
	return s, nil
}

// handle is the component of one signal.
type handle struct{ *sentryReceiver }

// Start starts the server with the first of the components.
func (h *handle) Start(ctx context.Context, host component.Host) error {
	s := h.sentryReceiver
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.started || s.stopped {
		return nil
	}
	if err := s.telemetry.RegisterReceiverSentrySpoolSizeCallback(func(_ context.Context, o metric.Int64Observer) error {
		o.Observe(s.memory.used.Load())
		return nil
	}); err != nil {
		return err
	}
	options := []confighttp.ToServerOption{confighttp.WithErrorHandler(writeHTTPError)}
	for name, decoder := range decoders(s.cfg.HTTP.CompressionAlgorithms) {
		options = append(options, confighttp.WithDecoder(name, decoder))
	}
	server, err := s.cfg.HTTP.ToServer(ctx, host.GetExtensions(), s.set.TelemetrySettings, http.HandlerFunc(s.serve), options...)
	if err != nil {
		return err
	}
	listener, err := s.cfg.HTTP.ToListener(ctx)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", s.cfg.HTTP.NetAddr.Endpoint, err)
	}
	store, err := s.openStore(ctx, host)
	if err == nil {
		err = s.spool.start(ctx, store)
	}
	if err != nil {
		return errors.Join(err, store.close(ctx), listener.Close())
	}
	s.started, s.server, s.address = true, server, listener.Addr()
	s.serving.Go(func() {
		if err := server.Serve(listener); err != nil && !errors.Is(err, http.ErrServerClosed) {
			componentstatus.ReportStatus(host, componentstatus.NewFatalErrorEvent(err))
		}
	})
	return nil
}

// Shutdown stops the server with the first of the components and delivers what is in the spool.
func (h *handle) Shutdown(ctx context.Context) error {
	s := h.sentryReceiver
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.stopped {
		return nil
	}
	s.stopped = true
	s.forget()
	if !s.started {
		s.telemetry.Shutdown()
		return nil
	}
	err := s.server.Shutdown(ctx)
	if err != nil { // the deadline has passed: let go of clients that do not
		err = errors.Join(err, s.server.Close())
	}
	s.serving.Wait()
	err = errors.Join(err, s.spool.stop(ctx))
	s.telemetry.Shutdown()
	return err
}
