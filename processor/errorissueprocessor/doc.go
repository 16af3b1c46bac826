//go:generate go tool -modfile=../../tools/go.mod mdatagen metadata.yaml

// Package errorissueprocessor recognises errors in logs and traces and stamps them with the issue
// that they belong to.
package errorissueprocessor
