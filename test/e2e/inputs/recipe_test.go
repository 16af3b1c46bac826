// Package inputs tests each way into the collector with a client that others wrote. The configurations are those of
// docs/inputs, read from the pages: what a page says is what runs here.
package inputs

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/test/e2e/harness"
)

// limit is for what takes a second on an idle machine.
const limit = 90 * time.Second

// traceID is the n-th trace: the same error twice in one trace is one failure.
func traceID(n int) string { return fmt.Sprintf("4bf92f3577b34da6a3ce929d%08x", n) }

// traceIDs are those of from to to.
func traceIDs(from, to int) []string {
	var out []string
	for n := from; n <= to; n++ {
		out = append(out, traceID(n))
	}
	return out
}

// block is the fenced block of a page of docs/inputs whose first line is a comment with this name.
func block(t *testing.T, page, name string) string {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(harness.Root(), "docs", "inputs", page))
	require.NoError(t, err)
	_, after, found := strings.Cut(string(text), "\n# "+name+"\n")
	require.True(t, found, "docs/inputs/%s has no block that begins with \"# %s\"", page, name)
	body, _, found := strings.Cut(after, "\n```")
	require.True(t, found, "%s: the block %s has no end", page, name)
	return body + "\n"
}

// recipe writes a block into a file of its name. replace are pairs of a text that must be in it and what stands there instead.
func recipe(t *testing.T, page, name string, replace ...string) string {
	t.Helper()
	text := block(t, page, name)
	for i := 0; i < len(replace); i += 2 {
		require.Contains(t, text, replace[i], "%s: %s", page, name)
		text = strings.ReplaceAll(text, replace[i], replace[i+1])
	}
	file := filepath.Join(t.TempDir(), name)
	require.NoError(t, os.WriteFile(file, []byte(text), 0o600))
	return file
}

// start runs configs/minimal.yaml with recipes laid over it, and a backend that takes everything unless env names another.
func start(t *testing.T, env map[string]string, recipes ...string) *harness.Collector {
	t.Helper()
	all := map[string]string{"OTLP_BACKEND": startBackend(t, nil)}
	for k, v := range env {
		all[k] = v
	}
	var args []string
	for _, r := range recipes {
		args = append(args, "--config", r)
	}
	return harness.StartCollector(t, harness.Config("minimal.yaml"), all, args...)
}

// startBackend takes everything that is sent by OTLP/HTTP and tells took of each body; it returns its URL.
func startBackend(t *testing.T, took func(body string)) string {
	t.Helper()
	backend := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, err := harness.ReadBody(r)
		if err != nil {
			w.WriteHeader(http.StatusBadRequest)
			return
		}
		if took != nil {
			took(string(body))
		}
		w.Header().Set("Content-Type", "application/x-protobuf")
	}))
	t.Cleanup(backend.Close)
	return backend.URL
}

// want is an issue as it must be.
type want struct {
	service string
	title   string // a part of it
	count   uint64
	traces  []string // all trace IDs of its failures; nil = none are asked for
	texts   []string
}

// expect waits until the collector has exactly these issues, and looks each up on its page.
func expect(t *testing.T, c *harness.Collector, wants ...want) {
	t.Helper()
	expectBesides(t, c, "", wants...)
}

// expectBesides is expect without the issues of one service.
func expectBesides(t *testing.T, c *harness.Collector, other string, wants ...want) {
	t.Helper()
	var issues []harness.Issue
	find := func(w want) *harness.Issue {
		for i := range issues {
			if issues[i].Service == w.service && strings.Contains(issues[i].Title, w.title) {
				return &issues[i]
			}
		}
		return nil
	}
	harness.Eventually(t, limit, func() error {
		issues = slices.DeleteFunc(c.ListIssues(t), func(i harness.Issue) bool { return other != "" && i.Service == other })
		for _, w := range wants {
			switch i := find(w); {
			case i == nil:
				return fmt.Errorf("no issue %q of %q among %s", w.title, w.service, list(issues))
			case i.Count != w.count:
				return fmt.Errorf("issue %q has %d occurrences, want %d", i.Title, i.Count, w.count)
			}
		}
		return nil
	})
	require.Len(t, issues, len(wants), list(issues))
	for _, w := range wants {
		i := find(w)
		api, page := harness.Get(t, c.Issues+"/api/issues/"+i.ID), harness.Get(t, c.Issues+"/issues/"+i.ID)
		if w.traces != nil {
			var full struct {
				TraceIDs []string `json:"trace_ids"`
				Event    struct {
					TraceID string `json:"trace_id"`
				}
			}
			require.NoError(t, json.Unmarshal([]byte(api), &full))
			require.ElementsMatch(t, w.traces, full.TraceIDs, i.Title)
			require.Contains(t, w.traces, full.Event.TraceID, i.Title)
			require.Contains(t, page, full.Event.TraceID, i.Title)
		}
		for _, text := range w.texts {
			require.Contains(t, api, text, i.Title)
		}
	}
}

func list(issues []harness.Issue) string {
	var b strings.Builder
	for _, i := range issues {
		fmt.Fprintf(&b, "\n  %q of %q, %d times", i.Title, i.Service, i.Count)
	}
	return b.String()
}

// need skips a test loudly where a program is missing.
func need(t *testing.T, program string) string {
	t.Helper()
	path, err := exec.LookPath(program)
	if err != nil {
		t.Skipf("NOT TESTED: %s is missing", program)
	}
	return path
}

// cache is a folder that outlives the test.
func cache(t *testing.T, name string) string {
	t.Helper()
	dir := filepath.Join(harness.Root(), ".cache", "inputs", name)
	require.NoError(t, os.MkdirAll(dir, 0o755))
	return dir
}

// python is an interpreter with the packages of testdata/requirements.txt, which are installed when they are not.
func python(t *testing.T) string {
	t.Helper()
	interpreter, wanted := need(t, "python3"), filepath.Join("testdata", "requirements.txt")
	dir := filepath.Join(cache(t, "."), "python")
	done := filepath.Join(dir, "requirements.txt")
	text, err := os.ReadFile(wanted)
	require.NoError(t, err)
	if have, err := os.ReadFile(done); err != nil || string(have) != string(text) {
		require.NoError(t, os.RemoveAll(dir))
		run(t, ".", nil, interpreter, "-m", "venv", dir)
		run(t, ".", nil, filepath.Join(dir, "bin", "pip"), "install", "--quiet", "--disable-pip-version-check", "-r", wanted)
		require.NoError(t, os.WriteFile(done, text, 0o600))
	}
	return filepath.Join(dir, "bin", "python")
}

// run runs a program that must succeed.
func run(t *testing.T, dir string, env []string, program string, args ...string) string {
	t.Helper()
	out, code := harness.Run(t, dir, env, program, args...)
	require.Zero(t, code, "%s %v: %s", program, args, out)
	return out
}
