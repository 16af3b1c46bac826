package inputs

import (
	"fmt"
	"os"
	"path/filepath"
	"testing"

	"github.com/openzipkin/zipkin-go"
	"github.com/openzipkin/zipkin-go/reporter/http"
	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/test/e2e/harness"
)

// TestZipkin: the libraries of Go, with trace IDs of 64 bits as is its default, and of Python.
func TestZipkin(t *testing.T) {
	address := harness.Address(t)
	c := start(t, nil, recipe(t, "zipkin.md", "zipkin.yaml", "localhost:9411", address))
	url := "http://" + address + "/api/v2/spans"
	reporter := http.NewReporter(url)
	endpoint, err := zipkin.NewEndpoint("checkout", "")
	require.NoError(t, err)
	tracer, err := zipkin.NewTracer(reporter, zipkin.WithLocalEndpoint(endpoint))
	require.NoError(t, err)
	var traces []string
	for range 3 {
		server := tracer.StartSpan("POST /orders")
		charge := tracer.StartSpan("charge", zipkin.Parent(server.Context()))
		zipkin.TagError.Set(charge, "card was declined")
		charge.Finish()
		server.Finish()
		traces = append(traces, fmt.Sprintf("%032s", server.Context().TraceID.String()))
	}
	require.NoError(t, reporter.Close())

	app := filepath.Join(t.TempDir(), "app.py")
	require.NoError(t, os.WriteFile(app, []byte(`
import urllib.request
from py_zipkin import Encoding
from py_zipkin.transport import BaseTransportHandler
from py_zipkin.util import ZipkinAttrs
from py_zipkin.zipkin import zipkin_span


class Http(BaseTransportHandler):
    def get_max_payload_bytes(self):
        return None

    def send(self, payload):
        urllib.request.urlopen(urllib.request.Request("`+url+`", payload.encode(), {"Content-Type": "application/json"}))


with zipkin_span(service_name="orders", span_name="place", transport_handler=Http(), encoding=Encoding.V2_JSON,
                 zipkin_attrs=ZipkinAttrs("`+traceID(1)+`", "00f067aa0ba902b7", None, "1", True)) as span:
    span.update_binary_annotations({"error": "stock is negative"})
`), 0o600))
	run(t, ".", nil, python(t), app)

	expect(t, c,
		want{service: "checkout", title: "card was declined", count: 3, traces: traces},
		want{service: "orders", title: "stock is negative", count: 1, traces: traceIDs(1, 1)},
	)
}
