// Package registry tests the issues' memory from the outside: the built collector with a Redis that it shares, or with
// a file of its own, through kills.
package registry

import (
	"encoding/binary"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/plog"

	"github.com/otel-culprit/culprit/test/e2e/harness"
)

// start runs a collector with a store.
func start(t *testing.T, store string, sink *harness.Sink) *harness.Collector {
	t.Helper()
	config, err := filepath.Abs("testdata/registry.yaml")
	require.NoError(t, err)
	return harness.StartCollector(t, config, map[string]string{"STORE": store, "SINK": sink.URL})
}

// sender numbers its records: of every kind of error as many as of the others.
type sender struct {
	t *testing.T
	n int64
}

const kinds = 5

// batch makes size errors. Those with an even number have a trace.
func (s *sender) batch(size int) plog.Logs {
	logs, records := harness.NewLogs("checkout")
	for range size {
		lr := harness.AddLog(records, plog.SeverityNumberError, "it failed")
		kind := string(rune('A' + s.n%kinds))
		lr.Attributes().PutStr("exception.type", "Error"+kind)
		lr.Attributes().PutStr("exception.message", "cannot do it")
		lr.Attributes().PutStr("exception.stacktrace", "Traceback (most recent call last):\n  File \"/srv/"+kind+".py\", line 3, in f"+kind+"\n    g()\nError"+kind+": cannot do it\n")
		lr.Attributes().PutInt(harness.RecordID, s.n)
		if s.n%2 == 0 {
			var trace [16]byte
			binary.BigEndian.PutUint64(trace[:], 0xabcd<<48|uint64(s.n))
			binary.BigEndian.PutUint64(trace[8:], uint64(s.n)*2654435761+1)
			lr.SetTraceID(trace)
			lr.SetSpanID([8]byte{1, byte(s.n), byte(s.n >> 8)})
		}
		s.n++
	}
	return logs
}

// send delivers a batch at once: that a store is away must not be felt.
func (s *sender) send(c *harness.Collector, logs plog.Logs) {
	s.t.Helper()
	begin := time.Now()
	require.NoError(s.t, harness.SendLogs(c.OTLPHTTP, logs))
	require.Less(s.t, time.Since(begin), 10*time.Second, "the pipeline waits for the store")
}

// show waits until all collectors show the same issues with so many occurrences each.
func show(t *testing.T, each uint64, all ...*harness.Collector) []harness.Issue {
	t.Helper()
	var first []harness.Issue
	for n, c := range all {
		harness.Eventually(t, 30*time.Second, func() error {
			list := c.ListIssues(t)
			if len(list) != kinds {
				return fmt.Errorf("collector %d shows %d issues, want %d", n, len(list), kinds)
			}
			for _, i := range list {
				if i.Count != each {
					return fmt.Errorf("collector %d: %s has %d, want %d", n, i.Title, i.Count, each)
				}
			}
			if n == 0 {
				first = list
			}
			return nil
		})
	}
	return first
}

// flows waits until the backend has got every record that was made.
func (s *sender) flows(sink *harness.Sink) {
	s.t.Helper()
	harness.Eventually(s.t, 30*time.Second, func() error {
		if some, n := sink.Missing(s.n); n > 0 {
			return fmt.Errorf("%d records did not come through, such as %v", n, some)
		}
		return nil
	})
}

// post changes an issue.
func post(t *testing.T, c *harness.Collector, path, body string, edit ...func(*http.Request)) int {
	t.Helper()
	r, err := http.NewRequestWithContext(t.Context(), http.MethodPost, c.Issues+path, strings.NewReader(body))
	require.NoError(t, err)
	r.Header.Set("Content-Type", "application/json")
	for _, f := range edit {
		f(r)
	}
	resp, err := http.DefaultClient.Do(r)
	require.NoError(t, err)
	require.NoError(t, resp.Body.Close())
	return resp.StatusCode
}

func state(t *testing.T, c *harness.Collector, id, want string) {
	t.Helper()
	harness.Eventually(t, 30*time.Second, func() error {
		if have := c.GetIssue(t, id)["state"]; have != want {
			return fmt.Errorf("issue %s is %v, want %s", id, have, want)
		}
		return nil
	})
}
