package main

import (
	"context"
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"os/signal"
	"path/filepath"
	"strings"
	"syscall"
	"time"
)

// options of `shop run`.
type options struct {
	collector, config, otlp, python, shop, report, page string
	seconds, requests                                   int
	pause                                               time.Duration
}

// report says what was done, for the tests.
type report struct {
	Services  []string       `json:"services"`
	Scenarios []scenario     `json:"scenarios"` // those that were run
	Requests  map[string]int `json:"requests"`  // by scenario
	Personal  []string       `json:"personal"`  // values that nobody may find anywhere
}

func run() error {
	var o options
	flags := flag.NewFlagSet("run", flag.ExitOnError)
	flags.StringVar(&o.collector, "collector", "", "start this collector")
	flags.StringVar(&o.config, "config", "configs/local.yaml", "the collector's configuration")
	flags.StringVar(&o.otlp, "otlp", "http://127.0.0.1:4318", "OTLP/HTTP endpoint of the services")
	flags.StringVar(&o.page, "page", "http://localhost:4380", "the issues page")
	flags.StringVar(&o.python, "python", "", "Python with the accounts service's packages; empty = no accounts service")
	flags.StringVar(&o.shop, "dir", "test/shop", "folder of the shop, for the catalog and accounts services")
	flags.IntVar(&o.seconds, "seconds", 0, "end after this time; 0 = at Ctrl-C")
	flags.IntVar(&o.requests, "requests", 0, "end after this many requests of each kind; 0 = no limit")
	flags.DurationVar(&o.pause, "pause", 150*time.Millisecond, "between two requests")
	flags.StringVar(&o.report, "report", "", "write what was done to this JSON file")
	_ = flags.Parse(os.Args[2:])

	ctx, cancel := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer cancel()
	dir, err := os.MkdirTemp("", "culprit-shop-")
	if err != nil {
		return err
	}
	s := &shop{options: o, dir: dir, urls: map[string]string{}}
	err = s.runAll(ctx)
	s.stopAll()
	if err == nil || errors.Is(err, context.Canceled) {
		_ = os.RemoveAll(dir)
		return nil
	}
	return err
}

type shop struct {
	options
	dir       string
	processes []*process // in order of their start
	urls      map[string]string
}

func (s *shop) runAll(ctx context.Context) error {
	if s.collector != "" {
		if err := s.startCollector(ctx); err != nil {
			return err
		}
	}
	if err := s.startServices(ctx); err != nil {
		return err
	}
	if s.collector != "" {
		s.tell()
	}
	done, err := s.load(ctx)
	if err != nil {
		return err
	}
	if s.report != "" {
		text, err := json.MarshalIndent(done, "", "  ")
		if err != nil {
			return err
		}
		return os.WriteFile(s.report, append(text, '\n'), 0o600)
	}
	return nil
}

func (s *shop) startCollector(ctx context.Context) error {
	state := filepath.Join(s.dir, "state")
	if err := os.MkdirAll(state, 0o700); err != nil {
		return err
	}
	p, err := start(s.dir, "collector", []string{"STATE_DIRECTORY=" + state}, "", s.collector, "--config", s.config)
	if err != nil {
		return err
	}
	s.processes = append(s.processes, p)
	return p.ready(ctx, s.page+"/api/healthz", 30*time.Second)
}

// startServices starts accounts and catalog where Python and Node are there, then the Go services.
func (s *shop) startServices(ctx context.Context) error {
	self, err := os.Executable()
	if err != nil {
		return err
	}
	accounts, catalog := filepath.Join(s.shop, "accounts"), filepath.Join(s.shop, "catalog")
	node, _ := exec.LookPath("node")
	if _, err := os.Stat(filepath.Join(catalog, "node_modules")); err != nil {
		node = ""
	}
	if s.python != "" {
		if err := s.service(ctx, "accounts", accounts, s.python, "accounts.py"); err != nil {
			return err
		}
	}
	if node != "" {
		if err := s.service(ctx, "catalog", catalog, node, "--require", "./telemetry.js", "catalog.js"); err != nil {
			return err
		}
	}
	if err := s.service(ctx, "payments", "", self, "payments"); err != nil {
		return err
	}
	return s.service(ctx, "storefront", "", self, "storefront")
}

func (s *shop) service(ctx context.Context, name, workdir, program string, args ...string) error {
	address, err := freeAddress()
	if err != nil {
		return err
	}
	env := []string{"SHOP_ADDRESS=" + address, "OTEL_EXPORTER_OTLP_ENDPOINT=" + s.otlp, "OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf", "OTEL_METRICS_EXPORTER=none", "OTEL_BSP_SCHEDULE_DELAY=1000"}
	for service, url := range s.urls {
		env = append(env, strings.ToUpper(service)+"_URL="+url)
	}
	p, err := start(s.dir, name, env, workdir, program, args...)
	if err != nil {
		return err
	}
	s.processes = append(s.processes, p)
	s.urls[name] = "http://" + address
	return p.ready(ctx, s.urls[name]+"/health", 30*time.Second)
}

// load uses the shop in all ways until it is told to stop.
func (s *shop) load(ctx context.Context) (*report, error) {
	done := &report{Requests: map[string]int{}}
	for name := range s.urls {
		done.Services = append(done.Services, name)
	}
	for _, sc := range scenarios {
		if sc.Needs == "" || s.urls[sc.Needs] != "" {
			done.Scenarios = append(done.Scenarios, sc)
		}
	}
	end := time.Now().Add(24 * time.Hour)
	if s.seconds > 0 {
		end = time.Now().Add(time.Duration(s.seconds) * time.Second)
	}
	personal := map[string]bool{}
	client := &http.Client{Timeout: 10 * time.Second}
	for round := 0; s.requests == 0 || round < s.requests; round++ {
		for i, sc := range done.Scenarios {
			if ctx.Err() != nil || time.Now().After(end) {
				return done, nil
			}
			v := newValues(round + i)
			personal[v.email], personal[v.card] = true, true
			if err := visit(ctx, client, sc.method, s.urls["storefront"]+sc.path(v)); err != nil && ctx.Err() == nil {
				return nil, fmt.Errorf("%s: %w", sc.Name, err)
			}
			done.Requests[sc.Name]++
			select {
			case <-ctx.Done():
			case <-time.After(s.pause):
			}
		}
		done.Personal = nil
		for value := range personal {
			done.Personal = append(done.Personal, value)
		}
	}
	return done, nil
}

func visit(ctx context.Context, client *http.Client, method, url string) error {
	req, err := http.NewRequestWithContext(ctx, method, url, nil)
	if err != nil {
		return err
	}
	resp, err := client.Do(req)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	_, err = io.Copy(io.Discard, resp.Body)
	return err
}

// stopAll stops the services first, so that what they still hold reaches the collector.
func (s *shop) stopAll() {
	for i := len(s.processes) - 1; i >= 0; i-- {
		s.processes[i].stop(10 * time.Second)
	}
}

// tell says what to open and what to look for.
func (s *shop) tell() {
	fmt.Printf("\n  Issues page    %s\n  Metrics        http://localhost:9464/metrics\n  As text        curl -s '%s/api/issues?format=text'\n\n", s.page, s.page)
	fmt.Println("  The shop fails in these ways; each becomes one issue, however often it happens:")
	for _, sc := range scenarios {
		if sc.Bug == "" {
			continue
		}
		missing := ""
		if sc.Needs != "" && s.urls[sc.Needs] == "" {
			missing = "   (not running: " + sc.Needs + ")"
		}
		fmt.Printf("    %-11s %s%s\n", sc.Service, sc.Bug, missing)
	}
	fmt.Println("\n  Look for: one issue per bug although callers fail too; breadcrumbs from several services; [EMAIL] and [CARD]")
	fmt.Println("  where the shop logs addresses and card numbers; trace IDs on logs that had only X-Trace-ID or a request ID.")
	if s.seconds == 0 {
		fmt.Println("\n  Ctrl-C ends everything.")
	}
	fmt.Println()
}
