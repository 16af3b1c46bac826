package inputs

import (
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	lumber "github.com/elastic/go-lumber/client/v2"
	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/test/e2e/harness"
)

// TestBeats: Elastic's client library, and a Python service with the handler for Logstash that keeps what it could not send on
// disk: it starts while the collector is down. (configs/filebeat.yaml has a test of its own beside this folder.)
func TestBeats(t *testing.T) {
	address := harness.Address(t)
	c := start(t, nil, recipe(t, "beats.md", "beats.yaml", "localhost:5044", address))
	client, err := lumber.SyncDial(address, lumber.CompressionLevel(3), lumber.Timeout(10*time.Second))
	require.NoError(t, err)
	for i := range 3 {
		n, err := client.Send([]any{map[string]any{
			"@timestamp": time.Now().UTC().Format(time.RFC3339Nano), "fields": map[string]any{"service": "orders"},
			"message": "2026-11-22 15:00:00 ERROR [orders," + traceID(i) + ",00f067aa0ba902b7] order failed\njava.lang.IllegalStateException: stock is negative\n\tat com.acme.Stock.take(Stock.java:17)",
		}})
		require.NoError(t, err)
		require.Equal(t, 1, n)
	}
	require.NoError(t, client.Close())

	c.Stop()
	_, port := hostPort(t, address)
	dir := t.TempDir()
	code := strings.NewReplacer(`"localhost"`, `"127.0.0.1"`, "5044", strconv.Itoa(port)).Replace(block(t, "beats.md", "logger.py")) + `
import time

def limit(user):
    return {"ana": 1}[user]

try:
    limit("bob")
except KeyError:
    logging.exception("no limit", extra={"trace_id": "` + traceID(10) + `"})
time.sleep(60)
`
	require.NoError(t, os.WriteFile(filepath.Join(dir, "app.py"), []byte(code), 0o600))
	harness.Start(t, "service", dir, nil, python(t), "app.py")
	time.Sleep(2 * time.Second)
	c.Restart(t)
	expect(t, c,
		want{service: "orders", title: "IllegalStateException: stock is negative", count: 3, traces: traceIDs(0, 2), texts: []string{"com.acme.Stock"}},
		want{service: "checkout", title: "KeyError", count: 1, traces: traceIDs(10, 10), texts: []string{`"limit"`}},
	)
}
