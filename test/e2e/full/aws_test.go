package full

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/test/e2e/harness"
)

// aws is moto behind a recorder that checks the signature of every request.
type aws struct {
	*recorder
	moto string
}

func startAWS(t *testing.T, service string) *aws {
	t.Helper()
	a := &aws{moto: harness.StartMoto(t)}
	a.recorder = record(t, func(w http.ResponseWriter, q request) {
		checkSigned(t, q, service)
		a.forward(t, w, q)
	})
	return a
}

func (a *aws) forward(t *testing.T, w http.ResponseWriter, q request) {
	req, err := http.NewRequest(q.Method, a.moto+q.URL.RequestURI(), bytes.NewReader(q.Raw))
	require.NoError(t, err)
	req.Header = q.Header.Clone()
	resp, err := http.DefaultClient.Do(req)
	if !assert.NoError(t, err) {
		return
	}
	defer resp.Body.Close()
	for name, values := range resp.Header {
		w.Header()[name] = values
	}
	w.WriteHeader(resp.StatusCode)
	_, _ = io.Copy(w, resp.Body)
}

// ask calls an API of moto.
func (a *aws) ask(t *testing.T, service, path, target string, in, out any) error {
	t.Helper()
	body, err := json.Marshal(in)
	require.NoError(t, err)
	req, err := http.NewRequest(http.MethodPost, a.moto+path, bytes.NewReader(body))
	require.NoError(t, err)
	req.Header.Set("Content-Type", "application/x-amz-json-1.1")
	req.Header.Set("Authorization", "AWS4-HMAC-SHA256 Credential="+awsKey+"/20260101/"+awsRegion+"/"+service+"/aws4_request, SignedHeaders=host, Signature=0")
	if target != "" {
		req.Header.Set("X-Amz-Target", target)
	}
	resp, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer resp.Body.Close()
	text, err := io.ReadAll(resp.Body)
	require.NoError(t, err)
	if resp.StatusCode != http.StatusOK {
		return fmt.Errorf("%s %s: %s: %s", path, target, resp.Status, text)
	}
	return json.Unmarshal(text, out)
}

// logEvents are the messages of a stream of CloudWatch Logs.
func (a *aws) logEvents(t *testing.T, group, stream string) (messages []string, err error) {
	t.Helper()
	var out struct{ Events []struct{ Message string } }
	err = a.ask(t, "logs", "/", "Logs_20140328.GetLogEvents", map[string]any{"logGroupName": group, "logStreamName": stream, "startFromHead": true}, &out)
	for _, e := range out.Events {
		messages = append(messages, e.Message)
	}
	return messages, err
}

func TestCloudWatchLogs(t *testing.T) {
	a := startAWS(t, "logs")
	c := start(t, "cloudwatch-logs.yaml", awsEnv(map[string]string{"AWS_ENDPOINT": a.URL, "LOG_GROUP": "/shop/logs"}))
	want := send(t, c, logsOnly)
	var messages []string
	harness.Eventually(t, 60*time.Second, func() (err error) {
		if messages, err = a.logEvents(t, "/shop/logs", "checkout"); err == nil && len(messages) == 0 {
			err = fmt.Errorf("no events")
		}
		return err
	})
	require.Len(t, messages, 1)
	var got struct {
		Body       string
		TraceID    string `json:"trace_id"`
		Attributes map[string]any
		Resource   map[string]any
	}
	require.NoError(t, json.Unmarshal([]byte(messages[0]), &got))
	assert.Equal(t, want.trace, got.TraceID)
	assert.Equal(t, want.issue, got.Attributes["issue.id"])
	assert.Equal(t, "checkout", got.Resource["service.name"])
	assert.Contains(t, got.Body, "[EMAIL]")
	var groups struct {
		LogGroups []struct{ RetentionInDays int }
	}
	require.NoError(t, a.ask(t, "logs", "/", "Logs_20140328.DescribeLogGroups", map[string]any{"logGroupNamePrefix": "/shop/logs"}, &groups))
	require.Len(t, groups.LogGroups, 1)
	assert.Equal(t, 30, groups.LogGroups[0].RetentionInDays)
}

func TestXRay(t *testing.T) {
	a := startAWS(t, "xray")
	c := start(t, "xray.yaml", awsEnv(map[string]string{"AWS_ENDPOINT": a.URL}))
	want := send(t, c, tracesOnly)
	id := "1-" + want.trace[:8] + "-" + want.trace[8:]
	var traces struct {
		Traces []struct {
			ID       string `json:"Id"`
			Segments []struct{ Document string }
		}
	}
	harness.Eventually(t, 60*time.Second, func() error {
		if err := a.ask(t, "xray", "/Traces", "", map[string]any{"TraceIds": []string{id}}, &traces); err != nil {
			return err
		}
		if len(traces.Traces) == 0 || len(traces.Traces[0].Segments) < 2 {
			return fmt.Errorf("%d traces", len(traces.Traces))
		}
		return nil
	})
	require.NotEmpty(t, a.requests("/TraceSegments"), "PutTraceSegments")
	found := false
	for _, s := range traces.Traces[0].Segments {
		// https://docs.aws.amazon.com/xray/latest/devguide/xray-api-segmentdocuments.html
		var doc struct {
			Name, ID    string
			TraceID     string  `json:"trace_id"`
			StartTime   float64 `json:"start_time"`
			EndTime     float64 `json:"end_time"`
			Fault       bool
			Annotations map[string]any
			Cause       struct {
				Exceptions []struct {
					Type, Message string
					Stack         []struct {
						Path, Label string
						Line        int
					}
				}
			}
		}
		require.NoError(t, json.Unmarshal([]byte(s.Document), &doc))
		assert.Equal(t, id, doc.TraceID)
		assert.Regexp(t, "^[0-9a-f]{16}$", doc.ID)
		assert.Less(t, doc.StartTime, doc.EndTime)
		if doc.Fault {
			found = true
			assert.Equal(t, want.issue, doc.Annotations["issue.id"])
			require.NotEmpty(t, doc.Cause.Exceptions)
			assert.Equal(t, "shop.CardError", doc.Cause.Exceptions[0].Type)
			require.NotEmpty(t, doc.Cause.Exceptions[0].Stack)
			assert.Equal(t, "/app/shop/cart.py", doc.Cause.Exceptions[0].Stack[0].Path)
		}
	}
	assert.True(t, found, "a segment with a fault")
}

// TestEMF: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
func TestEMF(t *testing.T) {
	a := startAWS(t, "logs")
	c := start(t, "emf.yaml", awsEnv(map[string]string{"AWS_ENDPOINT": a.URL, "LOG_GROUP": "/shop/metrics", "METRICS_NAMESPACE": "Shop", "METRICS_INTERVAL": "1s", "SETTLE": "0s"}))
	want := send(t, c)
	sendMetrics(t, c)
	harness.Eventually(t, 60*time.Second, func() error {
		messages, err := a.logEvents(t, "/shop/metrics", "culprit")
		if err != nil {
			return err
		}
		var orders, occurrences float64
		for _, m := range messages {
			var doc map[string]any
			require.NoError(t, json.Unmarshal([]byte(m), &doc))
			var head struct {
				AWS struct {
					Timestamp         int64
					CloudWatchMetrics []struct {
						Namespace  string
						Dimensions [][]string
						Metrics    []struct {
							Name, Unit        string
							StorageResolution int
						}
					}
				} `json:"_aws"`
			}
			require.NoError(t, json.Unmarshal([]byte(m), &head))
			require.NotEmpty(t, head.AWS.CloudWatchMetrics)
			assert.InDelta(t, time.Now().UnixMilli(), head.AWS.Timestamp, float64(time.Hour.Milliseconds()))
			for _, directive := range head.AWS.CloudWatchMetrics {
				assert.Equal(t, "Shop", directive.Namespace)
				for _, metric := range directive.Metrics {
					assert.Contains(t, doc, metric.Name, "each metric has its value")
				}
				for _, set := range directive.Dimensions {
					assert.LessOrEqual(t, len(set), 30)
					for _, name := range set {
						assert.IsType(t, "", doc[name], "each dimension has its value")
					}
				}
			}
			if v, ok := doc["orders"].(float64); ok {
				orders += v
			}
			if v, ok := doc["issue.occurrences"].(float64); ok && doc["issue.id"] == want.issue {
				occurrences += v
			}
		}
		if orders != 5 || occurrences != 1 {
			return fmt.Errorf("orders %v, occurrences %v in:\n%s", orders, occurrences, strings.Join(messages, "\n"))
		}
		return nil
	})
}
