package inputs

import (
	"fmt"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/fluent/fluent-logger-golang/fluent"
	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/test/e2e/harness"
)

// hostPort takes an address apart.
func hostPort(t *testing.T, address string) (string, int) {
	t.Helper()
	host, text, err := net.SplitHostPort(address)
	require.NoError(t, err)
	port, err := strconv.Atoi(text)
	require.NoError(t, err)
	return host, port
}

// TestFluentForward: Fluentd's loggers of Go and Python. The one of Go asks for acknowledgements, and sends again what was
// not taken while the collector was down.
func TestFluentForward(t *testing.T) {
	address := harness.Address(t)
	c := start(t, nil, recipe(t, "fluent.md", "fluent.yaml", "localhost:8006", address))
	host, port := hostPort(t, address)
	logger, err := fluent.New(fluent.Config{FluentHost: host, FluentPort: port, RequestAck: true, ReadTimeout: 10 * time.Second, MaxRetry: 30, MaxRetryWait: 500})
	require.NoError(t, err)
	defer logger.Close()
	post := func(record map[string]any) { require.NoError(t, logger.Post("kube.checkout", record)) }
	java := func(n int) map[string]any { // as Fluent Bit's filter kubernetes writes it
		return map[string]any{
			"log":        `{"level":"ERROR","message":"order failed","trace_id":"` + traceID(n) + `","stack_trace":"java.lang.IllegalStateException: stock is negative\n\tat com.acme.Stock.take(Stock.java:17)\n\tat com.acme.Orders.place(Orders.java:42)\n"}`,
			"kubernetes": map[string]any{"namespace_name": "shop", "container_name": "main", "labels": map[string]any{"app": "orders"}},
		}
	}
	for i := range 3 {
		post(map[string]any{"log": fmt.Sprintf("INFO order %d", i), "service": "checkout"})
		post(map[string]any{"log": "ERROR X-Trace-ID=" + traceID(10+i) + " card was declined", "service": "checkout"})
		post(java(i))
	}
	c.Stop()
	restarted := make(chan struct{})
	go func() {
		defer close(restarted)
		time.Sleep(time.Second)
		c.Restart(t)
	}()
	post(java(3))
	<-restarted

	program := filepath.Join(t.TempDir(), "app.py")
	code := strings.ReplaceAll(block(t, "fluent.md", "logger.py"), "8006", strconv.Itoa(port)) + failing("no limit") + "forward.close()\n"
	require.NoError(t, os.WriteFile(program, []byte(code), 0o600))
	run(t, ".", nil, python(t), program)

	expect(t, c,
		want{service: "checkout", title: "card was declined", count: 3, traces: traceIDs(10, 12)},
		want{service: "orders", title: "IllegalStateException: stock is negative", count: 4, traces: traceIDs(0, 3), texts: []string{"com.acme.Stock"}},
		// The Python logger's tag is the name of its service.
		want{service: "checkout", title: "KeyError", count: 1, texts: []string{`"limit"`}},
	)
}
