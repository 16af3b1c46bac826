package stress

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/opentracing/opentracing-go"
	"github.com/opentracing/opentracing-go/log"
	"github.com/stretchr/testify/require"
	"github.com/uber/jaeger-client-go"
	"github.com/uber/jaeger-client-go/transport"

	"github.com/otel-culprit/culprit/test/e2e/harness"
)

// sendJaeger sends a span with Jaeger's client.
func (in inputs) sendJaeger(t *testing.T) {
	t.Helper()
	tracer, closer := jaeger.NewTracer("jaeger-"+mark("jaeger-service"), jaeger.NewConstSampler(true),
		jaeger.NewRemoteReporter(transport.NewHTTPTransport("http://"+in.jaeger+"/api/traces")),
		jaeger.TracerOptions.Tag("owner", mark("jaeger-process")), jaeger.TracerOptions.Tag(mark("jaeger-processkey"), "x"))
	span := tracer.StartSpan("arrived-jaeger "+mark("jaeger-name"), opentracing.Tags{"error": true, "who": mark("jaeger-tag"), mark("jaeger-key"): "x", "kinds": kinds(), "password": "leakypassword1"})
	span.LogFields(log.Event("error"), log.String("error.kind", "PaymentError"), log.Message("declined for "+mark("jaeger-message")),
		log.String("stack", "PaymentError: "+mark("jaeger-stack")+"\n\tat com.acme.Stock.take(Stock.java:17)"), log.String("who", mark("jaeger-log")))
	span.Finish()
	require.NoError(t, closer.Close())
}

// sendBroken sends what no input can read: refusals and complaints may not tell what it was.
func (in inputs) sendBroken(t *testing.T) {
	t.Helper()
	for url, kind := range map[string]string{
		in.otlp + "/v1/logs": "application/json", in.otlp + "/v1/traces": "application/x-protobuf", "http://" + in.zipkin + "/api/v2/spans": "application/json",
		"http://" + in.loki + "/loki/api/v1/push": "application/json", "http://" + in.jaeger + "/api/traces": "application/vnd.apache.thrift.binary",
		"http://" + in.sentry + "/api/1/envelope/?sentry_key=public": "application/x-sentry-envelope", "http://" + in.sentry + "/api/1/store/?sentry_key=public": "application/json",
		"http://" + in.sentry + "/api/" + mark("sentry-project") + "/envelope/": "application/x-sentry-envelope",
	} {
		request, err := http.NewRequest(http.MethodPost, url, strings.NewReader(`{"`+mark("broken-key")+`": "`+mark("broken-value")+` `+kinds()))
		require.NoError(t, err)
		request.Header.Set("Content-Type", kind)
		resp, err := http.DefaultClient.Do(request)
		require.NoError(t, err)
		resp.Body.Close()
	}
	shake(t, in.beats, window([]byte(`{"message": "`+mark("beats-broken")+`"`)))
	send(t, in.fluent, append([]byte{0x93, 0xc1}, mark("fluent-broken")...))
	send(t, in.syslog, []byte("<11>no syslog of "+mark("syslog-broken")+", "+kinds()+"\n"))
}

// startScraped is a service whose metrics are fetched.
func startScraped(t *testing.T) string {
	t.Helper()
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/openmetrics-text; version=1.0.0; charset=utf-8")
		fmt.Fprintf(w, "# HELP arrived_prometheus Payments of %s\n# TYPE arrived_prometheus counter\narrived_prometheus_total{who=%q,kinds=%q,password=\"leakypassword1\"} 7 # {trace_id=\"4bf92f3577b34da6a3ce929d0e0e4736\",who=%q} 1 %d\n"+
			"# TYPE target info\ntarget_info{owner=%q} 1\n# EOF\n",
			mark("prometheus-help"), mark("prometheus-label"), kinds(), mark("prometheus-exemplar"), time.Now().Unix(), mark("prometheus-target"))
	}))
	t.Cleanup(server.Close)
	return server.Listener.Addr().String()
}

// startProcess is a program whose arguments the host's metrics tell.
func startProcess(t *testing.T) {
	t.Helper()
	dir := t.TempDir()
	shell, err := os.ReadFile("/bin/sh")
	require.NoError(t, err)
	program := filepath.Join(dir, "arrived-proc")
	require.NoError(t, os.WriteFile(program, shell, 0o700))
	harness.Start(t, "arrived-proc", dir, nil, program, "-c", "while :; do sleep 1; done", "--mail="+mark("process-argument"), "--password=leakypassword1", kinds())
}
