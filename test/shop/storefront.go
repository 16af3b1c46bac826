package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"os"
	"strings"
	"time"

	"go.opentelemetry.io/contrib/instrumentation/net/http/otelhttp"
)

// storefront is what customers talk to. It calls the other three services.
type storefront struct {
	client                      *http.Client
	accounts, catalog, payments string
}

func runStorefront() error {
	s := &storefront{
		client:   &http.Client{Transport: otelhttp.NewTransport(http.DefaultTransport)},
		accounts: os.Getenv("ACCOUNTS_URL"), catalog: os.Getenv("CATALOG_URL"), payments: os.Getenv("PAYMENTS_URL"),
	}
	mux := http.NewServeMux()
	route := func(pattern string, next func(ctx context.Context, r *http.Request) error) {
		mux.HandleFunc(pattern, func(w http.ResponseWriter, r *http.Request) {
			if err := next(r.Context(), r); err != nil {
				http.Error(w, "sorry", http.StatusBadGateway)
				return
			}
			fmt.Fprintln(w, "ok")
		})
	}
	route("GET /account/{id}", func(ctx context.Context, r *http.Request) error {
		return s.call(ctx, http.MethodGet, s.accounts+"/accounts/"+url.PathEscape(r.PathValue("id")), nil)
	})
	route("GET /profile/{id}", func(ctx context.Context, r *http.Request) error {
		return s.call(ctx, http.MethodGet, s.accounts+"/accounts/"+url.PathEscape(r.PathValue("id"))+"/profile", nil)
	})
	route("GET /statement/{id}", func(ctx context.Context, r *http.Request) error {
		return s.call(ctx, http.MethodGet, s.accounts+"/accounts/"+url.PathEscape(r.PathValue("id"))+"/statement", nil)
	})
	route("GET /price/{item}", func(ctx context.Context, r *http.Request) error {
		return s.call(ctx, http.MethodGet, s.catalog+"/price/"+url.PathEscape(r.PathValue("item")), nil)
	})
	route("POST /reminder", func(ctx context.Context, r *http.Request) error {
		return s.call(ctx, http.MethodPost, s.catalog+"/reminder?to="+url.QueryEscape(r.URL.Query().Get("to")), nil)
	})
	route("GET /stock/{item}", func(ctx context.Context, r *http.Request) error {
		ctx, cancel := context.WithTimeout(ctx, 150*time.Millisecond)
		defer cancel()
		return s.call(ctx, http.MethodGet, s.catalog+"/stock/"+url.PathEscape(r.PathValue("item")), nil)
	})
	route("POST /charge", func(ctx context.Context, r *http.Request) error {
		return s.call(ctx, http.MethodPost, s.payments+"/charge", strings.NewReader(r.URL.Query().Encode()))
	})
	route("POST /refund/{order}", func(ctx context.Context, r *http.Request) error {
		return s.call(ctx, http.MethodPost, s.payments+"/refund/"+url.PathEscape(r.PathValue("order")), nil)
	})
	route("POST /audit", func(ctx context.Context, _ *http.Request) error {
		return s.call(ctx, http.MethodPost, s.payments+"/audit", nil)
	})
	// A cart that cannot be shown: HTTP 500, and nobody recorded why.
	mux.HandleFunc("GET /cart/{id}", func(w http.ResponseWriter, _ *http.Request) {
		http.Error(w, "cart is not available", http.StatusInternalServerError)
	})
	return serve("storefront", mux)
}

// call passes the trace on as traceparent (by the instrumented client) and, for the services that only know
// X-Trace-ID and X-Request-ID, in those.
func (s *storefront) call(ctx context.Context, method, target string, body io.Reader) error {
	req, err := http.NewRequestWithContext(ctx, method, target, body)
	if err != nil {
		return err
	}
	req.Header.Set("X-Trace-Id", traceUUID(ctx))
	req.Header.Set("X-Request-Id", requestID(ctx))
	resp, err := s.client.Do(req)
	if err != nil {
		if errors.Is(err, context.DeadlineExceeded) {
			slog.WarnContext(ctx, "gave up waiting for the catalog")
		}
		return fmt.Errorf("call %s: %w", req.URL.Host, err)
	}
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, resp.Body)
	if resp.StatusCode >= 500 {
		return fmt.Errorf("call %s: %s", req.URL.Host, resp.Status)
	}
	return nil
}
