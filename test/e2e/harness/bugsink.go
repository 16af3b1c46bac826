package harness

import (
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const (
	bugsinkKey   = "c0ffee00-0000-4000-8000-000000000001"
	bugsinkToken = "0123456789abcdef0123456789abcdef01234567"
)

// Bugsink is a real Sentry-compatible server with grouping of its own.
type Bugsink struct {
	*Process
	URL string
}

// HaveBugsink tells whether it could be installed (it needs Python).
func HaveBugsink() bool {
	dir := os.Getenv("CULPRIT_BACKENDS")
	if dir == "" {
		dir = filepath.Join(Root(), ".cache", "backends")
	}
	_, err := os.Stat(filepath.Join(dir, "bugsink", "bin", "bugsink-manage"))
	return err == nil
}

// StartBugsink starts one with an empty project.
func StartBugsink(t testing.TB) *Bugsink {
	t.Helper()
	port := Port(t)
	b := &Bugsink{URL: fmt.Sprintf("http://127.0.0.1:%d", port)}
	b.Process = backend(t, "bugsink", b.URL+"/health/ready", map[string]string{
		"BUGSINK_PORT": strconv.Itoa(port), "BUGSINK_KEY": bugsinkKey, "BUGSINK_TOKEN": bugsinkToken,
	})
	return b
}

// DSN is the project's.
func (b *Bugsink) DSN() string {
	return strings.Replace(b.URL, "http://", "http://"+strings.ReplaceAll(bugsinkKey, "-", "")+"@", 1) + "/1"
}

// BugsinkIssue is an issue as Bugsink's API lists it.
type BugsinkIssue struct {
	ID                 string `json:"id"`
	CalculatedType     string `json:"calculated_type"`
	CalculatedValue    string `json:"calculated_value"`
	DigestedEventCount int    `json:"digested_event_count"`
}

// Issues returns all issues of the project.
func (b *Bugsink) Issues(t testing.TB) []BugsinkIssue {
	t.Helper()
	var out []BugsinkIssue
	for next := b.URL + "/api/canonical/0/issues/?project=1"; next != ""; {
		var page struct {
			Next    string
			Results []BugsinkIssue
		}
		require.NoError(t, json.Unmarshal([]byte(b.get(t, next)), &page))
		out, next = append(out, page.Results...), page.Next
	}
	return out
}

// Event is the JSON of an issue's newest event.
func (b *Bugsink) Event(t testing.TB, issue string) string {
	t.Helper()
	events := b.Events(t, issue)
	require.NotEmpty(t, events)
	return events[0]
}

// Events are the JSON texts of an issue's events, newest first; the first page of them.
func (b *Bugsink) Events(t testing.TB, issue string) (out []string) {
	t.Helper()
	var page struct{ Results []struct{ ID string } }
	require.NoError(t, json.Unmarshal([]byte(b.get(t, b.URL+"/api/canonical/0/events/?issue="+issue)), &page))
	for _, r := range page.Results {
		out = append(out, b.get(t, b.URL+"/api/canonical/0/events/"+r.ID+"/"))
	}
	return out
}

func (b *Bugsink) get(t testing.TB, url string) string {
	t.Helper()
	req, err := http.NewRequest(http.MethodGet, url, nil)
	require.NoError(t, err)
	req.Header.Set("Authorization", "Bearer "+bugsinkToken)
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	body, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, resp.StatusCode, "%s: %s", url, body)
	return string(body)
}

// Database is everything that it has stored, as bytes: nothing personal may be in there.
func (b *Bugsink) Database(t testing.TB) string {
	t.Helper()
	var all strings.Builder
	for _, name := range []string{"db.sqlite3", "db.sqlite3-wal"} {
		text, err := os.ReadFile(filepath.Join(b.Dir, name))
		if err == nil {
			all.Write(text)
		}
	}
	require.NotZero(t, all.Len())
	return all.String()
}
