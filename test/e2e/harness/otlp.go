package harness

import (
	"bytes"
	"fmt"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/plog/plogotlp"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/pmetric/pmetricotlp"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/pdata/ptrace/ptraceotlp"
)

var client = &http.Client{Timeout: time.Minute}

// SendLogs posts logs to an OTLP/HTTP endpoint; nil = the collector has acknowledged them.
func SendLogs(endpoint string, logs plog.Logs) error {
	body, err := plogotlp.NewExportRequestFromLogs(logs).MarshalProto()
	if err != nil {
		return err
	}
	return post(endpoint+"/v1/logs", body)
}

// TrySendLogs posts logs and returns the status of the answer.
func TrySendLogs(t testing.TB, endpoint string, logs plog.Logs) int {
	t.Helper()
	body, err := plogotlp.NewExportRequestFromLogs(logs).MarshalProto()
	require.NoError(t, err)
	resp, err := send(endpoint+"/v1/logs", body)
	require.NoError(t, err)
	defer resp.Body.Close()
	_, _ = io.Copy(io.Discard, resp.Body)
	return resp.StatusCode
}

// SendTraces posts spans.
func SendTraces(endpoint string, traces ptrace.Traces) error {
	body, err := ptraceotlp.NewExportRequestFromTraces(traces).MarshalProto()
	if err != nil {
		return err
	}
	return post(endpoint+"/v1/traces", body)
}

// SendMetrics posts data points.
func SendMetrics(endpoint string, metrics pmetric.Metrics) error {
	body, err := pmetricotlp.NewExportRequestFromMetrics(metrics).MarshalProto()
	if err != nil {
		return err
	}
	return post(endpoint+"/v1/metrics", body)
}

// send may repeat the request on a new connection when the collector closed an idle one at that moment, as exporters do: the
// key without a value says so to net/http and is not sent.
func send(url string, body []byte) (*http.Response, error) {
	req, err := http.NewRequest(http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return nil, err
	}
	req.Header = http.Header{"Content-Type": {"application/x-protobuf"}, "Idempotency-Key": {}}
	return client.Do(req)
}

func post(url string, body []byte) error {
	resp, err := send(url, body)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	answer, _ := io.ReadAll(resp.Body)
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s: %s: %s", url, resp.Status, answer)
	}
	return nil
}

// NewLogs makes an empty batch of a service and returns the place for its records.
func NewLogs(service string) (plog.Logs, plog.LogRecordSlice) {
	logs := plog.NewLogs()
	rl := logs.ResourceLogs().AppendEmpty()
	rl.Resource().Attributes().PutStr("service.name", service)
	return logs, rl.ScopeLogs().AppendEmpty().LogRecords()
}

// AddLog appends a record of now.
func AddLog(records plog.LogRecordSlice, severity plog.SeverityNumber, body string) plog.LogRecord {
	lr := records.AppendEmpty()
	lr.SetTimestamp(pcommon.NewTimestampFromTime(time.Now()))
	lr.SetSeverityNumber(severity)
	lr.SetSeverityText(severity.String())
	lr.Body().SetStr(body)
	return lr
}
