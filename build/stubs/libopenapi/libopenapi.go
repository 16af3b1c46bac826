// Package libopenapi stands in for a library that reads and writes OpenAPI documents; see build/stubs/README.md.
package libopenapi
