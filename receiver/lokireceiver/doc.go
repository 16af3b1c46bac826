//go:generate go tool -modfile=../../tools/go.mod mdatagen metadata.yaml

// Package lokireceiver is upstream's loki under the same name and with the same configuration, with a bound for what a push becomes
// when it is decompressed: upstream's server bounds what comes in, and then makes up to 2 GiB of it.
package lokireceiver
