// Package errors stands in for a library that only tests of the Prometheus API use; see build/stubs/README.md.
package errors
