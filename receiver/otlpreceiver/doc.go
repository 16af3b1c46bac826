//go:generate go tool -modfile=../../tools/go.mod mdatagen metadata.yaml

// Package otlpreceiver is upstream's otlp under the same name and with the same configuration, with a bound for values that lie
// in each other: upstream's decoders overflow the stack on a request of 16 MiB, which ends the process.
package otlpreceiver
