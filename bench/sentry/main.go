// Sentry measures what an envelope of ten KiB costs the built collector: receiver sentry and exporter nop, nothing
// between them. Events of several SDKs come over connections that are kept, plain and compressed, in turns; the CPU
// time of the collector's process, system calls and garbage collection included, is divided by the envelopes.
//
//	go run ./sentry -collector ../bin/otelcol-culprit
package main

import (
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

func main() {
	collector := flag.String("collector", "../bin/otelcol-culprit", "the collector's binary")
	events := flag.String("events", "../receiver/sentryreceiver/testdata/events", "folder with envelopes")
	envelopes := flag.Int("envelopes", 4000, "of each kind in a round")
	rounds := flag.Int("rounds", 5, "rounds; medians over them are told")
	connections := flag.Int("connections", 8, "that are open at a time")
	profile := flag.String("profile", "", "file for a CPU profile of the collector")
	flag.Parse()
	if err := run(*collector, *events, *profile, *envelopes, *rounds, *connections); err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

// kind is a request that is sent again and again.
type kind struct {
	name  string
	bytes int // of the envelope
	wire  []byte
	costs []float64 // microseconds of CPU an envelope, of each round
}

func run(collector, events, profile string, envelopes, rounds, connections int) error {
	kinds, err := readKinds(events)
	if err != nil {
		return err
	}
	c, err := start(collector, profile != "")
	if err != nil {
		return err
	}
	defer c.stop()
	for round := range rounds + 1 {
		for i := range kinds {
			k := &kinds[i]
			before, err := c.cpu()
			if err != nil {
				return err
			}
			if err := send(c.address, k.wire, envelopes, connections); err != nil {
				return fmt.Errorf("%s: %w", k.name, err)
			}
			after, err := c.cpu()
			if err != nil {
				return err
			}
			if round > 0 { // the first one warms up
				k.costs = append(k.costs, float64((after-before).Microseconds())/float64(envelopes))
			}
		}
		if profile != "" && round == 0 {
			go c.profile(profile)
		}
	}
	fmt.Println("| events of | bytes | sent | CPU us/envelope, median | best |\n|---|---:|---:|---:|---:|")
	for _, k := range kinds {
		slices.Sort(k.costs)
		fmt.Printf("| %s | %d | %d | %.0f | %.0f |\n", k.name, k.bytes, len(k.wire), k.costs[len(k.costs)/2], k.costs[0])
	}
	return nil
}

// readKinds makes a plain and a compressed request of each envelope of a folder.
func readKinds(folder string) ([]kind, error) {
	files, err := filepath.Glob(filepath.Join(folder, "*.envelope"))
	if err != nil {
		return nil, err
	}
	if len(files) == 0 {
		return nil, fmt.Errorf("no envelopes in %s", folder)
	}
	var kinds []kind
	for _, file := range files {
		body, err := os.ReadFile(file)
		if err != nil {
			return nil, err
		}
		name := strings.TrimSuffix(filepath.Base(file), ".envelope")
		kinds = append(kinds, kind{name: name, bytes: len(body), wire: request(body, false)})
		kinds = append(kinds, kind{name: name + ", gzip", bytes: len(body), wire: request(body, true)})
	}
	return kinds, nil
}
