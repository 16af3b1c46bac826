package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
)

func main() {
	if config := os.Getenv(configVariable); config != "" {
		if err := collect(config); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
		return
	}
	rounds := flag.Int("rounds", 9, "rounds; medians over them are told")
	batches := flag.Int("batches", 240, "batches of 512 records that each variant gets in a round")
	growth := flag.String("growth", "", "growth of \"services\", \"issues\" or \"size\", or \"all\", instead of the table: writes plots")
	most := flag.Int("most", 1_000_000, "largest point of a growth")
	loki := flag.String("loki", "", "directory with the binary of Loki: compares exporter loki with otlp_http instead")
	tables := flag.Bool("tables", false, "memory of the side-tables instead of the table")
	out := flag.String("out", ".", "directory for the plots")
	only := flag.String("only", "", "pipelines to compare with nothing, separated by commas, and with the cheapest exporter only")
	profiles := flag.String("profiles", "", "directory for a CPU profile of each variant, or of each point of a growth")
	flag.Parse()
	run := func() error { return table(*only, *rounds, *batches, *profiles) }
	switch {
	case *growth != "":
		run = func() error { return grow(*growth, *rounds, *most, filepath.Clean(*out), *profiles) }
	case *loki != "":
		run = func() error { return compareLoki(*loki, *rounds, *batches) }
	case *tables:
		run = sideTables
	}
	if err := run(); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
