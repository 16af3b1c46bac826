package sentryreceiver

import (
	"context"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/confighttp"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/consumer"
	"go.opentelemetry.io/collector/receiver"

	"github.com/otel-culprit/culprit/receiver/sentryreceiver/internal/metadata"
)

const defaultBodySize = 20 << 20

// receivers holds one receiver for each configuration: the collector creates one component for each
// signal, and all of them share one server.
type receivers struct {
	mu       sync.Mutex
	byConfig map[*Config]*sentryReceiver
}

// NewFactory returns the factory of the receiver sentry.
func NewFactory() receiver.Factory {
	r := &receivers{byConfig: map[*Config]*sentryReceiver{}}
	return receiver.NewFactory(
		metadata.Type,
		createDefaultConfig,
		receiver.WithLogs(r.createLogs, metadata.LogsStability),
		receiver.WithTraces(r.createTraces, metadata.TracesStability),
		receiver.WithMetrics(r.createMetrics, metadata.MetricsStability),
	)
}

func createDefaultConfig() component.Config {
	server := confighttp.NewDefaultServerConfig()
	server.NetAddr.Endpoint = "localhost:9000"
	server.MaxRequestBodySize = defaultBodySize
	server.ReadTimeout = time.Minute // a client that stalls must not hold memory of the spool for ever
	// Browsers let an SDK read the answer, and the rate limits in it, only when the server allows it.
	// The body can be sent without asking, so this opens nothing that was closed.
	server.CORS = configoptional.Some(confighttp.CORSConfig{
		AllowedOrigins: []string{"*"},
		AllowedHeaders: []string{"Content-Type", "Content-Encoding", "X-Sentry-Auth", "X-Requested-With", "Authorization", "Sentry-Trace", "Baggage", "Traceparent"},
		ExposedHeaders: []string{"X-Sentry-Error", "X-Sentry-Rate-Limits", "Retry-After"},
		MaxAge:         3600,
	})
	return &Config{
		HTTP:          server,
		Spool:         64 << 20,
		Attachments:   DropAttachments,
		MaxAttachment: 64 << 10,
	}
}

// shared returns the receiver of a configuration. forget is called when the last component of it is
// shut down.
func (r *receivers) shared(set receiver.Settings, cfg component.Config) (*sentryReceiver, error) {
	r.mu.Lock()
	defer r.mu.Unlock()
	c := cfg.(*Config)
	if s := r.byConfig[c]; s != nil {
		return s, nil
	}
	s, err := newReceiver(c, set, func() {
		r.mu.Lock()
		defer r.mu.Unlock()
		delete(r.byConfig, c)
	})
	if err != nil {
		return nil, err
	}
	r.byConfig[c] = s
	return s, nil
}

func (r *receivers) createLogs(_ context.Context, set receiver.Settings, cfg component.Config, next consumer.Logs) (receiver.Logs, error) {
	s, err := r.shared(set, cfg)
	if err != nil {
		return nil, err
	}
	s.logs = next
	return &handle{sentryReceiver: s}, nil
}

func (r *receivers) createTraces(_ context.Context, set receiver.Settings, cfg component.Config, next consumer.Traces) (receiver.Traces, error) {
	s, err := r.shared(set, cfg)
	if err != nil {
		return nil, err
	}
	s.traces = next
	return &handle{sentryReceiver: s}, nil
}

func (r *receivers) createMetrics(_ context.Context, set receiver.Settings, cfg component.Config, next consumer.Metrics) (receiver.Metrics, error) {
	s, err := r.shared(set, cfg)
	if err != nil {
		return nil, err
	}
	s.metrics = next
	return &handle{sentryReceiver: s}, nil
}
