//go:generate go tool -modfile=../../tools/go.mod mdatagen metadata.yaml

// Package filestorageextension is upstream's file_storage under the same name and with the same configuration, made safe
// for what it does not survive: damaged files, a full disk, and a kill while a queue reopens.
package filestorageextension
