package sentry

import (
	"errors"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otel-culprit/culprit/test/e2e/harness"
)

// hangUp closes the connection without an answer.
func hangUp(w http.ResponseWriter) bool {
	if conn, _, err := w.(http.Hijacker).Hijack(); err == nil {
		conn.Close()
	}
	return true
}

// troubles is what a server does to requests; each of them lets some through, so that a batch is sent in part.
var troubles = map[string]func(n int, w http.ResponseWriter) bool{
	"unavailable": func(n int, w http.ResponseWriter) bool {
		if n > 4 && n%4 != 0 {
			return false
		}
		w.WriteHeader(http.StatusServiceUnavailable)
		return true
	},
	"limited": func(n int, w http.ResponseWriter) bool {
		if n%10 != 1 {
			return false
		}
		w.Header().Set("X-Sentry-Rate-Limits", "1:error:organization:quota, 3600:transaction;log_item:project")
		w.WriteHeader(http.StatusTooManyRequests)
		return true
	},
	"closed": func(n int, w http.ResponseWriter) bool { return (n <= 4 || n%4 == 0) && hangUp(w) },
	"slow": func(int, http.ResponseWriter) bool {
		time.Sleep(20 * time.Millisecond)
		return false
	},
}

// quick is configs/sentry.yaml with short pauses between attempts.
func quick(t *testing.T) string {
	t.Helper()
	text, err := os.ReadFile(harness.Config("sentry.yaml"))
	require.NoError(t, err)
	const retry = "retry_on_failure: &retry {max_elapsed_time: 0"
	require.Contains(t, string(text), retry)
	file := filepath.Join(t.TempDir(), "sentry.yaml")
	require.NoError(t, os.WriteFile(file, []byte(strings.Replace(string(text), retry, retry+", initial_interval: 100ms, max_interval: 300ms", 1)), 0o600))
	return file
}

// failures sends errors, ten of each of so many kinds: none is throttled by the connector.
func failures(t *testing.T, c *harness.Collector, phase string, kinds int) int {
	t.Helper()
	for k := range kinds {
		logs, records := harness.NewLogs("checkout")
		for range 10 {
			lr := harness.AddLog(records, plog.SeverityNumberError, "it failed")
			lr.Attributes().PutStr("exception.type", fmt.Sprintf("%c%sError", 'A'+k, phase))
			lr.Attributes().PutStr("exception.message", phase)
		}
		require.NoError(t, harness.SendLogs(c.OTLPHTTP, logs))
	}
	return 10 * kinds
}

// TestServerInTrouble: whatever a server does, afterwards it has every event exactly once.
func TestServerInTrouble(t *testing.T) {
	s := newServer(t)
	c := harness.StartCollector(t, quick(t), map[string]string{"SENTRY_DSN": s.dsn(), "SENTRY_OTLP_ENDPOINT": silent(t)})
	want := 0
	arrived := func() {
		t.Helper()
		harness.Eventually(t, 30*time.Second, func() error {
			if unique, _ := s.counts(); unique != want {
				return fmt.Errorf("%d of %d events arrived", unique, want)
			}
			return nil
		})
	}
	for _, phase := range []string{"unavailable", "limited", "closed", "slow"} {
		s.on(troubles[phase])
		want += failures(t, c, phase, 4)
		arrived()
	}
	_, twice := s.counts()
	assert.Zero(t, twice, "events that arrived more than once")

	killed(t, c, s, &want)
	arrived()
	limitedForLong(t, c, s, want)
	s.mu.Lock()
	defer s.mu.Unlock()
	assert.Empty(t, s.broken)
}

// killed kills the collector while the server answers nothing: the events are in the queue on the disk.
func killed(t *testing.T, c *harness.Collector, s *server, want *int) {
	t.Helper()
	s.on(func(_ int, w http.ResponseWriter) bool { return hangUp(w) })
	*want += failures(t, c, "killed", 4)
	tried(t, s)
	c.Kill()
	s.on(nil)
	c.Restart(t)
}

func tried(t *testing.T, s *server) {
	t.Helper()
	harness.Eventually(t, 10*time.Second, func() error {
		s.mu.Lock()
		defer s.mu.Unlock()
		if s.requests == 0 {
			return errors.New("nothing was sent")
		}
		return nil
	})
}

// limitedForLong: a limit that lasts longer than events wait drops them; the server is told how many.
func limitedForLong(t *testing.T, c *harness.Collector, s *server, want int) {
	t.Helper()
	s.on(func(_ int, w http.ResponseWriter) bool {
		w.Header().Set("X-Sentry-Rate-Limits", "600:error:organization")
		return false
	})
	want += failures(t, c, "last", 1)
	tried(t, s)
	want += failures(t, c, "waiting", 3)
	// The client report is sent at the end. What is still in the queue then, on the disk, is judged after the next start.
	for pause := 500 * time.Millisecond; ; pause *= 2 { // as long as a busy machine needs for the rest of the queue
		time.Sleep(pause)
		c.Stop()
		arrived, _ := s.counts()
		s.mu.Lock()
		reported := s.reports["ratelimit_backoff"]
		s.mu.Unlock()
		if arrived+reported == want {
			assert.Positive(t, reported)
			return
		}
		require.Less(t, pause, 16*time.Second, "of %d events %d arrived, and %d are reported as limited", want, arrived, reported)
		c.Restart(t)
	}
}
