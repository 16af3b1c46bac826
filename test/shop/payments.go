package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"net/url"
	"runtime/debug"
	"time"

	"go.opentelemetry.io/otel/attribute"
	"go.opentelemetry.io/otel/codes"
	"go.opentelemetry.io/otel/trace"
)

var errDeclined = errors.New("issuer declined")

// ledger maps orders to amounts; an unknown order has none.
type ledger struct{ amounts map[string]int }

func runPayments() error {
	mux := http.NewServeMux()
	mux.HandleFunc("POST /charge", func(w http.ResponseWriter, r *http.Request) {
		form, _ := io.ReadAll(r.Body)
		values, _ := url.ParseQuery(string(form))
		if err := charge(r.Context(), values.Get("card"), values.Get("fail") != ""); err != nil {
			span := trace.SpanFromContext(r.Context())
			span.RecordError(err, trace.WithStackTrace(true))
			span.SetStatus(codes.Error, "charge failed")
			http.Error(w, "charge failed", http.StatusInternalServerError)
			return
		}
		fmt.Fprintln(w, "charged")
	})
	mux.Handle("POST /refund/{order}", recovered(func(w http.ResponseWriter, r *http.Request) {
		refund(nil, r.PathValue("order"))
	}))
	mux.HandleFunc("POST /audit", func(w http.ResponseWriter, r *http.Request) {
		id := requestID(r.Context())
		// The audit runs after the answer, in a goroutine of its own: it has lost the trace, and knows the request ID only.
		go audit(id)
		fmt.Fprintln(w, "queued")
	})
	return serve("payments", mux)
}

func charge(ctx context.Context, card string, fail bool) error {
	slog.InfoContext(ctx, "charging card", "amount", 42)
	if fail {
		return fmt.Errorf("charge %s: %w", card, errDeclined)
	}
	return nil
}

func refund(l *ledger, order string) int { return l.amounts[order] }

func audit(requestID string) {
	time.Sleep(20 * time.Millisecond)
	slog.ErrorContext(context.Background(), "audit trail is incomplete", "request_id", requestID)
}

// recovered turns a panic into a 500 and records it with the stack of the crash.
func recovered(next http.HandlerFunc) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		defer func() {
			p := recover()
			if p == nil {
				return
			}
			span := trace.SpanFromContext(r.Context())
			span.AddEvent("exception", trace.WithAttributes(
				attribute.String("exception.type", fmt.Sprintf("%T", p)),
				attribute.String("exception.message", fmt.Sprint(p)),
				attribute.String("exception.stacktrace", string(debug.Stack())),
			))
			span.SetStatus(codes.Error, "panic")
			http.Error(w, "internal error", http.StatusInternalServerError)
		}()
		next(w, r)
	})
}
