package inputs

import (
	"net/http"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/test/e2e/harness"
)

const javaAgent = "io.opentelemetry.javaagent:opentelemetry-javaagent:2.33.1"

// TestJavaAgent: OpenTelemetry's agent in a plain Java service; the exception that java.util.logging writes, with its cause,
// and the failed request are one issue with the trace ID that the caller sent.
func TestJavaAgent(t *testing.T) {
	need(t, "javac")
	dir := cache(t, "java")
	agent := filepath.Join(dir, "opentelemetry-javaagent-2.33.1.jar")
	if !exists(agent) {
		run(t, dir, nil, need(t, "mvn"), "--quiet", "--batch-mode", "org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy",
			"-Dartifact="+javaAgent, "-DoutputDirectory="+dir)
	}
	classes := t.TempDir()
	run(t, ".", nil, "javac", "-d", classes, filepath.Join("testdata", "programs", "OrdersServer.java"))

	c := start(t, nil)
	port := harness.Port(t)
	url := "http://127.0.0.1:" + strconv.Itoa(port)
	service := harness.Start(t, "orders", t.TempDir(), harness.Env(map[string]string{
		"OTEL_SERVICE_NAME": "orders", "OTEL_EXPORTER_OTLP_ENDPOINT": c.OTLPHTTP, "OTEL_EXPORTER_OTLP_PROTOCOL": "http/protobuf",
		"OTEL_BSP_SCHEDULE_DELAY": "200", "OTEL_BLRP_SCHEDULE_DELAY": "200",
	}), "java", "-javaagent:"+agent, "-cp", classes, "OrdersServer", strconv.Itoa(port))
	service.WaitReady(t, url, 60*time.Second)
	for i := range 3 {
		request, err := http.NewRequest(http.MethodPost, url+"/orders", nil)
		require.NoError(t, err)
		request.Header.Set("traceparent", "00-"+traceID(i)+"-00f067aa0ba902b7-01")
		answer, err := http.DefaultClient.Do(request)
		require.NoError(t, err)
		require.NoError(t, answer.Body.Close())
		require.Equal(t, http.StatusInternalServerError, answer.StatusCode)
	}
	expect(t, c, want{service: "orders", title: "RuntimeException: order was not placed", count: 3, traces: traceIDs(0, 2), texts: []string{"stock is empty", "OrdersServer"}})
}
