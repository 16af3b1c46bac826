package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
	"go.opentelemetry.io/otel/trace"

	"github.com/otel-culprit/culprit/test/shop/internal/telemetry"
)

// version is what the services report as service.version.
func version() string {
	if v := os.Getenv("SHOP_VERSION"); v != "" {
		return v
	}
	return "1.4.0"
}

// serve runs an instrumented service on SHOP_ADDRESS until SIGTERM.
func serve(name string, mux *http.ServeMux) error {
	ctx, cancel := signal.NotifyContext(context.Background(), syscall.SIGTERM, os.Interrupt)
	defer cancel()
	stop, err := telemetry.Start(ctx, name, version())
	if err != nil {
		return err
	}
	mux.HandleFunc("GET /health", func(w http.ResponseWriter, _ *http.Request) { fmt.Fprintln(w, "ok") })
	handler := otelhttp.NewHandler(requestContext(mux), name,
		otelhttp.WithFilter(func(r *http.Request) bool { return r.URL.Path != "/health" }),
		otelhttp.WithSpanNameFormatter(func(_ string, r *http.Request) string {
			if _, pattern := mux.Handler(r); pattern != "" {
				return pattern
			}
			return r.Method
		}))
	server := &http.Server{Addr: os.Getenv("SHOP_ADDRESS"), Handler: handler, ReadHeaderTimeout: 5 * time.Second}
	go func() {
		<-ctx.Done()
		_ = server.Close()
	}()
	if err := server.ListenAndServe(); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	flush, done := context.WithTimeout(context.Background(), 5*time.Second)
	defer done()
	return stop(flush)
}

type requestIDKey struct{}

// requestContext takes the request ID from the caller, or makes one, and logs the request with it:
// this record has both, the trace ID and the request ID.
func requestContext(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.URL.Path == "/health" {
			next.ServeHTTP(w, r)
			return
		}
		id := r.Header.Get("X-Request-Id")
		if id == "" {
			id = newUUID()
		}
		ctx := context.WithValue(r.Context(), requestIDKey{}, id)
		slog.InfoContext(ctx, "request "+r.Method+" "+r.URL.Path, "request_id", id)
		next.ServeHTTP(w, r.WithContext(ctx))
	})
}

func requestID(ctx context.Context) string {
	id, _ := ctx.Value(requestIDKey{}).(string)
	return id
}

// traceUUID is the trace ID in the form of a UUID, as the services that know nothing of OpenTelemetry pass it on in X-Trace-ID.
func traceUUID(ctx context.Context) string {
	t := trace.SpanContextFromContext(ctx).TraceID().String()
	return t[:8] + "-" + t[8:12] + "-" + t[12:16] + "-" + t[16:20] + "-" + t[20:]
}
