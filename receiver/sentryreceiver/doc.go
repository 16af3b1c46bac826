//go:generate go tool -modfile=../../tools/go.mod mdatagen metadata.yaml

// Package sentryreceiver accepts what unmodified Sentry SDKs send and turns it into log records,
// spans and metrics.
package sentryreceiver
