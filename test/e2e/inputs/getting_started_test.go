package inputs

import (
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/test/e2e/harness"
)

var fenced = regexp.MustCompile("(?s)```(\\w+)\n(.*?)```")

// steps are the fenced blocks of a page of docs below a heading; "" = all of the page.
func steps(t *testing.T, page, heading string) []string {
	t.Helper()
	file, err := os.ReadFile(filepath.Join(harness.Root(), "docs", page))
	require.NoError(t, err)
	text := string(file)
	if heading != "" {
		_, after, found := strings.Cut(text, "\n"+heading+"\n")
		require.True(t, found, "%s has no heading %q", page, heading)
		text, _, _ = strings.Cut(after, "\n#")
	}
	var out []string
	for _, m := range fenced.FindAllStringSubmatch(text, -1) {
		out = append(out, m[2])
	}
	return out
}

// TestGettingStartedKorean: both languages of the page do the same.
func TestGettingStartedKorean(t *testing.T) {
	assert.Equal(t, steps(t, "getting-started.md", ""), steps(t, "getting-started.ko.md", ""))
}

// The third step of the page is walked word by word, but for the ports: each service ends in an issue, which is regressed
// when it comes back.

func TestGettingStartedCurl(t *testing.T) {
	c := harness.StartCollector(t, harness.Config("local.yaml"), nil)
	blocks := steps(t, "getting-started.md", "### With curl")
	require.Len(t, blocks, 1)
	sh(t, t.TempDir(), strings.ReplaceAll(blocks[0], "localhost:4318", strings.TrimPrefix(c.OTLPHTTP, "http://")))
	expect(t, c, want{service: "my-service", title: "no limit for <email>", count: 1, traces: []string{"f47ac10b58cc4372a5670e02b2c3d479"}})
}

func TestGettingStartedPython(t *testing.T) {
	need(t, "python3")
	walk(t, "### With a Python service", "app.py", "5001", "limits", "KeyError")
}

func TestGettingStartedNode(t *testing.T) {
	need(t, "npm")
	walk(t, "### With a Node.js service", "app.js", "3000", "limits-node", "TypeError: Cannot read properties of undefined")
}

func TestGettingStartedGo(t *testing.T) {
	require.NoError(t, os.RemoveAll(filepath.Join(cache(t, "getting-started-limits-go"), "go.mod"))) // of the last time
	walk(t, "### With a Go service", "main.go", "8081", "limits-go", "nil pointer dereference", "go build -o /dev/null .")
}

func sh(t *testing.T, dir, script string) { run(t, dir, nil, "bash", "-euc", script) }

// walk installs, writes the program, runs it and calls it. What takes long, such as compiling, is done before.
func walk(t *testing.T, heading, file, port, name, title string, before ...string) {
	t.Helper()
	c := harness.StartCollector(t, harness.Config("local.yaml"), nil)
	blocks := steps(t, "getting-started.md", heading)
	require.Len(t, blocks, 4, heading)
	own := harness.Address(t)
	_, number, _ := strings.Cut(own, ":")
	for i := range blocks {
		blocks[i] = strings.NewReplacer("localhost:4318", strings.TrimPrefix(c.OTLPHTTP, "http://"), port, number).Replace(blocks[i])
	}
	dir := cache(t, "getting-started-"+name)
	sh(t, dir, blocks[0])
	require.NoError(t, os.WriteFile(filepath.Join(dir, file), []byte(blocks[1]), 0o600))
	for _, script := range before {
		sh(t, dir, script)
	}
	// The service is a child of the shell, which ends it when it is ended itself; Node.js with OpenTelemetry outlives a SIGTERM.
	service := harness.Start(t, name, t.TempDir(), nil, "bash", "-c", "cd '"+dir+"'\ntrap 'kill -9 0' TERM\n"+strings.TrimSpace(blocks[2])+" &\nwait")
	harness.Eventually(t, limit, func() error {
		answer, err := http.Get("http://" + own + "/")
		if err == nil {
			err = answer.Body.Close()
		}
		return err
	})
	sh(t, dir, blocks[3])
	require.False(t, service.Ended(), service.Tail(2000))
	expect(t, c, want{service: name, title: title, count: 1, texts: []string{file}})
	id := c.ListIssues(t)[0].ID
	answer, err := http.Post(c.Issues+"/api/issues/"+id+"/resolve", "application/json", strings.NewReader("{}"))
	require.NoError(t, err)
	require.NoError(t, answer.Body.Close())
	require.Equal(t, http.StatusOK, answer.StatusCode)
	sh(t, dir, blocks[3])
	harness.Eventually(t, limit, func() error {
		if state := c.GetIssue(t, id)["state"]; state != "regressed" {
			return fmt.Errorf("the issue is %s, want regressed", state)
		}
		return nil
	})
}
