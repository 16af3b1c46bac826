package harness

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// backend starts one of test/backends/run.sh.
func backend(t testing.TB, name string, ready string, env map[string]string) *Process {
	t.Helper()
	bin := os.Getenv("CULPRIT_BACKENDS")
	if bin == "" {
		bin = filepath.Join(Root(), ".cache", "backends")
	}
	dir := t.TempDir()
	p := Start(t, name, dir, Env(env), filepath.Join(Root(), "test", "backends", "run.sh"), bin, dir, name)
	p.WaitReady(t, ready, 90*time.Second)
	return p
}

// Loki is a real Loki.
type Loki struct {
	*Process
	URL string
	env map[string]string
}

// StartLoki starts one.
func StartLoki(t testing.TB) *Loki {
	t.Helper()
	port := Port(t)
	l := &Loki{URL: fmt.Sprintf("http://127.0.0.1:%d", port), env: map[string]string{"LOKI_HTTP_PORT": strconv.Itoa(port), "LOKI_GRPC_PORT": strconv.Itoa(Port(t))}}
	l.Process = backend(t, "loki", l.URL+"/ready", l.env)
	return l
}

// Push is the URL of its push API.
func (l *Loki) Push() string { return l.URL + "/loki/api/v1/push" }

// LokiEntry is a stored line with its labels and structured metadata in one map.
type LokiEntry struct {
	Line   string
	Labels map[string]string
}

// Query returns the entries of the last hour that a LogQL query selects.
func (l *Loki) Query(t testing.TB, query string) []LokiEntry {
	t.Helper()
	q := url.Values{"query": {query}, "since": {"1h"}, "limit": {"5000"}}
	var answer struct {
		Data struct {
			Result []struct {
				Stream map[string]string
				Values [][2]string
			}
		}
	}
	GetJSON(t, l.URL+"/loki/api/v1/query_range?"+q.Encode(), &answer)
	var out []LokiEntry
	for _, r := range answer.Data.Result {
		for _, v := range r.Values {
			out = append(out, LokiEntry{Line: v[1], Labels: r.Stream})
		}
	}
	return out
}

// All returns every entry since a time that a LogQL query selects, page by page: Loki answers with at most 5,000.
func (l *Loki) All(t testing.TB, query string, since time.Time) []LokiEntry {
	t.Helper()
	const limit = 5000
	var out []LokiEntry
	for from := since.UnixNano(); ; {
		q := url.Values{"query": {query}, "start": {strconv.FormatInt(from, 10)}, "end": {strconv.FormatInt(time.Now().UnixNano(), 10)},
			"limit": {strconv.Itoa(limit)}, "direction": {"forward"}}
		var answer struct {
			Data struct {
				Result []struct {
					Stream map[string]string
					Values [][2]string
				}
			}
		}
		GetJSON(t, l.URL+"/loki/api/v1/query_range?"+q.Encode(), &answer)
		n, last := 0, from
		for _, r := range answer.Data.Result {
			for _, v := range r.Values {
				at, err := strconv.ParseInt(v[0], 10, 64)
				require.NoError(t, err)
				n, last = n+1, max(last, at)
				out = append(out, LokiEntry{Line: v[1], Labels: r.Stream})
			}
		}
		if n < limit || last == from {
			return out
		}
		from = last // again those of this moment: the page may have ended among them
	}
}

// Jaeger is a real Jaeger.
type Jaeger struct {
	*Process
	URL  string
	OTLP string // host:port, gRPC
}

// StartJaeger starts one.
func StartJaeger(t testing.TB) *Jaeger {
	t.Helper()
	query, health, otlp := Port(t), Port(t), Port(t)
	j := &Jaeger{URL: fmt.Sprintf("http://127.0.0.1:%d", query), OTLP: fmt.Sprintf("127.0.0.1:%d", otlp)}
	j.Process = backend(t, "jaeger", fmt.Sprintf("http://127.0.0.1:%d/status", health), map[string]string{
		"JAEGER_QUERY_PORT": strconv.Itoa(query), "JAEGER_QUERY_GRPC_PORT": strconv.Itoa(Port(t)), "JAEGER_HEALTH_PORT": strconv.Itoa(health),
		"JAEGER_OTLP_GRPC_PORT": strconv.Itoa(otlp), "JAEGER_OTLP_HTTP_PORT": strconv.Itoa(Port(t)),
	})
	return j
}

// JaegerSpan is a span as Jaeger's query API returns it.
type JaegerSpan struct {
	TraceID       string
	SpanID        string
	OperationName string
	Tags          []struct {
		Key   string
		Value any
	}
	Logs []struct {
		Fields []struct {
			Key   string
			Value any
		}
	}
}

// Tag returns a tag's value as text.
func (s JaegerSpan) Tag(key string) string {
	for _, t := range s.Tags {
		if t.Key == key {
			return fmt.Sprint(t.Value)
		}
	}
	return ""
}

// Trace returns the spans of a trace; none when Jaeger does not know it.
func (j *Jaeger) Trace(t testing.TB, id string) []JaegerSpan {
	t.Helper()
	var answer struct {
		Data []struct{ Spans []JaegerSpan }
	}
	resp, err := http.Get(j.URL + "/api/traces/" + id)
	require.NoError(t, err)
	defer resp.Body.Close()
	if resp.StatusCode == http.StatusNotFound {
		return nil
	}
	require.NoError(t, json.NewDecoder(resp.Body).Decode(&answer))
	if len(answer.Data) == 0 {
		return nil
	}
	return answer.Data[0].Spans
}

// Traces returns all traces of a service as one JSON text.
func (j *Jaeger) Traces(t testing.TB, service string) string {
	t.Helper()
	return Get(t, j.URL+"/api/traces?limit=1500&service="+url.QueryEscape(service))
}

// Prometheus is a real Prometheus that scrapes the given targets every second.
type Prometheus struct {
	*Process
	URL string
}

// StartPrometheus starts one.
func StartPrometheus(t testing.TB, targets ...string) *Prometheus {
	t.Helper()
	bin := os.Getenv("CULPRIT_BACKENDS")
	if bin == "" {
		bin = filepath.Join(Root(), ".cache", "backends")
	}
	dir, port := t.TempDir(), Port(t)
	config := fmt.Sprintf("global: {scrape_interval: 1s, evaluation_interval: 1s}\nstorage: {tsdb: {out_of_order_time_window: 30m}}\nscrape_configs:\n- {job_name: culprit, honor_labels: true, static_configs: [{targets: [%s]}]}\n", strings.Join(targets, ", "))
	require.NoError(t, os.WriteFile(filepath.Join(dir, "prom.yml"), []byte(config), 0o600))
	p := &Prometheus{URL: fmt.Sprintf("http://127.0.0.1:%d", port)}
	p.Process = Start(t, "prometheus", dir, nil, filepath.Join(bin, "prometheus"), "--config.file=prom.yml", "--storage.tsdb.path=data",
		fmt.Sprintf("--web.listen-address=127.0.0.1:%d", port), "--web.enable-remote-write-receiver", "--web.enable-otlp-receiver", "--enable-feature=exemplar-storage")
	p.WaitReady(t, p.URL+"/-/ready", 60*time.Second)
	return p
}

// Sample is one element of an instant vector.
type Sample struct {
	Metric map[string]string
	Value  float64
}

// Query evaluates an instant query.
func (p *Prometheus) Query(t testing.TB, query string) []Sample {
	t.Helper()
	var answer struct {
		Data struct {
			Result []struct {
				Metric map[string]string
				Value  [2]any
			}
		}
	}
	GetJSON(t, p.URL+"/api/v1/query?"+url.Values{"query": {query}}.Encode(), &answer)
	var out []Sample
	for _, r := range answer.Data.Result {
		value, err := strconv.ParseFloat(fmt.Sprint(r.Value[1]), 64)
		require.NoError(t, err)
		out = append(out, Sample{r.Metric, value})
	}
	return out
}

// Get reads a URL that must answer 200.
func Get(t testing.TB, url string) string {
	t.Helper()
	resp, err := http.Get(url)
	require.NoError(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, resp.StatusCode, "%s: %s", url, body)
	return string(body)
}

// GetJSON reads a URL that must answer 200 with JSON.
func GetJSON(t testing.TB, url string, into any) {
	t.Helper()
	require.NoError(t, json.Unmarshal([]byte(Get(t, url)), into), url)
}
