package inputs

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/test/e2e/harness"
)

// formats are how the container runtimes write a line; last tells that no other part of it follows.
var formats = map[string]func(part string, last bool) string{
	"docker": func(part string, last bool) string {
		if last {
			part += "\n"
		}
		line, _ := json.Marshal(map[string]string{"log": part, "stream": "stderr", "time": time.Now().UTC().Format(time.RFC3339Nano)})
		return string(line) + "\n"
	},
	"crio":       func(part string, last bool) string { return cri(part, last, "2006-01-02T15:04:05.999999999-07:00") },
	"containerd": func(part string, last bool) string { return cri(part, last, "2006-01-02T15:04:05.999999999Z") },
}

func cri(part string, last bool, layout string) string {
	return fmt.Sprintf("%s stderr %s %s\n", time.Now().UTC().Format(layout), map[bool]string{false: "P", true: "F"}[last], part)
}

// pods is a folder as /var/log/pods.
type pods string

// write appends what a container prints to its file; runtimes divide long lines, here those above 60 bytes.
func (p pods) write(t *testing.T, format, container, text string) {
	t.Helper()
	dir := filepath.Join(string(p), fmt.Sprintf("shop_%s-%s_0a1b2c3d-0000-4000-8000-000000000001", container, format), container)
	require.NoError(t, os.MkdirAll(dir, 0o755))
	var b strings.Builder
	for line := range strings.SplitSeq(strings.TrimSuffix(text, "\n"), "\n") {
		for len(line) > 60 {
			b.WriteString(formats[format](line[:60], false))
			line = line[60:]
		}
		b.WriteString(formats[format](line, true))
	}
	file, err := os.OpenFile(filepath.Join(dir, "0.log"), os.O_CREATE|os.O_APPEND|os.O_WRONLY, 0o600)
	require.NoError(t, err)
	_, err = file.WriteString(b.String())
	require.NoError(t, err)
	require.NoError(t, file.Close())
}

// readPods runs the agent of configs/agent.yaml on a folder and waits until it reads: start_at: end skips what is there at the
// first look.
func readPods(t *testing.T, gateway *harness.Collector) (pods, *harness.Collector) {
	t.Helper()
	dir := pods(t.TempDir())
	agent := harness.StartCollector(t, harness.Config("agent.yaml"), map[string]string{
		"GATEWAY_ENDPOINT": gateway.OTLPGRPC, "LOG_FILES": filepath.Join(string(dir), "*", "*", "*.log"),
	})
	harness.Eventually(t, limit, func() error {
		dir.write(t, "containerd", "canary", "ERROR the canary sings")
		if len(gateway.ListIssues(t)) == 0 {
			return fmt.Errorf("the agent does not read")
		}
		return nil
	})
	return dir, agent
}

// TestContainers: what programs in seven languages print, in each format of container logs and with divided lines, is one
// issue for each bug, named by its container. The agent of configs/agent.yaml is restarted in between; what was written
// meanwhile is read then, and nothing twice.
func TestContainers(t *testing.T) {
	gateway := start(t, nil)
	dir, agent := readPods(t, gateway)
	n := 0
	trace := func() string { n++; return traceID(n) }
	var services map[string]string
	for i, format := range []string{"docker", "crio", "containerd"} {
		services = outputs(t, trace)
		if i == 2 {
			agent.Stop()
		}
		for service, text := range services {
			dir.write(t, format, service, text)
		}
		if i == 1 { // all that was read has left the agent, also what it holds back for a stack
			expectBesides(t, gateway, "canary", wants(services, 2)...)
		}
	}
	agent.Restart(t)
	expectBesides(t, gateway, "canary", wants(services, 3)...)
}

// TestContainersKilled: kill -9 of the agent loses nothing that a container has printed, also not what the agent was joining.
func TestContainersKilled(t *testing.T) {
	all := &grown{seen: map[string]bool{}}
	gateway := start(t, map[string]string{"OTLP_BACKEND": startBackend(t, all.took)})
	dir, agent := readPods(t, gateway)
	const n = 600
	done := grow(n, func(text string) { dir.write(t, "containerd", "checkout", text) })
	for range 2 {
		time.Sleep(time.Second)
		agent.Kill()
		agent.Restart(t)
	}
	<-done
	agent.Kill() // while it holds back the last ones
	agent.Restart(t)
	all.expect(t, n)
}
