// Pipeline measures what a record costs on its way through a collector: otlp -> otlp with nothing, with
// each of Culprit's processors, with all three, and with what one would configure without them (redaction
// and transform of opentelemetry-collector-contrib).
//
// Every variant is a collector in a process of its own, the same binary with another configuration. All
// of them run side by side and take turns in small steps: the same batches go through each of them, and
// the CPU time of its process (system calls and garbage collection included) is divided by the records. What
// is told are medians over rounds of many steps, with their quartiles, so that what else happens on the machine
// falls on all alike.
//
//	go run ./pipeline              # the table, for bench/README.md
//	go run ./pipeline -growth all  # services, issues and sizes of records: the plots in bench/
//	go run ./pipeline -tables      # memory of the side-tables per entry
//	go run ./pipeline -loki ../.cache/backends  # exporter loki and otlp_http to the same Loki
package main
