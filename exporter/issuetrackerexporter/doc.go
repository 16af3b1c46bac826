//go:generate go tool -modfile=../../tools/go.mod mdatagen metadata.yaml

// Package issuetrackerexporter makes tickets, alerts and messages out of issue events: one issue is one
// ticket, which is opened, updated, resolved and reopened with it.
package issuetrackerexporter
