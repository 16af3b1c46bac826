// Command sdk reports a few errors with the real Go SDK of Sentry to the DSN in its first argument.
package main

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
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
	hub.CaptureException(charge())
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
