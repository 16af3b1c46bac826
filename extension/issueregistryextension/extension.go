package issueregistryextension

import (
	"context"
	"errors"
	"fmt"
	"net"
	"net/http"
	"sync"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/component/componentstatus"
	"go.opentelemetry.io/collector/extension"
	"go.opentelemetry.io/collector/extension/extensioncapabilities"
	"go.uber.org/zap"

	"github.com/otel-culprit/culprit/extension/issueregistryextension/internal/api"
	"github.com/otel-culprit/culprit/extension/issueregistryextension/internal/web"
	"github.com/otel-culprit/culprit/internal/issue"
	"github.com/otel-culprit/culprit/internal/pii"
)

// registry is the extension: the issues' core, and a server in front of it. Processors, connectors and
// exporters find it among the host's extensions as an [issue.Registry].
type registry struct {
	*issue.Core // nil until Start

	set       extension.Settings
	cfg       *Config
	telemetry *telemetry
	server    *http.Server
	serving   sync.WaitGroup
	freeing   sync.WaitGroup
	address   net.Addr
	stop      context.CancelFunc // ends open streams
}

var (
	_ extension.Extension             = (*registry)(nil)
	_ extensioncapabilities.Dependent = (*registry)(nil)
	_ issue.Registry                  = (*registry)(nil)
)

func newRegistry(set extension.Settings, cfg *Config) *registry { return &registry{set: set, cfg: cfg} }

// Dependencies names the auth extension: it must be started first.
func (r *registry) Dependencies() []component.ID {
	if r.cfg.HTTP.HasValue() && r.cfg.HTTP.Get().Auth.HasValue() {
		return []component.ID{r.cfg.HTTP.Get().Auth.Get().Config.AuthenticatorID}
	}
	return nil
}

// Start opens the store, reads what is in it and begins to serve.
func (r *registry) Start(ctx context.Context, host component.Host) (err error) {
	defer func() {
		if err != nil {
			err = errors.Join(err, r.Shutdown(ctx))
		}
	}()
	redact, err := r.redactor()
	if err != nil {
		return err
	}
	store, err := r.cfg.Store.open(ctx, r.set.Logger)
	if err != nil {
		return err
	}
	if r.telemetry, err = newTelemetry(r.set.TelemetrySettings); err != nil {
		return errors.Join(err, store.Close())
	}
	opt := issue.Options{
		Store: store, Logger: r.set.Logger, MaxIssues: r.cfg.MaxIssues, Retention: r.cfg.Retention, Redact: redact, Observe: r.telemetry,
		Rules: issue.Rules{OngoingAfter: r.cfg.States.OngoingAfter, ResolveAfter: r.cfg.States.ResolveAfter},
		Links: issue.Links{Trace: r.cfg.Links.Trace, Logs: r.cfg.Links.Logs, Issue: r.cfg.Links.Issue},
	}
	if r.cfg.States.ResolveAfter == 0 {
		opt.Rules.ResolveAfter = -1
	}
	if r.cfg.Store.Type == storeFile {
		opt.MaxBytes = int64(r.cfg.Store.MaxBytes)
	}
	core := issue.NewCore(opt)
	if err := core.Start(ctx); err != nil {
		return errors.Join(err, store.Close())
	}
	r.Core = core
	if err := r.telemetry.watch(core, store); err != nil {
		return err
	}
	if !r.cfg.HTTP.HasValue() {
		return nil
	}
	return r.serve(ctx, host)
}

// redactor returns the scanner for what is stored and shown; nil = off.
func (r *registry) redactor() (func(text, key string) string, error) {
	if r.cfg.Redact == redactOff {
		return nil, nil
	}
	scanner, err := pii.New(pii.DefaultConfig())
	if err != nil {
		return nil, fmt.Errorf("make the scanner of 'redact: default': %w", err)
	}
	return func(text, key string) string {
		out, _ := scanner.Redact(text, key)
		return out
	}, nil
}

func (r *registry) serve(ctx context.Context, host component.Host) error {
	cfg := r.cfg.HTTP.Get()
	listener, err := cfg.ToListener(ctx)
	if err != nil {
		return fmt.Errorf("listen on 'http::endpoint' %q: %w", cfg.NetAddr.Endpoint, err)
	}
	streams, stop := context.WithCancel(context.Background())
	r.stop = stop
	mux := http.NewServeMux()
	mux.Handle("/api/", api.Handler(streams, r.Core, api.Options{Version: r.set.BuildInfo.Version}))
	mux.Handle("/", web.Handler(r.Core, web.Options{Version: r.set.BuildInfo.Version}))
	server, err := cfg.ToServer(ctx, host.GetExtensions(), r.set.TelemetrySettings, mux)
	if err != nil {
		return errors.Join(fmt.Errorf("make the server of 'http': %w", err), listener.Close())
	}
	// Outermost: also a request that the authenticator refuses is looked at first, so that a foreign page can't
	// even ask for a password.
	server.Handler = newGuard(r.cfg).before(server.Handler)
	r.server, r.address = server, listener.Addr()
	r.serving.Go(func() {
		if err := server.Serve(listener); err != nil && !errors.Is(err, http.ErrServerClosed) {
			componentstatus.ReportStatus(host, componentstatus.NewFatalErrorEvent(err))
		}
	})
	r.set.Logger.Info("The issues are at "+pageURL(r.address, cfg.TLS.HasValue()), zap.String("store", r.cfg.Store.Type))
	return nil
}

func pageURL(a net.Addr, tls bool) string {
	scheme := "http"
	if tls {
		scheme = "https"
	}
	if a.Network() == "unix" {
		return a.String()
	}
	return scheme + "://" + a.String() + "/"
}

// drain is how long open requests may take at shutdown, at most.
const drain = 5 * time.Second

// Shutdown stops serving, writes what is left and closes the store.
func (r *registry) Shutdown(ctx context.Context) error {
	var errs []error
	r.freeing.Wait()
	if r.stop != nil {
		r.stop()
		r.stop = nil
	}
	if r.server != nil {
		c, cancel := context.WithTimeout(ctx, drain)
		if err := r.server.Shutdown(c); err != nil {
			errs = append(errs, r.server.Close())
		}
		cancel()
		r.serving.Wait()
		r.server = nil
	}
	if r.telemetry != nil {
		r.telemetry.shutdown()
	}
	if r.Core != nil {
		errs = append(errs, r.Core.Shutdown(ctx))
	}
	return errors.Join(errs...)
}
