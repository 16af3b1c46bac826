//go:generate go tool -modfile=../../tools/go.mod mdatagen metadata.yaml

// Package issueregistryextension keeps the issues that the pipelines find, with a JSON API and a page.
package issueregistryextension
