// Command shop is the demo shop: two of its four services, the load, and the runner that starts all of it.
//
//	shop run -collector bin/otelcol-culprit -config configs/local.yaml   what `make demo` does
//	shop run -otlp http://127.0.0.1:4318 -requests 20 -report out.json   what the end-to-end tests do
//	shop storefront | shop payments                                      the services themselves
package main

import (
	"fmt"
	"os"
)

func main() {
	commands := map[string]func() error{"run": run, "storefront": runStorefront, "payments": runPayments}
	if len(os.Args) < 2 || commands[os.Args[1]] == nil {
		fmt.Fprintln(os.Stderr, "usage: shop run|storefront|payments")
		os.Exit(2)
	}
	if err := commands[os.Args[1]](); err != nil {
		fmt.Fprintf(os.Stderr, "shop %s: %v\n", os.Args[1], err)
		os.Exit(1)
	}
}
