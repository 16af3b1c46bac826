package main

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// lokiRepo is where this module lies in the repository: the test's configuration of Loki is used.
const lokiRepo = ".."

// compareLoki sends the same kind of logs to one real Loki, through exporter loki and through upstream's
// otlp_http, and prints what each costs the collector and how much gets through.
func compareLoki(binaries string, rounds, batches int) error {
	url, stop, err := startLoki(binaries)
	if err != nil {
		return err
	}
	defer stop()
	list := []variant{
		{name: "received and dropped", exporter: "nop: {}"},
		{name: "otlp_http, gzip (its default)", exporter: fmt.Sprintf("otlp_http: {endpoint: %q, sending_queue: {enabled: false}}", url+"/otlp")},
		{name: "otlp_http, no compression", exporter: fmt.Sprintf("otlp_http: {endpoint: %q, compression: none, sending_queue: {enabled: false}}", url+"/otlp")},
		{name: "loki", exporter: fmt.Sprintf("loki: {http: {endpoint: %q}, sending_queue: {enabled: false}}", url+"/loki/api/v1/push")},
	}
	children, err := startAll(list, settings{})
	defer func() {
		for _, c := range children {
			c.stop()
		}
	}()
	if err != nil {
		return err
	}
	for round := range rounds + 1 {
		for i, c := range children {
			l := newLoad(uint64(round*len(children) + i + 1)) // Loki would know the same records again
			sent := make([]batch, batches)
			for k := range sent {
				sent[k] = l.logs()
			}
			got, err := c.measure(sent, 0)
			if err != nil {
				return err
			}
			if round > 0 {
				c.costs = append(c.costs, got)
			}
		}
	}
	nothing, gzip := children[0], children[1]
	fmt.Printf("\n| exporter | CPU ns/record | of the exporter | times otlp_http | records/s that Loki took | allocations/record |\n|---|---:|---:|---:|---:|---:|\n")
	for _, c := range children {
		more := added(c, nothing)
		fmt.Printf("| %s | %.0f | %.0f | %.2f | %.0f | %.1f |\n", c.name, median(c.costs, cpu), more, more/added(gzip, nothing),
			1e9/median(c.costs, func(c cost) float64 { return c.wall }), median(c.costs, func(c cost) float64 { return c.objects }))
	}
	return nil
}

// startLoki starts the Loki of the tests on free ports, with its limits raised: it is to be fast here.
func startLoki(binaries string) (url string, stop func(), err error) {
	dir, err := os.MkdirTemp("", "loki")
	if err != nil {
		return "", nil, err
	}
	stop = func() { _ = os.RemoveAll(dir) }
	var ports [2]string
	for i := range ports {
		address, err := freeAddress()
		if err != nil {
			return "", stop, err
		}
		ports[i] = strings.TrimPrefix(address, "127.0.0.1:")
	}
	config, err := filepath.Abs(filepath.Join(lokiRepo, "test", "backends", "loki", "loki.yaml"))
	if err != nil {
		return "", stop, err
	}
	binary, err := filepath.Abs(filepath.Join(binaries, "loki"))
	if err != nil {
		return "", stop, err
	}
	cmd := exec.Command(binary, "-config.file="+config, "-config.expand-env=true",
		"-distributor.ingestion-rate-limit-mb=10000", "-distributor.ingestion-burst-size-mb=10000",
		"-ingester.per-stream-rate-limit=10GB", "-ingester.per-stream-rate-limit-burst=10GB")
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "LOKI_HTTP_PORT="+ports[0], "LOKI_GRPC_PORT="+ports[1])
	cmd.Stderr = os.Stderr
	if err := cmd.Start(); err != nil {
		return "", stop, fmt.Errorf("%w; `make backends` builds it", err)
	}
	stop = func() {
		_ = cmd.Process.Kill()
		_ = cmd.Wait()
		_ = os.RemoveAll(dir)
	}
	url = "http://127.0.0.1:" + ports[0]
	for range 600 {
		resp, err := http.Get(url + "/ready")
		if err == nil {
			_ = resp.Body.Close()
			if resp.StatusCode == http.StatusOK {
				return url, stop, nil
			}
		}
		time.Sleep(100 * time.Millisecond)
	}
	stop()
	return "", func() {}, errors.New("the backend Loki is not ready after a minute")
}
