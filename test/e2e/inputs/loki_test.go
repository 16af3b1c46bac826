package inputs

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/grafana/loki-client-go/loki"
	"github.com/prometheus/common/model"
	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/test/e2e/harness"
)

// TestLokiPush: Promtail's client as a library (protobuf), and the handler of Python's logging (JSON).
func TestLokiPush(t *testing.T) {
	address := harness.Address(t)
	c := start(t, nil, recipe(t, "promtail.md", "loki.yaml", "localhost:3500", address))
	client, err := loki.NewWithDefault("http://" + address + "/loki/api/v1/push")
	require.NoError(t, err)
	for i := range 3 {
		at := time.Now()
		require.NoError(t, client.Handle(model.LabelSet{"app": "checkout", "namespace": "shop"}, at, "level=info msg=\"next order\""))
		require.NoError(t, client.Handle(model.LabelSet{"app": "checkout", "namespace": "shop"}, at, "level=error trace_id="+traceID(i)+" msg=\"card was declined\""))
		require.NoError(t, client.Handle(model.LabelSet{"job": "orders"}, at, "ERROR [orders,"+traceID(10+i)+",00f067aa0ba902b7] order failed\n"+
			"java.lang.IllegalStateException: stock is negative\n\tat com.acme.Stock.take(Stock.java:17)\n\tat com.acme.Orders.place(Orders.java:42)"))
	}
	client.Stop()

	app := filepath.Join(t.TempDir(), "app.py")
	code := strings.ReplaceAll(block(t, "promtail.md", "logger.py"), "localhost:3500", address) + failing("no limit")
	require.NoError(t, os.WriteFile(app, []byte(code), 0o600))
	run(t, ".", nil, python(t), app)

	expect(t, c,
		want{service: "checkout", title: "card was declined", count: 3, traces: traceIDs(0, 2)},
		want{service: "orders", title: "IllegalStateException: stock is negative", count: 3, traces: traceIDs(10, 12), texts: []string{"com.acme.Stock"}},
		want{service: "checkout", title: "KeyError", count: 1, texts: []string{`"limit"`}},
	)
}
