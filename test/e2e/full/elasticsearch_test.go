package full

import (
	"bytes"
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"github.com/otel-culprit/culprit/test/e2e/harness"
)

// elasticsearch is the Bulk API (https://www.elastic.co/docs/api/doc/elasticsearch/operation/operation-bulk), as strict as the real one:
// what it does not know is refused. It is away first, then takes a part.
type elasticsearch struct {
	t    *testing.T
	away int
	busy int                         // documents that are refused with 429
	docs map[string][]map[string]any // by index
}

func (e *elasticsearch) serve(w http.ResponseWriter, r request) {
	w.Header().Set("X-Elastic-Product", "Elasticsearch")
	assert.True(e.t, strings.EqualFold("ApiKey ZXhhbXBsZTpleGFtcGxl", r.Header.Get("Authorization")), "a scheme is the same in any case: RFC 9110, section 11.1")
	if e.away--; e.away >= 0 {
		w.WriteHeader(http.StatusBadGateway)
		return
	}
	assert.Equal(e.t, http.MethodPost, r.Method)
	assert.Equal(e.t, "/_bulk", r.URL.Path)
	assert.Contains(e.t, []string{"application/x-ndjson", "application/json", "application/vnd.elasticsearch+json; compatible-with=8"}, r.Header.Get("Content-Type"))
	assert.True(e.t, bytes.HasSuffix(r.Body, []byte("\n")), "the last line ends with a line feed")
	lines := strings.Split(strings.TrimSuffix(string(r.Body), "\n"), "\n")
	if !assert.Zero(e.t, len(lines)%2, "an action and a document each") {
		return
	}
	var items []string
	errors := false
	for i := 0; i < len(lines); i += 2 {
		var action struct {
			Create *struct {
				Index            string            `json:"_index"`
				ID               string            `json:"_id"`
				Pipeline         string            `json:"pipeline"`
				DynamicTemplates map[string]string `json:"dynamic_templates"`
				Require          bool              `json:"require_data_stream"`
			} `json:"create"`
		}
		if !assert.NoError(e.t, strict([]byte(lines[i]), &action), lines[i]) || !assert.NotNil(e.t, action.Create, "data streams take only create") {
			return
		}
		if e.busy--; e.busy >= 0 {
			errors = true
			items = append(items, fmt.Sprintf(`{"create":{"_index":%q,"status":429,"error":{"type":"es_rejected_execution_exception","reason":"queue is full"}}}`, action.Create.Index))
			continue
		}
		var doc map[string]any
		assert.NoError(e.t, json.Unmarshal([]byte(lines[i+1]), &doc))
		e.docs[action.Create.Index] = append(e.docs[action.Create.Index], doc)
		items = append(items, fmt.Sprintf(`{"create":{"_index":%q,"_id":"x","status":201,"result":"created"}}`, action.Create.Index))
	}
	w.Header().Set("Content-Type", "application/json")
	fmt.Fprintf(w, `{"took":1,"errors":%t,"items":[%s]}`, errors, strings.Join(items, ","))
}

// at follows keys into a document.
func at(doc any, path ...string) any {
	for _, key := range path {
		m, _ := doc.(map[string]any)
		doc = m[key]
	}
	return doc
}

func TestElasticsearch(t *testing.T) {
	e := &elasticsearch{t: t, away: 6, busy: 1, docs: map[string][]map[string]any{}} // away for longer than the exporter's default retries last
	r := record(t, e.serve)
	c := start(t, "elasticsearch.yaml", map[string]string{"ELASTICSEARCH_ENDPOINTS": "[" + r.URL + "]", "ELASTICSEARCH_API_KEY": "ZXhhbXBsZTpleGFtcGxl"})
	want := send(t, c)
	sendMetrics(t, c)
	docs := func() map[string][]map[string]any {
		r.mu.Lock()
		defer r.mu.Unlock()
		out := map[string][]map[string]any{}
		for index, list := range e.docs {
			out[index] = append(out[index], list...)
		}
		return out
	}
	// The exception of the span is a document of the logs, too.
	harness.Eventually(t, 100*time.Second, func() error {
		d := docs()
		if len(d["logs-generic.otel-default"]) < 2 || len(d["traces-generic.otel-default"]) < 2 || len(d["metrics-generic.otel-default"]) < 2 {
			var have []string
			for index, list := range d {
				have = append(have, fmt.Sprintf("%s: %d", index, len(list)))
			}
			return fmt.Errorf("%v", have)
		}
		return nil
	})
	require.Equal(t, 6, r.refused())
	issues := 0
	for index, list := range docs() {
		for _, doc := range list {
			assert.Equal(t, "checkout", at(doc, "resource", "attributes", "service.name"))
			assert.NotEmpty(t, doc["@timestamp"])
			if strings.HasPrefix(index, "metrics-") {
				continue
			}
			assert.Equal(t, want.trace, doc["trace_id"], index)
			if id := at(doc, "attributes", "issue.id"); id != nil {
				assert.Equal(t, want.issue, id)
				issues++
			}
		}
	}
	assert.Equal(t, 3, issues, "the span, its event and the log")
}

// TestElasticsearchKilled: what was acknowledged while Elasticsearch was away is in the queue on disk.
func TestElasticsearchKilled(t *testing.T) {
	e := &elasticsearch{t: t, away: 1 << 30, docs: map[string][]map[string]any{}}
	r := record(t, e.serve)
	c := start(t, "elasticsearch.yaml", map[string]string{"ELASTICSEARCH_ENDPOINTS": "[" + r.URL + "]", "ELASTICSEARCH_API_KEY": "ZXhhbXBsZTpleGFtcGxl"})
	send(t, c)
	harness.Eventually(t, 30*time.Second, func() error {
		if r.refused() == 0 {
			return fmt.Errorf("nothing was tried")
		}
		return nil
	})
	c.Kill()
	r.mu.Lock()
	e.away = 0
	r.mu.Unlock()
	c.Restart(t)
	harness.Eventually(t, 60*time.Second, func() error {
		r.mu.Lock()
		defer r.mu.Unlock()
		if n := len(e.docs["logs-generic.otel-default"]); n < 2 {
			return fmt.Errorf("%d documents of logs", n)
		}
		return nil
	})
}
