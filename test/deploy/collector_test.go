package deploy

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// collector is the built binary: of CULPRIT_COLLECTOR, else bin/otelcol-culprit.
func collector(t *testing.T) string {
	t.Helper()
	path := os.Getenv("CULPRIT_COLLECTOR")
	if path == "" {
		path = filepath.Join(root, "bin/otelcol-culprit")
	}
	if _, err := os.Stat(path); err != nil {
		t.Skipf("NOT TESTED with the collector: %v (run `make build`, or set CULPRIT_COLLECTOR)", err)
	}
	abs, err := filepath.Abs(path)
	require.NoError(t, err)
	return abs
}

// What the components lay over a configuration is valid together with it.
func TestLayersAreValid(t *testing.T) {
	binary := collector(t)
	configs := filepath.Join(root, "configs")
	components := filepath.Join(root, "deploy/kubernetes/components")
	for name, files := range map[string][]string{
		"page":              {configs + "/gateway.yaml", components + "/page/page.yaml"},
		"redis":             {configs + "/gateway.yaml", components + "/redis/redis.yaml"},
		"agent":             {configs + "/agent.yaml", components + "/k8s-attributes/k8s-attributes.yaml"},
		"agent-loadbalance": {configs + "/agent-loadbalancing.yaml", components + "/k8s-attributes/k8s-attributes.yaml"},
	} {
		t.Run(name, func(t *testing.T) {
			cmd := exec.CommandContext(t.Context(), binary, "validate", "--config", files[0], "--config", files[1])
			// The kubelet sets the first two in every pod; the address makes the page's password matter.
			cmd.Env = append(os.Environ(), "KUBERNETES_SERVICE_HOST=127.0.0.1", "KUBERNETES_SERVICE_PORT=443",
				"NODE_NAME=node-1", "ISSUES_ENDPOINT=0.0.0.0:4380", "STATE_DIRECTORY="+t.TempDir())
			if name == "redis" {
				cmd.Env = append(cmd.Env, "ISSUES_ENDPOINT=localhost:4380")
			}
			if strings.HasPrefix(name, "agent") {
				cmd.Args = append(cmd.Args, gate) // the collector has it still
			}
			out, err := cmd.CombinedOutput()
			require.NoError(t, err, "%s", out)
		})
	}
}
