//go:generate go tool -modfile=../../tools/go.mod mdatagen metadata.yaml

// Package sentryissueexporter sends issue events to Sentry, or a server that speaks its protocol, as
// error events.
package sentryissueexporter
