//go:generate go tool -modfile=../../tools/go.mod mdatagen metadata.yaml

// Package issuesconnector turns the errors that error_issue has stamped into a stream of issue
// events and into metrics.
package issuesconnector
