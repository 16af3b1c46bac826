package harness

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// Collector is a running otelcol-culprit.
type Collector struct {
	*Process
	State    string // state directory; survives Restart
	OTLPGRPC string // host:port
	OTLPHTTP string // URL
	Issues   string // URL of the page and API
	Health   string // URL
	Metrics  string // URL of the Prometheus exporter
	Sentry   string // host:port of the sentry receiver
	config   string
	args     []string
	env      []string
	starts   int // how often it said that it runs, once it does
}

// Binary is the collector under test: $CULPRIT_COLLECTOR, else bin/otelcol-culprit.
func Binary(t testing.TB) string {
	t.Helper()
	path := os.Getenv("CULPRIT_COLLECTOR")
	if path == "" {
		path = filepath.Join(Root(), "bin", "otelcol-culprit")
	}
	path, err := filepath.Abs(path)
	require.NoError(t, err)
	_, err = os.Stat(path)
	require.NoError(t, err, "build the collector first: make build")
	return path
}

// Config is the path of a file in configs/.
func Config(name string) string { return filepath.Join(Root(), "configs", name) }

// Testdata is the absolute path of a file in the testdata folder of the package under test.
func Testdata(t testing.TB, name string) string {
	t.Helper()
	path, err := filepath.Abs(filepath.Join("testdata", name))
	require.NoError(t, err)
	return path
}

// StartCollector runs a configuration on free ports, with a state directory of its own. env is added
// to the environment that the configurations of configs/ read.
// args are added to its command line.
func StartCollector(t testing.TB, config string, env map[string]string, args ...string) *Collector {
	t.Helper()
	dir := t.TempDir()
	c := &Collector{
		State:    filepath.Join(dir, "state"),
		OTLPGRPC: Address(t), OTLPHTTP: "http://" + Address(t), Issues: "http://" + Address(t),
		Health: "http://" + Address(t), Metrics: "http://" + Address(t), Sentry: Address(t),
		config: config, args: args,
	}
	require.NoError(t, os.MkdirAll(c.State, 0o700))
	c.env = Env(map[string]string{
		"STATE_DIRECTORY":    c.State,
		"OTLP_GRPC_ENDPOINT": c.OTLPGRPC, "OTLP_HTTP_ENDPOINT": c.OTLPHTTP[len("http://"):], "ISSUES_ENDPOINT": c.Issues[len("http://"):],
		"HEALTH_ENDPOINT": c.Health[len("http://"):], "METRICS_ENDPOINT": c.Metrics[len("http://"):], "SENTRY_ENDPOINT": c.Sentry,
	})
	c.env = append(c.env, Env(env)...)
	c.start(t, dir)
	c.waitRunning(t)
	return c
}

// waitRunning waits for the health check, then for the line that follows when signals are handled: a SIGTERM before ends the
// process like a SIGKILL. A collector that logs errors only, as a config may tell, does not write the line nor any other.
func (c *Collector) waitRunning(t testing.TB) {
	t.Helper()
	c.WaitReady(t, c.Health, patience)
	began := time.Now()
	for {
		output := c.Output()
		if strings.Count(output, "Everything is ready.") >= c.starts {
			return
		}
		limit := time.Second
		if strings.Contains(output, "Everything is ready.") || strings.Contains(output, "Starting extensions") {
			limit = patience
		}
		if c.Ended() || time.Since(began) > limit {
			return
		}
		time.Sleep(5 * time.Millisecond)
	}
}

func (c *Collector) start(t testing.TB, dir string) {
	t.Helper()
	c.starts = 1
	if c.Process != nil {
		c.starts += strings.Count(c.Output(), "Everything is ready.")
	}
	// Self-metrics off: their fixed port would let only one collector run.
	c.Process = Start(t, "collector", dir, c.env, Binary(t), append([]string{"--config", c.config, "--set=service::telemetry::metrics::level=none"}, c.args...)...)
}

// Restart starts it again on the same ports and state; end it first with Stop or Kill.
func (c *Collector) Restart(t testing.TB) {
	t.Helper()
	c.start(t, c.Dir)
	c.waitRunning(t)
}

// Launch starts it again as Restart does, and does not wait until it is ready.
func (c *Collector) Launch(t testing.TB) {
	t.Helper()
	c.start(t, c.Dir)
}
