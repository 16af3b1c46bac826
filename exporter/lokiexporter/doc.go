//go:generate go tool -modfile=../../tools/go.mod mdatagen metadata.yaml

// Package lokiexporter sends log records to Grafana Loki's push API, with labels that are chosen on
// this side and everything else as structured metadata.
package lokiexporter
