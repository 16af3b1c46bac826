package e2e

import (
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/test/e2e/harness"
)

// TestBrowsersMaySend: with the receiver of docs/metrics.md a page of the shop may send OTLP/HTTP, another one may not.
func TestBrowsersMaySend(t *testing.T) {
	block := regexp.MustCompile(`(?s)## Browsers.*?` + "```yaml\n(.*?)```").FindStringSubmatch(readText(t, "docs", "metrics.md"))
	require.NotNil(t, block)
	address, health := harness.Address(t), harness.Address(t)
	config := strings.Replace(block[1], "localhost:4319", address, 1) + `
extensions: {health_check: {endpoint: "` + health + `"}}
exporters: {nop: {}}
service: {extensions: [health_check], telemetry: {metrics: {level: none}}, pipelines: {logs: {receivers: [otlp/browser], exporters: [nop]}}}
`
	file := filepath.Join(t.TempDir(), "config.yaml")
	require.NoError(t, os.WriteFile(file, []byte(config), 0o600))
	p := harness.Start(t, "collector", t.TempDir(), nil, harness.Binary(t), "--config", file)
	p.WaitReady(t, "http://"+health, 30*time.Second)

	allowed := func(origin string) string {
		t.Helper()
		req, err := http.NewRequest(http.MethodOptions, "http://"+address+"/v1/logs", http.NoBody)
		require.NoError(t, err)
		req.Header.Set("Origin", origin)
		req.Header.Set("Access-Control-Request-Method", http.MethodPost)
		req.Header.Set("Access-Control-Request-Headers", "content-type")
		resp, err := http.DefaultClient.Do(req)
		require.NoError(t, err)
		defer resp.Body.Close()
		return resp.Header.Get("Access-Control-Allow-Origin")
	}
	assert.Equal(t, "https://shop.example.com", allowed("https://shop.example.com"))
	assert.Empty(t, allowed("https://elsewhere.example.com"))
}
