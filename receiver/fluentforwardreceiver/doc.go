//go:generate go tool -modfile=../../tools/go.mod mdatagen metadata.yaml

// Package fluentforwardreceiver accepts records of Fluent Bit, Fluentd and its loggers over the forward protocol. It has the name and the key
// of upstream's, which a message of eight bytes ends: a list that promises four billion entries.
package fluentforwardreceiver
