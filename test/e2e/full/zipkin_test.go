package full

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"

	"github.com/otel-culprit/culprit/test/e2e/harness"
)

// zipkinSpan is the Span of https://zipkin.io/zipkin-api/ (version 2); nothing else may be in it.
type zipkinSpan struct {
	TraceID, ID, ParentID, Kind, Name string
	Timestamp, Duration               int64 // microseconds
	Debug, Shared                     bool
	LocalEndpoint, RemoteEndpoint     struct {
		ServiceName, IPv4, IPv6 string
		Port                    int
	}
	Annotations []struct {
		Timestamp int64
		Value     string
	}
	Tags map[string]string
}

func TestZipkin(t *testing.T) {
	r := record(t, busyOnce(http.StatusAccepted))
	c := start(t, "zipkin.yaml", map[string]string{"ZIPKIN_ENDPOINT": r.URL + "/api/v2/spans"})
	want := send(t, c, tracesOnly)
	harness.Eventually(t, 40*time.Second, func() error {
		spans := map[string]zipkinSpan{}
		for _, q := range r.requests("/api/v2/spans") {
			assert.Equal(t, http.MethodPost, q.Method)
			assert.Equal(t, "application/json", q.Header.Get("Content-Type"))
			var list []zipkinSpan
			if !assert.NoError(t, strict(q.Body, &list)) {
				return nil
			}
			for _, s := range list {
				spans[s.Name] = s
			}
		}
		if r.refused() != 1 || len(spans) != 2 {
			return fmt.Errorf("%d refused, %d spans", r.refused(), len(spans))
		}
		server, charge := spans["post /pay"], spans["charge"]
		if server.ID == "" { // names are lower case in newer versions only
			server = spans["POST /pay"]
		}
		assert.Equal(t, want.trace, charge.TraceID)
		assert.Equal(t, want.trace, server.TraceID)
		assert.Equal(t, "SERVER", server.Kind)
		assert.Empty(t, server.ParentID)
		assert.Regexp(t, "^[0-9a-f]{16}$", charge.ID)
		assert.Equal(t, server.ID, charge.ParentID)
		assert.Equal(t, "checkout", charge.LocalEndpoint.ServiceName)
		assert.InDelta(t, time.Now().UnixMicro(), charge.Timestamp, float64(time.Hour.Microseconds()))
		assert.Positive(t, charge.Duration)
		assert.Equal(t, want.issue, charge.Tags["issue.id"])
		assert.NotEmpty(t, charge.Tags["error"])
		assert.NotEmpty(t, charge.Annotations)
		return nil
	})
}

// strict decodes JSON that may hold nothing unknown.
func strict(body []byte, into any) error {
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	return d.Decode(into)
}
