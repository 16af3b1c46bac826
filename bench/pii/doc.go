// Package pii compares processor pii_redaction with the redaction processor of
// opentelemetry-collector-contrib: the same ten types of data, the same batches, one run.
package pii
