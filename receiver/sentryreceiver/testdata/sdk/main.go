// Command sdk reports a few errors with the real Go SDK of Sentry to the DSN in its first argument. It prints what
// OpenTelemetry's SDK records of the first of them, as JSON.
package main

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"os"
	"runtime/debug"
	"time"

	"github.com/getsentry/sentry-go"
	"github.com/getsentry/sentry-go/attribute"
)

type declinedError struct{ cause error }

func (e *declinedError) Error() string { return "card declined: " + e.cause.Error() }
func (e *declinedError) Unwrap() error { return e.cause }

func charge() error {
	return &declinedError{cause: fmt.Errorf("query users: %w", errors.New("connection refused"))}
}

// report reports an error twice: to Sentry, and as span.RecordError writes it with its option WithStackTrace.
func report(hub *sentry.Hub, err error) {
	hub.CaptureException(err)
	record := map[string]string{"type": fmt.Sprintf("%T", err), "message": err.Error(), "stacktrace": string(debug.Stack())}
	if err := json.NewEncoder(os.Stdout).Encode(record); err != nil {
		log.Fatal(err)
	}
}

func main() {
	if err := sentry.Init(sentry.ClientOptions{
		Dsn: os.Args[1], Release: "billing@2.0.1", Environment: "production", ServerName: "go-1",
		EnableTracing: true, TracesSampleRate: 1, AttachStacktrace: true,
	}); err != nil {
		log.Fatal(err)
	}
	ctx := context.Background()
	hub := sentry.CurrentHub()
	hub.Scope().SetUser(sentry.User{ID: "u-77", Email: "ana.lima@example.com", IPAddress: "203.0.113.9"})
	hub.Scope().SetTag("team", "billing")
	hub.AddBreadcrumb(&sentry.Breadcrumb{Category: "auth", Message: "user logged in", Level: sentry.LevelInfo}, nil)

	tx := sentry.StartTransaction(ctx, "GET /orders", sentry.WithOpName("http.server"))
	child := tx.StartChild("db.query")
	child.Finish()
	hub.Scope().SetSpan(tx)
	report(hub, charge())
	hub.CaptureMessage("just a message")
	tx.Status = sentry.SpanStatusInternalError
	tx.Finish()
	func() {
		defer sentry.Recover()
		var m map[string]int
		m["x"] = 1
	}()
	logger := sentry.NewLogger(tx.Context())
	logger.SetAttributes(attribute.String("plan", "pro"))
	logger.Error().Emit("import failed")
	if !sentry.Flush(10 * time.Second) {
		log.Fatal("not all was sent")
	}
}
