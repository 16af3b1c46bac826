package harness

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// backends is the folder of the servers that test/backends/build.sh has built.
func backends() string {
	if dir := os.Getenv("CULPRIT_BACKENDS"); dir != "" {
		return dir
	}
	return filepath.Join(Root(), ".cache", "backends")
}

// StartObserved runs a configuration as StartCollector does, and has its own metrics scraped at the address that
// is returned (host:port). push, when not empty, is the OTLP/HTTP URL they are sent to instead.
func StartObserved(t testing.TB, config string, env map[string]string, push string) (*Collector, string) {
	t.Helper()
	dir, self := t.TempDir(), Address(t)
	host, port, _ := strings.Cut(self, ":")
	reader := fmt.Sprintf("pull: {exporter: {prometheus: {host: %s, port: %s}}}", host, port)
	if push != "" {
		reader = fmt.Sprintf("periodic: {interval: 1000, exporter: {otlp: {protocol: http/protobuf, endpoint: %q}}}", push)
	}
	extra := filepath.Join(dir, "self.yaml")
	require.NoError(t, os.WriteFile(extra, []byte("service: {telemetry: {metrics: {level: normal, readers: [{"+reader+"}]}}}\n"), 0o600))
	c := &Collector{
		State:    filepath.Join(dir, "state"),
		OTLPGRPC: Address(t), OTLPHTTP: "http://" + Address(t), Issues: "http://" + Address(t),
		Health: "http://" + Address(t), Metrics: "http://" + Address(t), Sentry: Address(t), config: config,
	}
	require.NoError(t, os.MkdirAll(c.State, 0o700))
	c.env = append(Env(map[string]string{
		"STATE_DIRECTORY":    c.State,
		"OTLP_GRPC_ENDPOINT": c.OTLPGRPC, "OTLP_HTTP_ENDPOINT": c.OTLPHTTP[len("http://"):], "ISSUES_ENDPOINT": c.Issues[len("http://"):],
		"HEALTH_ENDPOINT": c.Health[len("http://"):], "METRICS_ENDPOINT": c.Metrics[len("http://"):], "SENTRY_ENDPOINT": c.Sentry,
	}), Env(env)...)
	c.Process = Start(t, "collector", dir, c.env, Binary(t), "--config", config, "--config", extra)
	c.WaitReady(t, c.Health, 60*time.Second)
	return c, self
}

// Restart starts Loki again on the same data; end it first with Stop or Kill.
func (l *Loki) Restart(t testing.TB) {
	t.Helper()
	l.Process = Start(t, "loki", l.Dir, Env(l.env), filepath.Join(Root(), "test", "backends", "run.sh"), backends(), l.Dir, "loki")
	l.WaitReady(t, l.URL+"/ready", 90*time.Second)
}

// StartLokiWithRules starts a Loki whose ruler evaluates a file of alert rules every second.
func StartLokiWithRules(t testing.TB, rules, alertmanager string) *Loki {
	t.Helper()
	dir, port, grpc := t.TempDir(), Port(t), Port(t)
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "rules", "fake"), 0o700)) // "fake" is the tenant without authentication
	require.NoError(t, os.WriteFile(filepath.Join(dir, "rules", "fake", "rules.yaml"), []byte(rules), 0o600))
	l := &Loki{URL: fmt.Sprintf("http://127.0.0.1:%d", port), env: map[string]string{"LOKI_HTTP_PORT": strconv.Itoa(port), "LOKI_GRPC_PORT": strconv.Itoa(grpc)}}
	l.Process = Start(t, "loki", dir, Env(l.env), filepath.Join(backends(), "loki"),
		"-config.file="+filepath.Join(Root(), "test", "backends", "loki", "loki.yaml"), "-config.expand-env=true",
		"-ruler.storage.type=local", "-ruler.storage.local.directory="+filepath.Join(dir, "rules"), "-ruler.rule-path="+filepath.Join(dir, "scratch"),
		"-ruler.alertmanager-url="+alertmanager, "-ruler.evaluation-interval=1s", "-ruler.poll-interval=1s", "-ruler.enable-api=true", "-ruler.ring.store=inmemory",
		"-ruler.ring.instance-addr=127.0.0.1")
	l.WaitReady(t, l.URL+"/ready", 90*time.Second)
	return l
}

// Results is how many series, samples or streams a LogQL query returns for the last hour.
func (l *Loki) Results(t testing.TB, query string) (int, error) {
	t.Helper()
	return results(l.URL + "/loki/api/v1/query_range?" + url.Values{"query": {query}, "since": {"1h"}, "step": {"60"}}.Encode())
}

// Results is how many series a PromQL query returns now.
func (p *Prometheus) Results(t testing.TB, query string) (int, error) {
	t.Helper()
	return results(p.URL + "/api/v1/query?" + url.Values{"query": {query}}.Encode())
}

func results(address string) (int, error) {
	resp, err := client.Get(address)
	if err != nil {
		return 0, err
	}
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	if err != nil {
		return 0, err
	}
	if resp.StatusCode != http.StatusOK {
		return 0, fmt.Errorf("%s: %s", resp.Status, body)
	}
	var answer struct {
		Data struct{ Result []json.RawMessage }
	}
	err = json.Unmarshal(body, &answer)
	return len(answer.Data.Result), err
}

// StartPrometheusWithRules starts a Prometheus that scrapes the targets and evaluates a file of alert rules every second.
func StartPrometheusWithRules(t testing.TB, rules, alertmanager string, targets ...string) *Prometheus {
	t.Helper()
	dir, port := t.TempDir(), Port(t)
	config := fmt.Sprintf(`global: {scrape_interval: 1s, evaluation_interval: 1s}
rule_files: [rules.yaml]
alerting: {alertmanagers: [{static_configs: [{targets: [%q]}]}]}
scrape_configs: [{job_name: culprit, honor_labels: true, static_configs: [{targets: [%s]}]}]
`, strings.TrimPrefix(alertmanager, "http://"), strings.Join(targets, ", "))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "prom.yml"), []byte(config), 0o600))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "rules.yaml"), []byte(rules), 0o600))
	p := &Prometheus{URL: fmt.Sprintf("http://127.0.0.1:%d", port)}
	p.Process = Start(t, "prometheus", dir, nil, filepath.Join(backends(), "prometheus"), "--config.file=prom.yml", "--storage.tsdb.path=data",
		fmt.Sprintf("--web.listen-address=127.0.0.1:%d", port), "--enable-feature=exemplar-storage", "--rules.alert.resend-delay=1s")
	p.WaitReady(t, p.URL+"/-/ready", 60*time.Second)
	return p
}

// StartAlertmanager runs an Alertmanager with the given configuration and returns its URL.
func StartAlertmanager(t testing.TB, config string) string {
	t.Helper()
	dir, address := t.TempDir(), Address(t)
	require.NoError(t, os.WriteFile(filepath.Join(dir, "am.yml"), []byte(config), 0o600))
	p := Start(t, "alertmanager", dir, nil, filepath.Join(backends(), "alertmanager"), "--config.file=am.yml", "--storage.path=data",
		"--web.listen-address="+address, "--cluster.listen-address=")
	p.WaitReady(t, "http://"+address+"/-/ready", 60*time.Second)
	return "http://" + address
}

// Hook is a web server that keeps what is posted to it, by the first element of the path.
type Hook struct {
	*httptest.Server
	mu     sync.Mutex // protects bodies
	bodies map[string][]string
}

// StartHook starts one.
func StartHook(t testing.TB) *Hook {
	t.Helper()
	h := &Hook{bodies: map[string][]string{}}
	h.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		name, _, _ := strings.Cut(strings.TrimPrefix(r.URL.Path, "/"), "/")
		h.mu.Lock()
		h.bodies[name] = append(h.bodies[name], string(body))
		h.mu.Unlock()
		w.Header().Set("Content-Type", "application/json")
		w.WriteHeader(http.StatusAccepted)
		_, _ = io.WriteString(w, `{"status":"success","ok":true}`)
	}))
	t.Cleanup(h.Close)
	return h
}

// Got is everything that was posted below a name.
func (h *Hook) Got(name string) string {
	h.mu.Lock()
	defer h.mu.Unlock()
	return strings.Join(h.bodies[name], "\n")
}
