package sentry

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/test/e2e/harness"
)

const spoolConfig = `
extensions:
  health_check: {endpoint: "${env:HEALTH_ENDPOINT}"}
  file_storage: {directory: "${env:STATE_DIRECTORY}/queue", create_directory: true}
receivers:
  sentry: {http: {endpoint: "${env:SENTRY_ENDPOINT}"}, storage: file_storage}
processors: {pii_redaction: }
exporters:
  otlp_http: {endpoint: "${env:BACKEND}", encoding: json, compression: none, sending_queue: {enabled: false}, retry_on_failure: {enabled: false}}
service:
  extensions: [health_check, file_storage]
  pipelines:
    logs: {receivers: [sentry], processors: [pii_redaction], exporters: [otlp_http]}
`

// TestAcknowledgedSurvivesKill: the backend is away and no exporter has a queue; what an SDK was told is accepted is
// there after a kill -9, once, when the backend is back.
func TestAcknowledgedSurvivesKill(t *testing.T) {
	var away atomic.Bool
	away.Store(true)
	var bodies [300]atomic.Int32
	backend := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if away.Load() {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		body, err := harness.ReadBody(r)
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		for n := range bodies {
			if strings.Contains(string(body), fmt.Sprintf("failure-%03d-", n)) {
				bodies[n].Add(1)
			}
		}
	}))
	defer backend.Close()
	config := filepath.Join(t.TempDir(), "config.yaml")
	require.NoError(t, os.WriteFile(config, []byte(spoolConfig), 0o600))
	c := harness.StartCollector(t, config, map[string]string{"BACKEND": backend.URL})

	acknowledged := 0
	send := func(n int) {
		body := fmt.Sprintf("{}\n{\"type\":\"event\"}\n{\"message\":\"failure-%03d-\",\"level\":\"error\"}", n)
		resp, err := http.Post("http://"+c.Sentry+"/api/42/envelope/?sentry_key=k", "", strings.NewReader(body))
		require.NoError(t, err)
		require.NoError(t, resp.Body.Close())
		require.Equal(t, http.StatusOK, resp.StatusCode)
		acknowledged++
	}
	for n := range 200 {
		send(n)
	}
	c.Kill()
	c.Restart(t)
	for n := 200; n < len(bodies); n++ {
		send(n)
	}
	c.Stop() // a stop keeps them, too
	require.Zero(t, c.ExitCode(), c.Tail(3000))
	away.Store(false)
	c.Restart(t)
	harness.Eventually(t, 30*time.Second, func() error {
		arrived := 0
		for n := range bodies {
			if bodies[n].Load() > 0 {
				arrived++
			}
		}
		if arrived < acknowledged {
			return fmt.Errorf("%d of %d acknowledged events arrived", arrived, acknowledged)
		}
		return nil
	})
	for n := range bodies {
		assert.EqualValues(t, 1, bodies[n].Load(), "event %d", n)
	}
}
