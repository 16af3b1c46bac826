//go:generate go tool -modfile=../../tools/go.mod mdatagen metadata.yaml

// Package kafkareceiver is upstream's kafka under the same name and with the same configuration, with the bound that the receiver
// otlp has for values that lie in each other: upstream's decoders overflow the stack on 16 MiB of them, which ends the process.
package kafkareceiver
