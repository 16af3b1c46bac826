package inputs

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/test/e2e/harness"
)

// appendTo appends to the log of a service.
func appendTo(t *testing.T, dir, service, text string) {
	t.Helper()
	require.NoError(t, os.MkdirAll(filepath.Join(dir, service), 0o755))
	file, err := os.OpenFile(filepath.Join(dir, service, "app.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	require.NoError(t, err)
	_, err = file.WriteString(text)
	require.NoError(t, err)
	require.NoError(t, file.Close())
}

// readFiles runs the recipe for files on a folder and waits until it reads: start_at: end skips what is there at the first look.
func readFiles(t *testing.T, dir, backend string, args ...string) *harness.Collector {
	t.Helper()
	args = append(args, "--config", recipe(t, "files.md", "files.yaml", "/var/log/services", dir))
	c := harness.StartCollector(t, harness.Config("minimal.yaml"), map[string]string{"OTLP_BACKEND": backend}, args...)
	harness.Eventually(t, limit, func() error {
		appendTo(t, dir, "canary", "ERROR the canary sings\n")
		if len(c.ListIssues(t)) == 0 {
			return errors.New("files are not read")
		}
		return nil
	})
	return c
}

// TestFiles: programs in seven languages write files; each of their bugs is one issue. What they write while the collector
// is down is read when it is up again, and nothing twice.
func TestFiles(t *testing.T) {
	dir := t.TempDir()
	c := readFiles(t, dir, startBackend(t, nil))
	n := 0
	trace := func() string { n++; return traceID(n) }
	var services map[string]string
	write := func() {
		services = outputs(t, trace)
		for service, text := range services {
			appendTo(t, dir, service, text)
		}
	}
	expected := func(count uint64) []want {
		// console.error(error) writes no line that a record could begin with; it stays with the record before.
		return slices.DeleteFunc(wants(services, count), func(w want) bool { return strings.HasPrefix(w.title, "RangeError") })
	}
	write()
	expectBesides(t, c, "canary", expected(1)...)
	c.Stop()
	write()
	c.Restart(t)
	expectBesides(t, c, "canary", expected(2)...)
}

// grow writes errors with stacks for some seconds; the channel is closed at the end.
func grow(n int, write func(text string)) <-chan struct{} {
	done := make(chan struct{})
	go func() {
		defer close(done)
		for i := range n {
			write(fmt.Sprintf("%s ERROR trace_id=%s disk is full\njava.io.IOException: no space left\n", time.Now().Format("2006-01-02 15:04:05.000"), traceID(i)))
			write("\tat com.acme.Disk.write(Disk.java:17)\n\tat com.acme.Orders.place(Orders.java:42)\n")
			time.Sleep(5 * time.Millisecond)
		}
	}()
	return done
}

// grown sees which of the errors of grow came whole to a backend.
type grown struct {
	mu   sync.Mutex // protects seen
	seen map[string]bool
}

var whole = regexp.MustCompile("ERROR trace_id=([0-9a-f]{32}) disk is full\njava.io.IOException: no space left\n\tat com.acme.Disk.write.*\n\tat com.acme.Orders")

func (g *grown) took(body string) {
	g.mu.Lock()
	defer g.mu.Unlock()
	for _, m := range whole.FindAllStringSubmatch(body, -1) {
		g.seen[m[1]] = true
	}
}

// expect waits until all have come.
func (g *grown) expect(t *testing.T, n int) {
	t.Helper()
	harness.Eventually(t, limit, func() error {
		g.mu.Lock()
		defer g.mu.Unlock()
		if len(g.seen) < n {
			return fmt.Errorf("%d of %d records came whole", len(g.seen), n)
		}
		return nil
	})
}

// TestFilesRestart: while a file grows, the collector is restarted: each error is counted, once.
func TestFilesRestart(t *testing.T) {
	dir := t.TempDir()
	c := readFiles(t, dir, startBackend(t, nil))
	const n = 600
	done := grow(n, func(text string) { appendTo(t, dir, "checkout", text) })
	for range 2 {
		time.Sleep(time.Second)
		c.Stop()
		c.Restart(t)
	}
	<-done
	expectBesides(t, c, "canary", want{service: "checkout", title: "IOException: no space left", count: n, texts: []string{"com.acme.Disk"}})
}

// TestFilesKilled: kill -9 loses nothing that stands in a file.
func TestFilesKilled(t *testing.T) {
	all := &grown{seen: map[string]bool{}}
	dir := t.TempDir()
	c := readFiles(t, dir, startBackend(t, all.took))
	const n = 600
	done := grow(n, func(text string) { appendTo(t, dir, "checkout", text) })
	for range 2 {
		time.Sleep(time.Second)
		c.Kill()
		c.Restart(t)
	}
	<-done
	all.expect(t, n)
}
