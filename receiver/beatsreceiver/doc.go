//go:generate go tool -modfile=../../tools/go.mod mdatagen metadata.yaml

// Package beatsreceiver accepts events of Filebeat, other Beats and Logstash over the Lumberjack
// protocol and turns them into log records.
package beatsreceiver
