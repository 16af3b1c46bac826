package e2e

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	lumber "github.com/elastic/go-lumber/client/v2"
	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/test/e2e/harness"
)

// lokiStub takes pushes and counts them.
type lokiStub struct {
	*httptest.Server
	mu     sync.Mutex // protects pushes
	pushes int
}

func startLokiStub(t *testing.T) *lokiStub {
	t.Helper()
	l := &lokiStub{}
	l.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		l.mu.Lock()
		l.pushes++
		l.mu.Unlock()
		w.WriteHeader(http.StatusNoContent)
	}))
	t.Cleanup(l.Close)
	return l
}

// shipper sends windows as Filebeat does: until they are acknowledged, on a new connection after each failure.
type shipper struct {
	address string
	client  *lumber.SyncClient
	retries int
}

func (s *shipper) send(t *testing.T, events ...any) {
	t.Helper()
	harness.Eventually(t, 30*time.Second, func() error {
		if s.client == nil {
			client, err := lumber.SyncDial(s.address, lumber.CompressionLevel(3), lumber.Timeout(10*time.Second))
			if err != nil {
				s.retries++
				return err
			}
			s.client = client
		}
		n, err := s.client.Send(events)
		if err == nil && n != len(events) {
			err = errors.New("a part is not acknowledged")
		}
		if err != nil {
			s.retries++
			_ = s.client.Close()
			s.client = nil
		}
		return err
	})
}

func (s *shipper) close() {
	if s.client != nil {
		_ = s.client.Close()
		s.client = nil
	}
}

// filebeatEvent is a line of a container's log as Filebeat ships it, with the metadata of Kubernetes.
func filebeatEvent(deployment, message string) map[string]any {
	return map[string]any{
		"@timestamp": time.Now().UTC().Format(time.RFC3339Nano),
		"@metadata":  map[string]any{"beat": "filebeat", "type": "_doc", "version": "8.15.0"},
		"message":    message, "stream": "stderr",
		"log":        map[string]any{"offset": 77, "file": map[string]any{"path": "/var/log/containers/" + deployment + ".log"}},
		"input":      map[string]any{"type": "container"},
		"host":       map[string]any{"name": "node-1"},
		"agent":      map[string]any{"type": "filebeat", "version": "8.15.0"},
		"kubernetes": map[string]any{"namespace": "shop", "deployment": map[string]any{"name": deployment}, "pod": map[string]any{"name": deployment + "-1"}},
	}
}

// TestBeats: errors that Filebeat ships, with Elastic's own client, are issues on the page; each is counted as often as it
// was shipped, also when the collector was down in between.
func TestBeats(t *testing.T) {
	address, loki := harness.Address(t), startLokiStub(t)
	c := harness.StartCollector(t, harness.Config("filebeat.yaml"), map[string]string{
		"BEATS_ENDPOINT": address, "LOKI_ENDPOINT": loki.URL + "/loki/api/v1/push", "METRICS_INTERVAL": "1s",
	})
	const python = "ERROR charge of ana.lima@example.com failed\nTraceback (most recent call last):\n" +
		"  File \"/srv/shop/pay.py\", line 17, in charge\n    raise PaymentError(\"declined\")\nPaymentError: declined"
	const trace = "4bf92f3577b34da6a3ce929d0e0e4736"
	java := map[string]any{ // a logger of Elastic's (ecs-logging), decoded by Filebeat
		"log.level": "ERROR", "message": "order failed", "service.name": "orders", "trace.id": trace,
		"error.type": "java.lang.IllegalStateException", "error.message": "stock is negative",
		"error.stack_trace": "java.lang.IllegalStateException: stock is negative\n\tat com.acme.Stock.take(Stock.java:17)\n\tat com.acme.Orders.place(Orders.java:42)",
	}
	javaEvent := func() map[string]any {
		e := map[string]any{"@timestamp": time.Now().UTC().Format(time.RFC3339Nano), "host": map[string]any{"name": "node-1"}}
		for k, v := range java {
			e[k] = v
		}
		return e
	}

	s := &shipper{address: address}
	defer s.close()
	for range 3 {
		s.send(t, filebeatEvent("checkout", "INFO next order"), filebeatEvent("checkout", python), javaEvent())
	}
	c.Stop()
	c.Restart(t)
	last := []any{filebeatEvent("checkout", python), javaEvent()}
	s.send(t, last...)
	s.send(t, last...) // as when the acknowledgement got lost: not counted again
	assert.Positive(t, s.retries, "the connection ended with the collector")

	var issues []harness.Issue
	harness.Eventually(t, 20*time.Second, func() error {
		if issues = c.ListIssues(t); len(issues) != 2 {
			return fmt.Errorf("%d issues, want 2: %+v", len(issues), issues)
		}
		for _, i := range issues {
			if i.Count != 4 {
				return fmt.Errorf("issue %q has %d occurrences, want 4", i.Title, i.Count)
			}
		}
		return nil
	})
	byService := map[string]harness.Issue{}
	for _, i := range issues {
		byService[i.Service] = i
	}
	require.Contains(t, byService, "checkout", "named by its deployment")
	require.Contains(t, byService, "orders")
	assert.Contains(t, byService["checkout"].Title, "PaymentError: declined")
	assert.Contains(t, byService["orders"].Title, "IllegalStateException: stock is negative")
	text, err := json.Marshal(c.GetIssue(t, byService["orders"].ID))
	require.NoError(t, err)
	assert.Contains(t, string(text), trace)
	page := harness.Get(t, c.Issues+"/")
	assert.Contains(t, page, byService["checkout"].ID)
	assert.NotContains(t, page, "ana.lima@example.com")
	harness.Eventually(t, 20*time.Second, func() error {
		loki.mu.Lock()
		defer loki.mu.Unlock()
		if loki.pushes == 0 {
			return errors.New("nothing came to Loki")
		}
		return nil
	})
}
