package otlpreceiver

import (
	"context"
	"fmt"
	"mime"
	"net/http"
	"slices"
	"strings"
	"time"

	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configmiddleware"
	"go.opentelemetry.io/collector/extension/extensionmiddleware"
	"google.golang.org/grpc"
	"google.golang.org/grpc/encoding"

	// The codec named proto must be the one that knows pdata before it is looked up.
	_ "go.opentelemetry.io/collector/pdata/plog/plogotlp"

	"github.com/otel-culprit/culprit/internal/nesting"
	"github.com/otel-culprit/culprit/receiver/internal/addon"
)

// guardID is the name under which upstream's servers find the guard among the extensions: theirs is the only way in.
var guardID = component.MustNewIDWithName("nesting_guard", "built_in")

// bodyTime is how long a request may take to come in when the configuration says nothing: without one, clients that stall hold
// their connections for ever. SDKs give up after ten seconds.
const bodyTime = time.Minute

// guarded puts the guard into both servers, as the last middleware: after authentication, decompression and the bound
// of a request's size. The configuration stays the same object: upstream shares a receiver between signals by it.
func guarded(cfg *Config) *guard {
	g := &guard{messages: map[string]nesting.Message{"/v1development/profiles": nesting.Profiles}}
	this := configmiddleware.Config{ID: guardID}
	if cfg.Protocols.GRPC.HasValue() {
		if c := cfg.Protocols.GRPC.Get(); !slices.Contains(c.Middlewares, this) {
			c.Middlewares = append(slices.Clone(c.Middlewares), this)
		}
	}
	if cfg.Protocols.HTTP.HasValue() {
		c := cfg.Protocols.HTTP.Get()
		if !slices.Contains(c.ServerConfig.Middlewares, this) {
			c.ServerConfig.Middlewares = append(slices.Clone(c.ServerConfig.Middlewares), this)
		}
		if c.ServerConfig.ReadTimeout == 0 {
			c.ServerConfig.ReadTimeout = bodyTime
		}
		g.messages[string(c.LogsURLPath)] = nesting.Logs
		g.messages[string(c.TracesURLPath)] = nesting.Traces
		g.messages[string(c.MetricsURLPath)] = nesting.Metrics
	}
	return g
}

// withGuard is upstream's receiver, which finds the guard at its host.
func withGuard(r component.Component, g *guard) *addon.Receiver {
	return &addon.Receiver{Component: r, Extensions: map[component.ID]component.Component{guardID: g}}
}

// guard refuses requests whose values lie too deep in each other, before they are decoded.
type guard struct {
	component.StartFunc
	component.ShutdownFunc
	messages map[string]nesting.Message // by path
}

var (
	_ extensionmiddleware.HTTPServer = (*guard)(nil)
	_ extensionmiddleware.GRPCServer = (*guard)(nil)
)

// GetHTTPHandler implements [extensionmiddleware.HTTPServer]: the check reads along with the receiver, which answers 400 with
// what the check says.
func (g *guard) GetHTTPHandler(context.Context) (extensionmiddleware.WrapHTTPHandlerFunc, error) {
	return func(_ context.Context, next http.Handler) (http.Handler, error) {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if check := g.check(r); check != nil {
				r.Body = nesting.Reader(r.Body, check)
			}
			next.ServeHTTP(w, r)
		}), nil
	}, nil
}

// check is nil for what the receiver refuses without reading it: other types.
func (g *guard) check(r *http.Request) nesting.Check {
	kind, _, err := mime.ParseMediaType(r.Header.Get("Content-Type"))
	switch {
	case err != nil:
		return nil
	case kind == "application/json":
		return nesting.JSON()
	default:
		if message, ok := g.messages[r.URL.Path]; ok {
			return nesting.Protobuf(message)
		}
		return unknown(r.URL.Path)
	}
}

// unknown refuses what no check is known for: where upstream reads it all the same, nothing is decoded unchecked.
type unknown string

// Next implements [nesting.Check].
func (u unknown) Next([]byte) error {
	return fmt.Errorf("no check of nesting is known for %q", string(u))
}

// GetGRPCServerOptions implements [extensionmiddleware.GRPCServer].
func (g *guard) GetGRPCServerOptions(context.Context) ([]grpc.ServerOption, error) {
	return []grpc.ServerOption{grpc.ForceServerCodecV2(codec{encoding.GetCodecV2("proto")})}, nil
}

// messageOf tells what a request of gRPC holds by the name of its type, which is upstream's own and not public.
func messageOf(name string) (nesting.Message, bool) {
	_, name, _ = strings.Cut(name, ".")
	switch name {
	case "ExportLogsServiceRequest":
		return nesting.Logs, true
	case "ExportTraceServiceRequest":
		return nesting.Traces, true
	case "ExportMetricsServiceRequest":
		return nesting.Metrics, true
	case "ExportProfilesServiceRequest":
		return nesting.Profiles, true
	default:
		return 0, false
	}
}
